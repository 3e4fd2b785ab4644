// Answers by program: once a week to one author, so many in a day, sent from nobody, and noted in the register when a peer has it.

import * as v from 'valibot';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import type { ArrivalId, Digest } from '#formats/desk/model.ts';

/** Who was answered lately, as it outlives a restart. */
export interface AnsweredStore {
  /** Undefined when nothing was written yet. */
  read(): Promise<string | undefined>;
  /** Resolves when it is on the medium. */
  write(text: string): Promise<void>;
}

export type SentTo = 'taken' | 'later' | 'refused';

export interface AnswersParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly store: AnsweredStore;
  /** Of an address, so that the store names nobody. */
  readonly markOf: (address: string) => string;
  /** From the null sender. Never rejects for what a peer says. */
  readonly send: (to: string, letter: Uint8Array) => Promise<SentTo>;
  readonly note: (answer: SentAnswer) => Promise<void>;
  /** For tests. */
  readonly waitsMs?: readonly number[];
}

export interface SentAnswer {
  readonly arrival: ArrivalId;
  readonly letter: Uint8Array;
  readonly policy: Digest;
  readonly rule: string;
}

const listShape = v.pipe(
  v.string(),
  v.parseJson(),
  v.strictObject({ v: v.literal(1), answered: v.array(v.strictObject({ mark: v.string(), atMs: v.number() })) }),
);
type Mark = v.InferOutput<typeof listShape>['answered'][number];

export class AutomaticAnswers implements Disposable {
  readonly #parts: AnswersParts;
  readonly #timers = new Set<NodeJS.Timeout>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: AnswersParts) {
    this.#parts = parts;
  }

  /**
   * True for one caller a week, and durably: who crashes behind it has answered nobody, and nobody is answered twice. What cannot be
   * remembered is not answered.
   */
  claim(address: string): Promise<boolean> {
    const claimed = this.#last.then(() => this.#claim(address));
    this.#last = claimed.catch(() => undefined);
    return claimed.catch((cause: unknown) => {
      this.#parts.log.fault('desk.answersNotRemembered', cause);
      return false;
    });
  }

  /** Tried again for some hours, in memory only. */
  async send(to: string, answer: SentAnswer): Promise<void> {
    const { waitsMs = limits.deskArrival.answerTriesMs } = this.#parts;
    await this.#try(to, answer, waitsMs);
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async #try(to: string, answer: SentAnswer, [waitMs, ...later]: readonly number[]): Promise<void> {
    const { send, note, log } = this.#parts;
    const sent = await send(to, answer.letter).catch((cause: unknown) => {
      log.fault('desk.answerFailed', cause);
      return 'refused' as const;
    });
    if (sent === 'taken') return note(answer);
    if (sent === 'refused' || waitMs === undefined) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#try(to, answer, later).catch((cause: unknown) => log.fault('desk.answerNotNoted', cause));
    }, waitMs);
    timer.unref();
    this.#timers.add(timer);
  }

  async #claim(address: string): Promise<boolean> {
    const { clock, store, markOf } = this.#parts;
    const { answerAgainMs, answersPerDay } = limits.deskArrival;
    const nowMs = clock.nowMs();
    const known = parseMarks(await store.read()).filter(({ atMs }) => atMs > nowMs - answerAgainMs);
    const mark = markOf(address);
    if (known.some((one) => one.mark === mark)) return false;
    if (known.filter(({ atMs }) => atMs > nowMs - 86_400_000).length >= answersPerDay) return false;
    await store.write(JSON.stringify({ v: 1, answered: [...known, { mark, atMs: nowMs }] }));
    return true;
  }
}

/** Throws for what is no list of ours: then nobody is answered. */
function parseMarks(text: string | undefined): readonly Mark[] {
  return text === undefined ? [] : v.parse(listShape, text).answered;
}
