// Databases beside each other: one serves, others are filled, wait, or are kept for the undo window. Nothing is changed in place.

import { assert } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import { ok, type Result } from '#base/result.ts';
import type { ClusterPlace } from '../../database/postgres/cluster.ts';
import type { Fence } from '../../database/postgres/fence.ts';
import { openBeside, type Beside } from './beside.ts';
import { findLive } from './find-live.ts';
import { Layout, type Arrival, type GenerationFacts, type GenerationSource } from './layout.ts';
import { LiveCluster } from './live-cluster.ts';
import type { Neighbours, Step } from './neighbours.ts';
import { copyLive, dropPoint, fillFromPoint, listPoints, takePoint, type Point } from './points.ts';
import { refuse, type GenerationRefusal } from './refusals.ts';
import type { RestoreBase } from './restore-base.ts';
import type { BaseFacts } from './take-base.ts';
import { unpackBase } from './unpack-base.ts';
import { switchLive } from './switch-live.ts';
import { Turns } from './turns.ts';
import type { GenerationsWay } from './way.ts';

export type { Arrival, BaseFacts, Beside, GenerationFacts, GenerationRefusal, GenerationSource, Point, RestoreBase };

export interface Generations extends AsyncDisposable {
  readonly live: GenerationFacts;
  /** Where the live one is reached: the same for every generation. */
  readonly url: string;
  /** Whether its files can be copied and stopped; where the server is the operator’s, the journal alone is the restore point. */
  readonly hasFiles: boolean;
  /** False while it is stopped and fenced: letters are taken, people wait. */
  readonly isServing: boolean;
  /** The live one does not run: somebody works on its files. A sentence for the operator. */
  fenced(): Promise<string | undefined>;
  list(): Promise<readonly GenerationFacts[]>;
  /** A new one beside the live one, to be filled. */
  begin(source: GenerationSource, backupId?: string): Promise<Result<Beside, GenerationRefusal>>;
  /**
   * Makes another generation the live one: one from `begin`, filled and following the journal, or one that was retired.
   * Letters are taken meanwhile, people wait. What fails leaves the old one serving.
   */
  switchTo(
    name: string,
    arrival: Arrival,
    reason: string,
  ): Promise<Result<{ readonly retired: string }, GenerationRefusal>>;
  /** For work on its files: stopped, and no supervisor starts it until this is disposed of. */
  stopLive(reason: string): Promise<Result<StoppedLive, GenerationRefusal>>;
  /** A copy of the live rows: base.tar and backup_manifest in `folder`, which is empty. */
  takeBase(folder: string): Promise<Result<BaseFacts, GenerationRefusal>>;
  /** A copy of the live rows, unpacked and checked, from which restores can begin; one of the same name goes. */
  takePoint(name: string): Promise<Result<Point, GenerationRefusal>>;
  points(): Promise<readonly Point[]>;
  dropPoint(name: string): Promise<void>;
  /** As the base of a restore. */
  fromPoint(name: string): RestoreBase;
  /** Likewise, of a copy that `takeBase` made. */
  fromBase(folder: string, backupId?: string): RestoreBase;
  /** Ends a maintenance that a killed program left behind. */
  release(): Promise<Result<void, GenerationRefusal>>;
  /** Removes those retired, and points made, longer than `keepMs` ago, a day to 30 days; the names that went. Throws for what is no time: blank never means all. */
  prune(nowMs: number, keepMs: number): Promise<readonly string[]>;
}

export interface StoppedLive extends AsyncDisposable {
  /** The cluster's own folder. */
  readonly folder: string;
}

export interface GenerationsOptions {
  /** <data>/postgres */
  readonly root: string;
  /** Folder with bin, lib and share. */
  readonly native: string;
  readonly owner?: ClusterPlace['owner'];
  readonly settings: Readonly<Record<string, string>>;
  /** Number of the journal that the rows follow. */
  readonly journal: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly neighbours: Neighbours;
  /** For tests: called between any two steps. */
  readonly step?: Step | undefined;
}

/** SAFEGUARDS §8: nothing that was undone is kept longer. */
export const KEEP_MS_MAX = 30 * 86_400_000;
const KEEP_MS_MIN = 86_400_000;

/** Throws for what is no time to keep copies for: NaN is what a blank field becomes. */
export function requireKeep(nowMs: number, keepMs: number): void {
  assert(Number.isFinite(nowMs) && keepMs >= KEEP_MS_MIN, 'copies are kept a day at least');
}

/** Finds the live generation (or adopts, or makes it) and starts it; one that is fenced for maintenance stays stopped. */
export async function openGenerations(options: GenerationsOptions): Promise<Result<Generations, GenerationRefusal>> {
  const { root, native, owner, settings, journal, clock, log, neighbours, step = async () => undefined } = options;
  const layout = new Layout(root, owner);
  const found = await findLive({ layout, native, owner, nowMs: clock.nowMs(), log, step });
  if (!found.ok) return found;
  const live = new LiveCluster({ layout, native, owner, settings, log });
  const name = found.value;
  if ((await live.readFence(name)) === undefined) {
    const started = await live.start(name);
    if (!started.ok) return started;
  }
  const facts = await layout.readFacts(name);
  const systemIdentifier = await layout.systemIdentifier(name);
  const known = {
    ...(facts ?? { name, madeMs: clock.nowMs(), source: 'empty', isReady: true }),
    systemIdentifier,
  } as const;
  await layout.writeFacts(known);
  await step('serving');
  const opened = new Opened({ layout, native, owner, settings, journal, clock, log, neighbours, step }, live, known);
  await opened.finishArrival();
  return ok(opened);
}

class Opened implements Generations {
  readonly #way: GenerationsWay;
  readonly #cluster: LiveCluster;
  readonly #turns: Turns;
  readonly #besides = new Map<string, Beside>();
  readonly hasFiles = true;
  #live: GenerationFacts;

  constructor(way: GenerationsWay, cluster: LiveCluster, live: GenerationFacts) {
    this.#way = way;
    this.#turns = new Turns(way);
    this.#cluster = cluster;
    this.#live = live;
  }

  get live(): GenerationFacts {
    return this.#live;
  }

  get url(): string {
    return this.#cluster.url;
  }

  get isServing(): boolean {
    return this.#cluster.isSupervised;
  }

  async fenced(): Promise<string | undefined> {
    if (this.#cluster.isSupervised) return undefined;
    const found: Fence | undefined = await this.#cluster.readFence(this.#live.name);
    return found && this.#cluster.explain(this.#live.name, found);
  }

  async list(): Promise<readonly GenerationFacts[]> {
    const { layout } = this.#way;
    const facts = await Promise.all((await layout.names()).map((name) => layout.readFacts(name)));
    return facts.filter((one) => one !== undefined);
  }

  async begin(source: GenerationSource, backupId?: string): Promise<Result<Beside, GenerationRefusal>> {
    if (this.#turns.isClosed) return refuse('stopped');
    const { layout, clock } = this.#way;
    const name = await layout.newName();
    await layout.makeFolder(layout.root);
    await layout.makeFolder(layout.folder(name));
    const base = { name, madeMs: clock.nowMs(), source, systemIdentifier: '', isReady: false };
    const facts: GenerationFacts = backupId === undefined ? base : { ...base, backupId };
    await layout.writeFacts(facts);
    const beside = openBeside(this.#way, facts, () => this.#besides.delete(name));
    this.#besides.set(name, beside);
    return ok(beside);
  }

  switchTo(name: string, arrival: Arrival, reason: string): ReturnType<Generations['switchTo']> {
    return this.#turns.alone(async () => {
      const { layout } = this.#way;
      const beside = this.#besides.get(name);
      const known = await layout.readFacts(name);
      if (known === undefined) return refuse('no-such-generation', { name });
      if (name === this.#live.name) return refuse('is-live', { name });
      if (beside === undefined && !known.isReady) return refuse('not-ready', { name });
      const settled = await beside?.settle();
      if (settled?.ok === false) return settled;
      const way = { ...this.#way, cluster: this.#cluster };
      const switched = await switchLive(way, { from: this.#live, to: known, arrival, reason });
      if (!switched.ok) return switched;
      this.#besides.delete(name);
      const retired = this.#live.name;
      this.#live = switched.value;
      await this.finishArrival();
      return ok({ retired });
    });
  }

  stopLive(reason: string): Promise<Result<StoppedLive, GenerationRefusal>> {
    return this.#turns.alone(async () => {
      const { name } = this.#live;
      if (!this.#cluster.isSupervised) return refuse('is-fenced');
      const words = { kind: 'maintenance', reason, atMs: this.#way.clock.nowMs() } as const;
      const fenced = await this.#cluster.fence(name, words);
      if (!fenced.ok) return fenced;
      const folder = this.#way.layout.cluster(name);
      return ok({
        folder,
        [Symbol.asyncDispose]: async () => {
          const released = await this.#cluster.release(name);
          if (!released.ok) throw new Error(`the database does not start again: ${released.error.sentence}`);
        },
      });
    });
  }

  release(): Promise<Result<void, GenerationRefusal>> {
    return this.#turns.alone(async () => {
      if (this.#cluster.isSupervised) return refuse('not-fenced');
      return this.#cluster.release(this.#live.name);
    });
  }

  async prune(nowMs: number, keepMs: number): Promise<readonly string[]> {
    requireKeep(nowMs, keepMs);
    const gone: string[] = [];
    for (const { name, retiredMs } of await this.list()) {
      if (name === this.#live.name || retiredMs === undefined) continue;
      if (nowMs - retiredMs < Math.min(keepMs, KEEP_MS_MAX)) continue;
      await this.#way.layout.remove(name);
      gone.push(name);
    }
    for (const { name, madeMs } of await this.points()) {
      if (nowMs - madeMs < Math.min(keepMs, KEEP_MS_MAX)) continue;
      await this.dropPoint(name);
      gone.push(name);
    }
    return gone;
  }

  takeBase(folder: string): Promise<Result<BaseFacts, GenerationRefusal>> {
    return this.#copying(() => copyLive(this.#way, this.#source, folder));
  }

  takePoint(name: string): Promise<Result<Point, GenerationRefusal>> {
    return this.#copying(() => takePoint(this.#way, this.#source, name));
  }

  points(): Promise<readonly Point[]> {
    return listPoints(this.#way.layout);
  }

  dropPoint(name: string): Promise<void> {
    return dropPoint(this.#way.layout, name);
  }

  fromPoint(name: string): RestoreBase {
    return { kind: 'copy', backupId: name, fill: (folder) => fillFromPoint(this.#way, name, folder) };
  }

  fromBase(folder: string, backupId?: string): RestoreBase {
    const fill = async (cluster: string): Promise<Result<void, GenerationRefusal>> => {
      const unpacked = await unpackBase(folder, cluster, { owner: this.#way.owner });
      return unpacked.ok ? ok(undefined) : unpacked;
    };
    return backupId === undefined ? { kind: 'backup', fill } : { kind: 'backup', backupId, fill };
  }

  get #source(): { readonly live: string; readonly url: string; readonly journal: number } {
    return { live: this.#live.name, url: this.url, journal: this.#way.journal };
  }

  /** One at a time, and none while another generation takes over. */
  #copying<T>(work: () => Promise<Result<T, GenerationRefusal>>): Promise<Result<T, GenerationRefusal>> {
    return this.#turns.alone(async () => (this.#cluster.isSupervised ? work() : refuse('is-fenced')));
  }

  finishArrival(): Promise<void> {
    return this.#turns.finishArrival(this.#live, async (facts) => {
      await this.#way.layout.writeFacts(facts);
      this.#live = facts;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#turns.close();
    for (const beside of this.#besides.values()) await beside.stop();
    await this.#cluster.stop();
  }
}
