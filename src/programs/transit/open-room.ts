// The room as the program that started it sees it: a process that is started anew when it dies, and the letters that it was working on then.

import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { runtimeFlags } from '#base/config/read.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { TransitRoom } from '#post/transit/control/room.ts';
import type { HandedIn } from '#post/transit/door/door.ts';
import type { WireRefusal } from '#post/wire/conduct.ts';
import { rinsing, type IdleWipe } from './idle-wipe.ts';
import { memoryKills } from './memory-kills.ts';
import {
  answerFrom,
  askRoom,
  type Handlers,
  type OfProgram,
  type RoomOpened,
  type RoomOpenRefusal,
  type RoomOrder,
} from './room-questions.ts';
import { endOf, portOf, ROOM_LOCKS, startRoomProcess, type ProcessEnd, type RoomLocks } from './start-process.ts';
import { createTalk, type AnswerWay, type Talk } from './talk.ts';

type AllHandlers = Handlers<OfProgram, AnswerWay>;
/** Without `findRecorded` only receipts of this start are found. */
export type RoomHandlers = Omit<AllHandlers, 'noteWork' | 'rinse' | 'findRecorded'> &
  Partial<Pick<AllHandlers, 'findRecorded'>>;
export type RoomRequest = Omit<RoomOrder, 'crashes' | 'parentFlags'>;

export interface RoomProcess extends AsyncDisposable {
  /** Of the newest start. */
  readonly facts: RoomOpened;
  readonly room: TransitRoom;
  /** Undefined: it is just being started. */
  readonly pid: number | undefined;
  /** A letter that came to a door of the house. */
  take(letter: HandedIn): Promise<Result<string, WireRefusal>>;
  hasRoomFor(sizeBytes: number): Promise<boolean>;
  /** Ends the process, whose memory is the kernel's again, and starts another. */
  renew(): Promise<void>;
  useCertificate(pair: { readonly keyPem: string; readonly certificatePem: string }): void;
}

export interface RoomStart {
  readonly log: Log;
  /** For tests: a room with another workshop. */
  readonly entry?: URL;
  readonly locks?: RoomLocks;
  /** Of this process; the runner of tests gives each file every flag there is. */
  readonly flags?: readonly string[];
  /** Of this process: it wipes itself after what the room sends it, too. */
  readonly wipe?: IdleWipe;
  /** For tests. */
  readonly idleMs?: number;
}

export type RoomStartRefusal = RoomOpenRefusal | { readonly kind: 'not-started' };

/** Nobody but the kernel kills for want of memory, and then it counts that. */
const BY_SOMEBODY: ReadonlySet<NodeJS.Signals> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);
const ENTRY = new URL('room-main.ts', import.meta.url);
const RENEW_TRIES = 400;
const LOOK_MS = 60_000;
const PAUSE_MS_MIN = 50;
const PAUSE_MS_MAX = 5_000;
const CLOSE_WAIT_MS = 10_000;

export async function openRoom(
  request: RoomRequest,
  handlers: RoomHandlers,
  start: RoomStart,
): Promise<Result<RoomProcess, RoomStartRefusal>> {
  const watched = new WatchedRoom(request, handlers, start);
  const opened = await watched.open();
  return opened.ok ? ok(watched) : opened;
}

interface Living {
  readonly child: ChildProcess;
  readonly talk: Talk;
  readonly facts: RoomOpened;
}

class WatchedRoom implements RoomProcess {
  readonly room: TransitRoom;
  readonly #start: RoomStart;
  readonly #handlers: RoomHandlers;
  /** Letters at work, by key; and how often the process died of itself while each was. */
  readonly #working = new Set<string>();
  readonly #crashes = new Map<string, number>();
  /** Since the newest start; undefined: nothing was worked on. */
  #workedMs: number | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #request: RoomRequest;
  #living: Living | undefined;
  #facts: RoomOpened | undefined;
  readonly #closing = new AbortController();
  #isClosing = false;

  constructor(request: RoomRequest, handlers: RoomHandlers, start: RoomStart) {
    this.#request = request;
    this.#handlers = handlers;
    this.#start = start;
    this.room = {
      optimise: async (order, { signal, onProgress }) => {
        const letter = `page ${randomUUID()}`;
        await this.#note({ letter, isBegun: true });
        // whatever the room says on the way is progress
        const asked = this.#ask('optimise', order, { signal, onNote: (note) => onProgress(note as never) });
        return asked
          .catch(() => err({ kind: 'closed' } as const))
          .finally(() => void this.#note({ letter, isBegun: false }));
      },
      selfCheck: async () => this.facts.selfCheck,
      counters: () => this.#ask('counters', undefined),
      findReceipt: (job) => this.#ask('findReceipt', job),
    };
  }

  get facts(): RoomOpened {
    if (this.#facts === undefined) throw new Error('the room was not opened');
    return this.#facts;
  }

  get pid(): number | undefined {
    return this.#living?.child.pid;
  }

  async open(): Promise<Result<void, RoomStartRefusal>> {
    const killsBefore = memoryKills();
    const child = startRoomProcess(this.#start.entry ?? ENTRY, this.#start.locks ?? ROOM_LOCKS);
    const talk = createTalk(
      portOf(child),
      answerFrom<OfProgram, AnswerWay>({
        findRecorded: async () => undefined,
        ...this.#handlers,
        noteWork: (note) => this.#note(note),
        rinse: () => {
          const zeros = Promise.resolve(rinsing());
          return this.#start.wipe?.after(zeros) ?? zeros;
        },
      }),
    );
    const ended = endOf(child).then((end) => this.#blame(end, memoryKills() > killsBefore));
    const order: RoomOrder = {
      ...this.#request,
      crashes: [...this.#crashes],
      parentFlags: this.#start.flags ?? runtimeFlags(),
    };
    const opened = await askRoom(talk, 'open', order).catch(() => err({ kind: 'not-started' } as const));
    if (!opened.ok) {
      child.kill('SIGKILL');
      await ended;
      return opened;
    }
    this.#facts = opened.value;
    this.#keepPlaces(opened.value);
    this.#living = { child, talk, facts: opened.value };
    this.#workedMs = undefined;
    const idleMs = this.#start.idleMs ?? limits.transit.dwellMs;
    this.#renewal ??= setInterval(() => void this.#renewIdle(idleMs), Math.min(idleMs, LOOK_MS)).unref();
    void ended.then((isOwnFault) => this.#died(isOwnFault));
    return ok(undefined);
  }

  async take(letter: HandedIn): Promise<Result<string, WireRefusal>> {
    return this.#ask('take', letter).catch(() => err({ kind: 'transitClosed' } as const));
  }

  hasRoomFor(sizeBytes: number): Promise<boolean> {
    return this.#ask('hasRoomFor', sizeBytes).catch(() => false);
  }

  useCertificate(pair: { readonly keyPem: string; readonly certificatePem: string }): void {
    this.#request = { ...this.#request, tls: pair };
    this.#ask('useCertificate', pair).catch((cause: unknown) => this.#start.log.fault('transit.certificate', cause));
  }

  async renew(): Promise<void> {
    const living = this.#living;
    if (living === undefined) return;
    this.#workedMs = undefined;
    await askRoom(living.talk, 'close', undefined).catch(() => undefined);
    living.child.kill('SIGTERM');
    for (let tries = 0; tries < RENEW_TRIES && (this.#living ?? living) === living; tries++) await wait(PAUSE_MS_MIN);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    this.#closing.abort();
    clearInterval(this.#renewal);
    const living = this.#living;
    this.#living = undefined;
    if (living === undefined) return;
    const exited = new Promise((resolve) => living.child.once('exit', resolve));
    const timer = setTimeout(() => living.child.kill('SIGKILL'), CLOSE_WAIT_MS);
    await askRoom(living.talk, 'close', undefined).catch(() => undefined);
    living.child.kill('SIGTERM');
    if (living.child.exitCode === null && living.child.signalCode === null) await exited;
    clearTimeout(timer);
  }

  /** Senders that wait at a port find it again: after a start with any free port it stays the same. */
  #keepPlaces({ smtpPort, httpUrl }: RoomOpened): void {
    const { smtp, http, origin } = this.#request;
    const httpPort = origin === undefined && httpUrl !== undefined ? Number(new URL(httpUrl).port) : undefined;
    this.#request = {
      ...this.#request,
      smtp: smtp && { ...smtp, port: smtpPort ?? smtp.port },
      http: http && { ...http, port: httpPort ?? http.port },
    };
  }

  #ask: <K extends Parameters<typeof askRoom>[1]>(
    question: K,
    ...rest: [Parameters<typeof askRoom<K>>[2], Parameters<typeof askRoom<K>>[3]?]
  ) => ReturnType<typeof askRoom<K>> = (question, asked, way) => {
    const living = this.#living;
    return living === undefined
      ? Promise.reject(new Error('the room is not there'))
      : askRoom(living.talk, question, asked, way);
  };

  #note({ letter, isBegun }: { readonly letter: string; readonly isBegun: boolean }): Promise<undefined> {
    if (isBegun) this.#working.add(letter);
    else this.#working.delete(letter);
    this.#workedMs = performance.now();
    return Promise.resolve(undefined);
  }

  /** The kernel wipes what JavaScript cannot: a process that worked, and has had nothing to do for an hour, is replaced. Nothing waits in it then. */
  async #renewIdle(idleMs: number): Promise<void> {
    const living = this.#living;
    const isIdle = this.#workedMs !== undefined && performance.now() - this.#workedMs >= idleMs;
    if (living !== undefined && isIdle && this.#working.size === 0) await this.renew();
  }

  /** Killed by somebody, no letter is to blame; a process that dies of itself, or is killed by the kernel for its memory, may have died of one that it was working on, be it before it said that it is open. */
  #blame({ code, signal }: ProcessEnd, isMemoryShort: boolean): boolean {
    const isOwnFault =
      signal === null ? code !== 0 : !BY_SOMEBODY.has(signal) || (signal === 'SIGKILL' && isMemoryShort);
    const letters = [...this.#working].filter((letter) => !letter.startsWith('page '));
    if (isOwnFault) for (const letter of letters) this.#crashes.set(letter, (this.#crashes.get(letter) ?? 0) + 1);
    while (this.#crashes.size > limits.transit.jobsKnownMax) this.#crashes.delete([...this.#crashes.keys()][0] ?? '');
    this.#working.clear();
    return isOwnFault;
  }

  #died(isOwnFault: boolean): void {
    this.#living = undefined;
    if (this.#isClosing) return;
    this.#start.log.warn('transit.roomDied', { isOwnFault });
    void this.#startAnew();
  }

  async #startAnew(): Promise<void> {
    for (let pauseMs = PAUSE_MS_MIN; !this.#isClosing; pauseMs = Math.min(2 * pauseMs, PAUSE_MS_MAX)) {
      // while it waits, nothing else may keep a program alive that has only this room
      await wait(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      if (this.#isClosing) return;
      const opened = await this.open();
      if (opened.ok) return;
      this.#start.log.error('transit.roomNotStarted', { reason: opened.error.kind });
    }
  }
}
