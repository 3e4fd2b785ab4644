// What became of a letter, under the random id of its 250: one file a day, forgotten after a week. No address, no letter id.

import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { TraceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';

export interface TraceStepAt {
  readonly atMs: number;
  readonly step: string;
}

const FLUSH_EVERY_MS = 1_000;
const DAY_MS = 86_400_000;
const FILE_PATTERN = /^\d{4}-\d{2}-\d{2}\.trace$/;

/** Steps wait up to a second in memory, then go to the day's file; a crash forgets at most that second. */
export class TraceLog {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  #waiting: string[] = [];
  #flushed: Promise<void> = Promise.resolve();
  #prunedDay = '';

  private constructor(directory: string, clock: Clock, log: Log) {
    this.#directory = directory;
    this.#clock = clock;
    this.#log = log;
    this.#timer = setInterval(() => void this.flush(), FLUSH_EVERY_MS);
    this.#timer.unref();
  }

  static async open(directory: string, clock: Clock, log: Log): Promise<TraceLog> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new TraceLog(directory, clock, log);
  }

  note(id: TraceId, step: string): void {
    if (this.#waiting.length >= limits.trace.entriesMax) return; // the disk does not take them: letters matter more
    this.#waiting.push(`${id} ${this.#clock.nowMs()} ${step}\n`);
  }

  /** All steps of an id in order; empty when it is unknown or forgotten. */
  async find(id: TraceId): Promise<readonly TraceStepAt[]> {
    await this.flush();
    const steps: TraceStepAt[] = [];
    for (const name of await this.#files()) {
      const text = await readFile(join(this.#directory, name), 'utf8').catch(() => '');
      for (let at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
        const [, atMs, step] = text.slice(at, text.indexOf('\n', at)).split(' ');
        if (atMs !== undefined && step !== undefined) steps.push({ atMs: Number(atMs), step });
      }
    }
    return steps.toSorted((a, b) => a.atMs - b.atMs);
  }

  flush(): Promise<void> {
    this.#flushed = this.#flushed
      .then(() => this.#write())
      .catch((cause: unknown) => this.#log.fault('trace not written', cause));
    return this.#flushed;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.flush();
  }

  async #write(): Promise<void> {
    const lines = this.#waiting;
    this.#waiting = [];
    const day = new Date(this.#clock.nowMs()).toISOString().slice(0, 10);
    if (lines.length > 0) await appendFile(join(this.#directory, `${day}.trace`), lines.join(''), { mode: 0o600 });
    if (day !== this.#prunedDay) await this.#forget(day);
  }

  async #forget(day: string): Promise<void> {
    const oldest = new Date(Date.parse(day) - limits.trace.keepDays * DAY_MS).toISOString().slice(0, 10);
    for (const name of await this.#files())
      if (name.slice(0, 10) < oldest) await rm(join(this.#directory, name), { force: true });
    this.#prunedDay = day;
  }

  async #files(): Promise<readonly string[]> {
    return (await readdir(this.#directory)).filter((name) => FILE_PATTERN.test(name)).toSorted();
  }
}
