// The live cluster under its supervisor: which folder it is changes, its socket never does.

import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { openDatabase } from '../../database/open-database.ts';
import { DATABASE_NAME, DATABASE_USER, type ClusterPlace } from '../../database/postgres/cluster.ts';
import {
  explainFence,
  fence,
  liftFence,
  readFence,
  type Fence,
  type FenceKind,
} from '../../database/postgres/fence.ts';
import { superviseDatabase, type SupervisedDatabase } from '../../database/postgres/supervise.ts';
import type { Layout } from './layout.ts';
import type { GenerationRefusal } from './refusals.ts';

export interface LiveWay {
  readonly layout: Layout;
  readonly native: string;
  readonly owner: ClusterPlace['owner'];
  readonly settings: Readonly<Record<string, string>>;
  readonly log: Log;
}

export class LiveCluster {
  readonly #way: LiveWay;
  #running: SupervisedDatabase | undefined;

  constructor(way: LiveWay) {
    this.#way = way;
  }

  get isSupervised(): boolean {
    return this.#running !== undefined;
  }

  /** How others reach it, now and after any switch. */
  get url(): string {
    const host = encodeURIComponent(this.#way.layout.run);
    return `postgresql:///${DATABASE_NAME}?host=${host}&port=5432&user=${DATABASE_USER}`;
  }

  async start(name: string): Promise<Result<void, GenerationRefusal>> {
    const { layout, native, owner, settings, log } = this.#way;
    const place = { native, owner, settings, folder: layout.folder(name), run: layout.run };
    const started = await superviseDatabase(place, log);
    if (!started.ok) return err(started.error);
    this.#running = started.value;
    return ok(undefined);
  }

  /** What waits in memory is written while it still serves: the less is left, the sooner it stops. */
  async settle(): Promise<void> {
    if (this.#running === undefined) return;
    const database = openDatabase(this.url, this.#way.log);
    try {
      await using session = await database.connectAs('owner');
      await session.script('CHECKPOINT');
    } catch (cause) {
      this.#way.log.fault('generation.notSettled', cause); // it only takes longer
    } finally {
      await database.close();
    }
  }

  /** It and its supervisor: nobody of ours starts it again. */
  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  /** Stops it, and nobody at all starts it again: false when its files are gone anyway. When it cannot be fenced it runs on. */
  async fence(
    name: string,
    words: { readonly kind: FenceKind; readonly reason: string; readonly atMs: number },
  ): Promise<Result<boolean, GenerationRefusal>> {
    const { layout, native, owner } = this.#way;
    await this.stop();
    const fenced = await fence({ native, owner, folder: layout.folder(name), run: layout.run }, words);
    if (fenced.ok) return ok(true);
    if (fenced.error.kind === 'no-cluster') return ok(false);
    const again = await this.start(name);
    return again.ok ? err(fenced.error) : again;
  }

  async release(name: string): Promise<Result<void, GenerationRefusal>> {
    await liftFence(this.#way.layout.folder(name));
    return this.isSupervised ? ok(undefined) : this.start(name);
  }

  readFence(name: string): Promise<Fence | undefined> {
    return readFence(this.#way.layout.folder(name));
  }

  explain(name: string, found: Fence): string {
    return explainFence(this.#way.layout.folder(name), found);
  }
}
