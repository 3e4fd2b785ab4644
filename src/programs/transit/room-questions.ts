// What the room and the program that started it ask each other, typed: both ends are this program, so a value is taken for what its question says.

import type { ClockSetting, DnsServer } from '#base/config/values.ts';
import type { Result } from '#base/result.ts';
import type { OptimiseOrder } from '#post/transit/contract.ts';
import type { ControlBounds } from '#post/transit/control/controller.ts';
import type { Handed, RoomCounters, RoomRefusal } from '#post/transit/control/room.ts';
import type { HandOver, OutgoingAnswer } from '#post/transit/control/transit-letter.ts';
import type { HandedIn, Registered } from '#post/transit/door/door.ts';
import type { DeletionReceipt, FoundReceipt } from '#post/transit/report/receipt.ts';
import type { FindingKind, SelfCheck } from '#post/transit/report/self-check.ts';
import type { StoreFault } from '#post/transit/store/check-redis.ts';
import type { WireRefusal } from '#post/wire/conduct.ts';
import type { StorePlace } from './open-store-place.ts';
import type { AskWay, Talk } from './talk.ts';

/** A listening place of the room's own. */
export interface RoomPlace {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
}

/** All that the room gets from outside: it reads no option, no key file and no environment. */
export interface RoomOrder {
  readonly domain: string;
  readonly clock: ClockSetting | undefined;
  /** Undefined: letters come from the doors of the house. */
  readonly smtp: RoomPlace | undefined;
  /** Undefined: the page is served by the house. */
  readonly http: (RoomPlace & { readonly code: string | undefined }) | undefined;
  /** As people type it, without a slash at its end. */
  readonly origin: string | undefined;
  readonly tls: { readonly keyPem: string; readonly certificatePem: string } | undefined;
  readonly dns: readonly DnsServer[];
  /** Knows letters again: the same after a restart. */
  readonly key: Uint8Array;
  /** Of the Ed25519 key that signs receipts. */
  readonly signingSeed: Uint8Array;
  readonly accepted: readonly FindingKind[];
  /** Undefined: documents lie in the room's own memory. */
  readonly store?: StorePlace | undefined;
  /** Flags of the runtime that started the room. */
  readonly parentFlags: readonly string[];
  readonly crashes: readonly (readonly [letter: string, count: number])[];
  /** For tests. */
  readonly bounds?: Partial<ControlBounds>;
}

export interface RoomOpened {
  readonly smtpPort: number | undefined;
  readonly httpUrl: string | undefined;
  readonly selfCheck: SelfCheck;
}

export type RoomOpenRefusal =
  | { readonly kind: 'unsafe'; readonly selfCheck: SelfCheck }
  | { readonly kind: 'store'; readonly faults: readonly StoreFault[] }
  | { readonly kind: 'cannot-listen'; readonly what: 'smtp' | 'http'; readonly code: string };

/** What the room answers. */
export interface OfRoom {
  open: { readonly asked: RoomOrder; readonly answer: Result<RoomOpened, RoomOpenRefusal> };
  /** From a door of the house. */
  take: { readonly asked: HandedIn; readonly answer: Result<string, WireRefusal> };
  hasRoomFor: { readonly asked: number; readonly answer: boolean };
  optimise: { readonly asked: OptimiseOrder; readonly answer: Result<Handed, RoomRefusal> };
  counters: { readonly asked: undefined; readonly answer: RoomCounters };
  findReceipt: { readonly asked: string; readonly answer: FoundReceipt | undefined };
  useCertificate: {
    readonly asked: { readonly keyPem: string; readonly certificatePem: string };
    readonly answer: undefined;
  };
  close: { readonly asked: undefined; readonly answer: undefined };
}

/** The room's four questions, the note by which whoever sees it die knows what was at work, and zeros both ways, read over what was read before. */
export interface OfProgram {
  maySend: { readonly asked: string; readonly answer: Registered };
  deliver: { readonly asked: OutgoingAnswer; readonly answer: HandOver };
  record: { readonly asked: DeletionReceipt; readonly answer: undefined };
  /** A receipt of an earlier start, by the id of its job: from the book. */
  findRecorded: { readonly asked: string; readonly answer: FoundReceipt | undefined };
  noteWork: { readonly asked: { readonly letter: string; readonly isBegun: boolean }; readonly answer: undefined };
  rinse: { readonly asked: Uint8Array; readonly answer: Uint8Array };
}

export async function askRoom<K extends keyof OfRoom>(
  talk: Talk,
  question: K,
  asked: OfRoom[K]['asked'],
  way?: AskWay,
): Promise<OfRoom[K]['answer']> {
  return (await talk.ask(question, asked, way)) as OfRoom[K]['answer'];
}

export async function askProgram<K extends keyof OfProgram>(
  talk: Talk,
  question: K,
  asked: OfProgram[K]['asked'],
): Promise<OfProgram[K]['answer']> {
  return (await talk.ask(question, asked)) as OfProgram[K]['answer'];
}

/** A handler of one question, for the table of a side. */
export type Handlers<
  Q extends Readonly<Record<keyof Q, { readonly asked: unknown; readonly answer: unknown }>>,
  Way,
> = {
  readonly [K in keyof Q]: (asked: Q[K]['asked'], way: Way) => Promise<Q[K]['answer']>;
};

/** Rejects for a question that nobody asks. */
export function answerFrom<
  Q extends Readonly<Record<keyof Q, { readonly asked: unknown; readonly answer: unknown }>>,
  Way,
>(handlers: Handlers<Q, Way>): (question: string, value: unknown, way: Way) => Promise<unknown> {
  const table = new Map<string, (asked: never, way: Way) => Promise<unknown>>(Object.entries(handlers));
  return async (question, value, way) => {
    const handler = table.get(question);
    if (handler === undefined) throw new Error('there is no such question');
    return handler(value as never, way);
  };
}
