// Places where workers of one job stand: each has one worker at a time, begun when first needed and replaced when it is gone.

import { limits } from '#base/limits.ts';
import type { Result } from '#base/result.ts';
import type { Slots } from '../control/slots.ts';
import type { Question, Work } from './messages.ts';
import type { Role, StartWorker, Worker, WorkRefusal } from './start-worker.ts';

/** One worker of a role; questions wait for one another. */
export class Station {
  readonly #start: StartWorker;
  readonly #role: Role;
  #worker: Worker | undefined;
  #isClosed = false;
  #before: Promise<unknown> = Promise.resolve();

  constructor(start: StartWorker, role: Role) {
    this.#start = start;
    this.#role = role;
  }

  /** `make` sees whether the worker is fresh and knows nothing of earlier questions. */
  ask<K extends Question>(
    question: K,
    make: (isFresh: boolean) => Work[K]['order'],
    waitMs: number,
  ): Promise<Result<Work[K]['answer'], WorkRefusal>> {
    const asked = this.#before.then(() => this.#ask(question, make, waitMs));
    this.#before = asked;
    return asked;
  }

  /** Its worker dies at once, whatever it does, and no other begins. */
  close(): void {
    this.#isClosed = true;
    this.#worker?.kill();
  }

  async #ask<K extends Question>(
    question: K,
    make: (isFresh: boolean) => Work[K]['order'],
    waitMs: number,
  ): Promise<Result<Work[K]['answer'], WorkRefusal>> {
    if (this.#isClosed) return { ok: false, error: { kind: 'workerFailed', isGone: true } };
    const isFresh = this.#worker === undefined;
    this.#worker ??= this.#start(this.#role);
    const done = await this.#worker.ask(question, make(isFresh), waitMs + (isFresh ? limits.transit.startWaitMs : 0));
    if (!done.ok) {
      // what a parser left behind when it gave up is not trusted with the next file
      this.#worker.kill();
      this.#worker = undefined;
    }
    return done;
  }
}

/** Some stations for pages, each remembering which file it has; pages are taken in the order they were asked for. */
export class PageStations {
  readonly #free: PageStation[];
  readonly #all: readonly PageStation[];
  readonly #slots: Slots;
  readonly #waiting: ((station: PageStation) => void)[] = [];

  constructor(start: StartWorker, slots: Slots, count: number) {
    this.#all = Array.from({ length: count }, () => ({ station: new Station(start, 'page'), file: undefined }));
    this.#free = [...this.#all];
    this.#slots = slots;
  }

  async ask(file: object, order: Work['page']['order']): Promise<Result<Work['page']['answer'], WorkRefusal>> {
    const place = await this.#take(file);
    const give = await this.#slots.take();
    try {
      const isKnown = place.file === file;
      place.file = file;
      return await place.station.ask(
        'page',
        (isFresh) => (isKnown && !isFresh ? { ...order, bytes: undefined } : order),
        limits.transit.pageWaitMs,
      );
    } finally {
      give?.();
      this.#give(place);
    }
  }

  close(): void {
    for (const { station } of this.#all) station.close();
  }

  async #take(file: object): Promise<PageStation> {
    const knows = this.#free.findIndex((place) => place.file === file);
    const [place] = this.#free.splice(Math.max(0, knows), 1);
    if (place !== undefined) return place;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #give(place: PageStation): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(place);
    else next(place);
  }
}

interface PageStation {
  readonly station: Station;
  file: object | undefined;
}
