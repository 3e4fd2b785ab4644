// One change of the databases at a time, and what the newest switch means brought into the journal, at the latest once there is room.

import type { Result } from '#base/result.ts';
import type { Log } from '#base/log/log.ts';
import type { GenerationFacts } from './layout.ts';
import type { Neighbours, Step } from './neighbours.ts';
import { refuse, type GenerationRefusal } from './refusals.ts';
import { journalArrival } from './switch-live.ts';

const ARRIVAL_RETRY_MS = 2_000;

export interface TurnsWay {
  readonly neighbours: Neighbours;
  readonly log: Log;
  readonly step: Step;
}

export class Turns {
  readonly #way: TurnsWay;
  #isBusy = false;
  #isClosed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(way: TurnsWay) {
    this.#way = way;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
  }

  async alone<T>(work: () => Promise<Result<T, GenerationRefusal>>): Promise<Result<T, GenerationRefusal>> {
    if (this.#isClosed) return refuse('stopped');
    if (this.#isBusy) return refuse('busy');
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      this.#isBusy = false;
    }
  }

  /** A kill before it is made good at the next start. `put` keeps the facts once the journal knows. */
  async finishArrival(live: GenerationFacts, put: (facts: GenerationFacts) => Promise<void>): Promise<void> {
    const { log, step } = this.#way;
    const { arrival, ...rest } = live;
    if (arrival === undefined || this.#isClosed) return;
    if (await journalArrival(this.#way, arrival)) {
      await step('journalled');
      await put(rest);
      return step('arrived');
    }
    log.error('generation.arrivalNotJournalled', {});
    this.#retry = setTimeout(() => {
      this.finishArrival(live, put).catch((cause: unknown) => log.fault('generation.arrivalFailed', cause));
    }, ARRIVAL_RETRY_MS);
    this.#retry.unref();
  }
}
