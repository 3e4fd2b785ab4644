// One job at work: its stations, what is left of its bounds, and whom it tells how far it is.

import { limits } from '#base/limits.ts';
import type { Slots } from '../control/slots.ts';
import { partsOfProfile, type ProfileParts } from '#formats/transit-wire/profile.ts';
import { err } from '#base/result.ts';
import type { OptimiseOrder, Progress } from '../contract.ts';
import type { Convert } from './convert-in-turn.ts';
import type { OfficeOrder } from './convert-office.ts';
import { PageStations, Station } from './stations.ts';
import type { StartWorker } from './start-worker.ts';

/** Names for what goes back, in order; `isPdf`: the file was made new. */
export type NameFiles = (files: readonly { readonly name: string; readonly isPdf: boolean }[]) => readonly string[];

export interface JobWay {
  readonly start: StartWorker;
  readonly slots: Slots;
  readonly pageWorkers: number;
  readonly convert: Convert;
  /** For one page, and for what is done to a file as a whole. */
  readonly pageWaitMs: number;
  readonly nameFiles: NameFiles;
  readonly oneFileMax: FileBounds;
  readonly onProgress: (progress: Progress) => void;
}

/** Of one file that several documents are put into. */
export interface FileBounds {
  readonly bytes: number;
  readonly pages: number;
}

export class Job {
  readonly order: OptimiseOrder;
  readonly profile: ProfileParts;
  readonly onProgress: (progress: Progress) => void;
  readonly pageWaitMs: number;
  readonly nameFiles: NameFiles;
  readonly oneFileMax: FileBounds;
  readonly read: Station;
  readonly pages: PageStations;
  readonly bind: Station;
  readonly verify: Station;
  /** More than one worker works at a time. */
  readonly hasCores: boolean;
  entriesLeft: number = limits.transit.entriesMax;
  bytesLeft: number = limits.transit.expandedBytes;
  pagesLeft: number = limits.transit.pagesMax;
  readonly #convert: Convert;
  readonly #closing = new AbortController();
  readonly #conversions = new Set<Promise<unknown>>();
  #late = 0;

  constructor(order: OptimiseOrder, way: JobWay) {
    const { start, slots, pageWorkers, pageWaitMs, nameFiles, onProgress, convert } = way;
    this.#convert = convert;
    this.order = order;
    this.profile = partsOfProfile(order.profile);
    this.onProgress = onProgress;
    this.pageWaitMs = pageWaitMs;
    this.nameFiles = nameFiles;
    this.oneFileMax = way.oneFileMax;
    this.read = new Station(start, 'read');
    this.pages = new PageStations(start, { slots, count: pageWorkers, waitMs: pageWaitMs });
    this.bind = new Station(start, 'bind');
    this.verify = new Station(start, 'verify');
    this.hasCores = pageWorkers > 1;
  }

  /** An Office document → PDF. After some that ran out of time no other is tried: nobody else's should wait for them. */
  async convert(order: OfficeOrder): ReturnType<Convert> {
    if (this.#late >= limits.transit.officeLateMax) return err({ kind: 'outOfTime' });
    const converting = this.#convert(order, this.#closing.signal);
    this.#conversions.add(converting);
    const done = await converting;
    this.#conversions.delete(converting);
    if (!done.ok && done.error.kind === 'outOfTime') this.#late += 1;
    return done;
  }

  /** Kills what still runs; resolves when no process of the job is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    const stations = [this.read, this.pages, this.bind, this.verify].map((station) => station.close());
    await Promise.all([...stations, ...this.#conversions]);
  }
}
