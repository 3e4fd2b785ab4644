// A generation that is made beside the live one: filled by initdb and the journal or by a copy, started on a socket of its own.

import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { syncCluster, type ClusterPlace } from '../../database/postgres/cluster.ts';
import { startEmbedded, type Embedded } from '../../database/postgres/embedded.ts';
import { openDatabase, type Database } from '../../database/open-database.ts';
import type { GenerationFacts, Layout } from './layout.ts';
import { refuse, type GenerationRefusal } from './refusals.ts';

export interface StartedBeside {
  readonly database: Database;
}

export interface StartBeside {
  /** Nobody waits for it: the house that serves goes first. */
  readonly givesWay: boolean;
}

export interface Beside {
  readonly name: string;
  /** The cluster's folder: empty until somebody fills it; still empty at `start`, it is made by initdb. */
  readonly folder: string;
  /** Until `settle` nothing waits for the disk: a generation that is killed while it is filled is thrown away. */
  start(how?: StartBeside): Promise<Result<StartedBeside, GenerationRefusal>>;
  stop(): Promise<void>;
  /** Stops it; all of it is on the disk, and it may become the live one. */
  settle(): Promise<Result<void, GenerationRefusal>>;
  /** Stops it and removes it for good. */
  discard(): Promise<void>;
}

export interface BesideWay {
  readonly layout: Layout;
  readonly native: string;
  readonly owner: ClusterPlace['owner'];
  readonly settings: Readonly<Record<string, string>>;
  readonly log: Log;
}

/** Filled as fast as the machine can: no sync until the end, and rows are counted once they are all there. */
const FILLING: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  wal_buffers: '16MB',
  checkpoint_timeout: '1h',
};

export function openBeside(way: BesideWay, facts: GenerationFacts, onGone: () => void): Beside {
  const { layout, native, owner, settings, log } = way;
  const folder = layout.folder(facts.name);
  let running: Embedded | undefined;
  let database: Database | undefined;
  const stop = async (): Promise<void> => {
    await database?.close();
    await running?.stop();
    database = undefined;
    running = undefined;
  };
  return {
    name: facts.name,
    folder: layout.cluster(facts.name),
    async start({ givesWay } = { givesWay: false }) {
      if (running !== undefined && database !== undefined) return ok({ database });
      const started = await startEmbedded({ native, owner, folder, givesWay, settings: { ...settings, ...FILLING } });
      if (!started.ok) return err(started.error);
      running = started.value;
      database = openDatabase(running.connection, log);
      await layout.writeFacts({ ...facts, systemIdentifier: await layout.systemIdentifier(facts.name) });
      return ok({ database });
    },
    stop,
    async settle() {
      await stop();
      const synced = await syncCluster({ native, owner, folder });
      if (!synced.ok) return err(synced.error);
      const systemIdentifier = await layout.systemIdentifier(facts.name);
      if (systemIdentifier === '') return refuse('no-cluster', { name: facts.name });
      return ok(undefined);
    },
    async discard() {
      await stop();
      await layout.remove(facts.name);
      onGone();
    },
  };
}
