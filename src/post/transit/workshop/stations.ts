// Places where workers of one job stand: each has one worker at a time, begun when first needed and replaced when it is gone.

import { systemClock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { PageText } from '../contract.ts';
import type { Slots } from '../control/slots.ts';
import { readInItsLanguage, type FrenchShare } from '../text/french.ts';
import { joinTexts } from './join-texts.ts';
import type { LowerPart, PageDone, Question, Work } from './messages.ts';
import type { Role, StartWorker, Worker, WorkRefusal } from './start-worker.ts';

type Done<K extends Question> = Promise<Result<Work[K]['answer'], WorkRefusal>>;

/** One worker of a role; questions wait for one another. */
export class Station {
  readonly #start: StartWorker;
  readonly #role: Role;
  readonly #ended: Promise<void>[] = [];
  #worker: Worker | undefined;
  /** Its worker was asked nothing yet. */
  #isFresh = true;
  #isClosed = false;
  #before: Promise<unknown> = Promise.resolve();

  constructor(start: StartWorker, role: Role) {
    this.#start = start;
    this.#role = role;
  }

  /** Its worker begins now, while another works for it; it loads what it needs meanwhile. */
  warm(): void {
    if (!this.#isClosed) this.#take();
  }

  /** `make` is told whether the worker is fresh and knows nothing of earlier questions. */
  ask<K extends Question>(question: K, make: (isFresh: boolean) => Work[K]['order'], waitMs: number): Done<K> {
    const asked = this.#before.then(() => this.#ask(question, make, waitMs));
    this.#before = asked;
    return asked;
  }

  /** Its worker dies at once, whatever it does, and no other begins; resolves when the process is gone. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#worker?.kill();
    await Promise.all(this.#ended);
  }

  async #ask<K extends Question>(
    question: K,
    make: (isFresh: boolean) => Work[K]['order'],
    waitMs: number,
  ): Promise<Result<Work[K]['answer'], WorkRefusal>> {
    if (this.#isClosed) return err({ kind: 'workerFailed', isGone: true });
    const worker = this.#take();
    const isFresh = this.#isFresh;
    this.#isFresh = false;
    const done = await worker.ask(question, make(isFresh), waitMs);
    if (!done.ok) {
      // what a parser left behind when it gave up is not trusted with the next file
      worker.kill();
      this.#worker = undefined;
    }
    return done;
  }

  #take(): Worker {
    // one that died of itself meanwhile costs nobody a file
    if (this.#worker?.isGone === false) return this.#worker;
    const worker = this.#start(this.#role);
    this.#ended.push(worker.ended);
    this.#worker = worker;
    this.#isFresh = true;
    return worker;
  }
}

interface PageStation {
  readonly station: Station;
  /** Whose bytes its worker has. */
  file: object | undefined;
}

export interface PagePlaces {
  readonly slots: Slots;
  readonly count: number;
  /** For one page. */
  readonly waitMs: number;
}

/** Some stations for pages of one job; pages are taken in the order they were asked for, as slots of the workshop come free. */
export class PageStations {
  readonly #all: readonly PageStation[];
  readonly #free: PageStation[];
  readonly #slots: Slots;
  readonly #waitMs: number;
  readonly #waiting: ((station: PageStation) => void)[] = [];

  constructor(start: StartWorker, { slots, count, waitMs }: PagePlaces) {
    this.#all = Array.from({ length: count }, () => ({ station: new Station(start, 'page'), file: undefined }));
    this.#free = [...this.#all];
    this.#slots = slots;
    this.#waitMs = waitMs;
  }

  /** One worker begins, while the pages are still counted. */
  warm(): void {
    this.#free[0]?.station.warm();
  }

  /** The bytes go to a worker only where it has not got them. */
  askPage(file: object, order: Omit<Work['page']['order'], 'mayPart'>): Done<'page'> {
    return this.#on(file, async (place) => {
      const isKnown = place.file === file;
      place.file = file;
      // nobody waits for a place, so that another's will be free: it begins now
      const mayPart = this.#waiting.length === 0 && this.#all.length > 1;
      if (mayPart) this.warm();
      const make = (isFresh: boolean): Work['page']['order'] => ({
        ...order,
        bytes: isKnown && !isFresh ? undefined : order.bytes,
        mayPart,
      });
      const done = await place.station.ask('page', make, this.#waitMs);
      return done.ok && done.value.lower !== undefined ? this.#read(place, done.value, done.value.lower) : done;
    });
  }

  async #read({ station }: PageStation, done: PageDone, lower: LowerPart): Done<'page'> {
    const startMs = systemClock.monotonicMs();
    const text = await readInItsLanguage((french) => this.#readParts(station, lower, french));
    if (!text.ok) return text;
    const tookMs = done.tookMs + systemClock.monotonicMs() - startMs;
    return ok({ ...done, page: { ...done.page, text: text.value }, tookMs, lower: undefined });
  }

  /** Both parts at once where a place is free, else one after the other. */
  async #readParts(
    station: Station,
    { grey, top }: LowerPart,
    french: FrenchShare,
  ): Promise<Result<PageText, WorkRefusal>> {
    const helper = this.#takeFree();
    const [upper, lower] = await Promise.all([
      station.ask('read', () => ({ grey: undefined, french }), this.#waitMs),
      helper === undefined
        ? station.ask('read', () => ({ grey, french }), this.#waitMs)
        : helper.place.station.ask('read', () => ({ grey, french }), this.#waitMs).finally(helper.give),
    ]);
    if (!upper.ok) return upper;
    if (!lower.ok) return lower;
    return ok(joinTexts(upper.value, lower.value, top));
  }

  askPreview(order: Work['preview']['order']): Done<'preview'> {
    return this.#on(order, ({ station }) => station.ask('preview', () => order, this.#waitMs));
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map(({ station }) => station.close()));
  }

  async #on<T>(file: object, work: (place: PageStation) => Promise<T>): Promise<T> {
    const place = await this.#take(file);
    const give = await this.#slots.take();
    try {
      return await work(place);
    } finally {
      give?.();
      this.#put(place);
    }
  }

  #put(place: PageStation): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(place);
    else next(place);
  }

  #takeFree(): { readonly place: PageStation; readonly give: () => void } | undefined {
    const place = this.#free[0];
    const give = place && this.#slots.takeFree();
    if (place === undefined || give === undefined) return undefined;
    this.#free.shift();
    return {
      place,
      give: () => {
        give();
        this.#put(place);
      },
    };
  }

  async #take(file: object): Promise<PageStation> {
    const knows = this.#free.findIndex((place) => place.file === file);
    const [place] = this.#free.splice(Math.max(0, knows), 1);
    if (place !== undefined) return place;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }
}
