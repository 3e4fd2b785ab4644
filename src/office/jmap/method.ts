// What one JMAP method is: a name, the capability it belongs to, and what it does for one account.

import type { Clock } from '#base/clock.ts';
import type { AccountId, SessionId } from '#base/ids.ts';
import type { Log } from '#base/log/log.ts';
import type { Mutexes } from '#base/mutexes.ts';
import type { Result } from '#base/result.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import type { Reader } from '#vault/database/reader.ts';
import type { Journal } from '#vault/journal/journal.ts';
import type { Outbox } from '#post/delivery/outbox.ts';
import type { OwnCopy, SubmitOutcome } from '#post/reception/submit.ts';
import type { LetterPlace } from '#post/wire/letter-place.ts';
import type { ChangeDoor } from './change-door.ts';
import type { KeyDirectory } from './recipients/key-directory.ts';
import type { UploadStore } from './blobs/upload-store.ts';

/** What sending needs of the rest of the house. */
export interface Sending {
  readonly outbox: Outbox;
  /** Seals a letter in the clear for the account itself, as the door does; undefined: stock clients cannot create letters. */
  readonly keepOwnCopy?: (copy: OwnCopy) => Promise<SubmitOutcome['outcome']>;
  /** Letters with documents go there in memory and never into the queue; undefined: this house works on none. */
  readonly documents?: LetterPlace | undefined;
}

/** What methods may use of the house. */
export interface House {
  readonly log: Log;
  readonly clock: Clock;
  readonly reader: Reader;
  readonly door: ChangeDoor;
  /** By the journal's number; undefined: not on this machine. */
  readonly findJournal: (journal: number) => Journal | undefined;
  readonly uploads: UploadStore;
  /** What the ledger sums of a letter: HMAC of its id and its packet's digest, under a key this room does not have. */
  readonly ledgerElement: (letterId: Uint8Array, packetDigest: Uint8Array) => Uint8Array;
  /** undefined: this house looks up no keys. */
  readonly keys: KeyDirectory | undefined;
  /** undefined: this house does not send. */
  readonly sending: Sending | undefined;
  /** Changes of one account happen one after the other, so that what was checked still holds when it is done. */
  readonly queue: Mutexes<AccountId>;
}

/** Who asks, and what the request has made so far. */
export interface Call {
  readonly house: House;
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  readonly using: ReadonlySet<string>;
  /** Creation id → id, over all calls of one request. */
  readonly createdIds: Map<string, string>;
  /** Calls that a method makes behind itself; answered under its call id. */
  readonly following: { readonly name: string; readonly args: Members }[];
}

export type Members = Readonly<Record<string, unknown>>;
/** `accountId` is read and answered by the dispatcher. */
export type MethodResult = Result<Members, MethodError>;

export interface Method {
  readonly name: string;
  readonly capability: string;
  /** False for Core/echo alone: its arguments are the answer. */
  readonly hasAccount: boolean;
  /** True when the same call twice may differ or something lasts: it runs in the account's queue. */
  readonly isChange: boolean;
  run(args: Members, call: Call): Promise<MethodResult>;
}

/** A method that only reads. */
export function reading(name: string, capability: string, run: Method['run']): Method {
  return { name, capability, hasAccount: true, isChange: false, run };
}

/** A method that changes. */
export function changing(name: string, capability: string, run: Method['run']): Method {
  return { name, capability, hasAccount: true, isChange: true, run };
}

/** "#name" → the id made under that creation id; anything else as it is; undefined: no such creation. */
export function resolveId(text: string, createdIds: ReadonlyMap<string, string>): string | undefined {
  return text.startsWith('#') ? createdIds.get(text.slice(1)) : text;
}
