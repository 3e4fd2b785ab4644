// The database that the vault works with: generations of our own beside each other, or one of the operator's.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { InstanceId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { ok, type Result } from '#base/result.ts';
import type { Owner } from '#vault/database/postgres/binaries.ts';
import { checkExternal } from '#vault/database/postgres/external.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { activeSafeguards, inactiveWarnings } from '#vault/safeguards/generations/active-safeguards.ts';
import { openGenerations, type Generations } from '#vault/safeguards/generations/generations.ts';
import { keepGenerations } from '#vault/safeguards/generations/keep-generations.ts';
import type { Neighbours } from '#vault/safeguards/generations/neighbours.ts';
import { openOnServer } from '#vault/safeguards/generations/open-on-server.ts';

export interface ConnectOptions {
  readonly dataDir: string;
  readonly instanceId: InstanceId;
  readonly clock: Clock;
  readonly log: Log;
  readonly databaseUrl: string | undefined;
  /** PostgreSQL's programs; undefined with a database of the operator's own. */
  readonly native: string | undefined;
  readonly owner: Owner | undefined;
  readonly neighbours: Neighbours;
  readonly journal: number;
  readonly step?: ((name: string) => Promise<void>) | undefined;
}

export interface Connected extends AsyncDisposable {
  readonly url: string;
  /** Undefined where the operator's own server lets nothing be kept beside it. */
  readonly generations: Generations | undefined;
  readonly warnings: readonly string[];
}

export interface ConnectRefusal {
  readonly kind: string;
  readonly sentence: string;
}

export async function connectDatabase(options: ConnectOptions): Promise<Result<Connected, ConnectRefusal>> {
  if (options.databaseUrl !== undefined) return connectExternal(options, options.databaseUrl);
  if (options.native === undefined) throw new Error('neither a database of its own nor one of the operator’s');
  const { native, owner, clock, log, neighbours, journal } = options;
  const settings = await sizeToDisk(options.dataDir);
  const reached = await reachShortly(options.dataDir);
  const root = join(reached.path, 'postgres');
  const way = { root, native, owner, settings, journal, clock, log, neighbours, step: options.step };
  const generations = await openGenerations(way);
  if (!generations.ok) {
    await reached.close();
    return generations;
  }
  const keeping = keepGenerations({ generations: generations.value, clock, log });
  return ok({
    url: generations.value.url,
    generations: generations.value,
    warnings: [],
    async [Symbol.asyncDispose]() {
      await keeping[Symbol.asyncDispose]();
      await generations.value[Symbol.asyncDispose]();
      await reached.close();
    },
  });
}

/** Beside a database of the operator's own others are kept where its user may make them. */
async function connectExternal(options: ConnectOptions, url: string): Promise<Result<Connected, ConnectRefusal>> {
  const checked = await checkExternal(url);
  // a database that does not answer stops nothing: letters are taken, rows follow
  if (!checked.ok && checked.error.kind !== 'unreachable') return checked;
  const opened = await openOnServer({ ...options, url });
  const why = opened.ok ? '' : opened.error.sentence;
  const inactive = inactiveWarnings(activeSafeguards(opened.ok ? 'server' : 'alone'), why);
  const generations = opened.ok ? opened.value : undefined;
  const keeping = generations && keepGenerations({ ...options, generations });
  return ok({
    url,
    generations,
    warnings: [...(checked.ok ? checked.value.warnings : [checked.error.sentence]), ...inactive],
    async [Symbol.asyncDispose]() {
      await keeping?.[Symbol.asyncDispose]();
      await generations?.[Symbol.asyncDispose]();
    },
  });
}

/** Longer data folders are reached through an open handle: a socket's path holds 107 bytes, of which the folders below take 27. */
const SHORT_PATH_BYTES_MAX = 80;

/** One handle for as long as we run: the path stays the same whichever generation serves. */
async function reachShortly(path: string): Promise<{ readonly path: string; readonly close: () => Promise<void> }> {
  if (Buffer.byteLength(path) <= SHORT_PATH_BYTES_MAX) return { path, close: async () => undefined };
  const handle = await open(path);
  return { path: `/proc/self/fd/${handle.fd}`, close: () => handle.close() };
}

const WAL_MIB_MAX = 256;
const WAL_MIB_MIN = 8;

/** The database's own log stays well inside the reserve that intake leaves on the disk (5 %, at most 512 MB). */
async function sizeToDisk(dataDir: string): Promise<Readonly<Record<string, string>>> {
  const { totalBytes } = await nodeDisk.space(dataDir);
  const fitting = Math.floor((totalBytes * limits.journal.reserveShare) / 2 / 2 ** 20);
  const maxMib = Math.min(WAL_MIB_MAX, Math.max(WAL_MIB_MIN, fitting));
  return { max_wal_size: `${maxMib}MB`, min_wal_size: `${Math.max(2, Math.floor(maxMib / 4))}MB` };
}
