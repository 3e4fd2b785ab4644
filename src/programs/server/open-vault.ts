// Opens what is kept: journal, directory snapshot, database; mail is taken as soon as the first two stand.

import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { openCommitDoor, type CommitDoor } from '#vault/database/commit.ts';
import { openDatabase, type Database } from '#vault/database/open-database.ts';
import { checkExternal } from '#vault/database/postgres/external.ts';
import { superviseDatabase } from '#vault/database/postgres/supervise.ts';
import type { Owner } from '#vault/database/postgres/binaries.ts';
import { catchUp } from '#vault/directory/catch-up.ts';
import type { Directory } from '#vault/directory/directory.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { openJournal, type SingleWriterJournal } from '#vault/journal/open-journal.ts';
import type { LaneDamage } from '#vault/journal/recover-lane.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import type { Book } from '#vault/book/open-book.ts';
import { openHouseBook } from './house-book.ts';

export const JOURNAL_NUMBER = 0;

export interface VaultOptions {
  readonly dataDir: string;
  readonly kit: KeyKit;
  /** Opened before: it is what keeps a second program away. The vault closes it. */
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this build in every record. */
  readonly version: string;
  readonly databaseUrl: string | undefined;
  /** PostgreSQL's programs; undefined with a database of the operator's own. */
  readonly native: string | undefined;
  readonly owner: Owner | undefined;
}

export interface Vault extends AsyncDisposable {
  readonly journal: SingleWriterJournal;
  readonly directory: Directory;
  readonly database: Database;
  readonly door: CommitDoor;
  /** Undefined: its files do not hold what they promised; `warnings` says so. */
  readonly book: Book | undefined;
  /** Sets the database's folder aside (`aside`: its name in the data folder, if there was one) and fills a new one from the journal; undefined with a database of the operator's own. */
  readonly rebuild: (() => Promise<Result<{ readonly aside: string | undefined }, VaultRefusal>>) | undefined;
  readonly damage: readonly LaneDamage[];
  readonly warnings: readonly string[];
}

export interface VaultRefusal {
  readonly kind: string;
  readonly sentence: string;
}

/** The folder of a journal below the data folder. */
export function journalFolder(dataDir: string): string {
  return join(dataDir, 'journal', String(JOURNAL_NUMBER).padStart(2, '0'));
}

export async function openVault(options: VaultOptions): Promise<Result<Vault, VaultRefusal>> {
  const { dataDir, kit, clock, log } = options;
  await using opened = new AsyncDisposableStack();
  const { directory } = options;
  opened.defer(() => directory.close());
  const { journal, damage } = await openJournal({
    disk: nodeDisk,
    directory: journalFolder(dataDir),
    instanceId: kit.instanceId,
    journal: JOURNAL_NUMBER,
    clock,
    build: createHash('sha256').update(options.version).digest().subarray(0, 8),
    lastAccountSeq: (accountId) => directory.lastAccountSeq(accountId),
    onFault: (cause) => log.fault('journal.batchFailed', cause),
  });
  opened.defer(() => journal.close());
  await catchUp(directory, journal);
  const connected = await connectDatabase(options);
  if (!connected.ok) return connected;
  const { url, embedded, warnings } = connected.value;
  opened.defer(() => embedded?.stop());
  const database = openDatabase(url, log);
  opened.defer(() => database.close());
  const door = await openCommitDoor({ log, database, journal, instanceId: kit.instanceId });
  if (!door.ok) return err({ kind: door.error.kind, sentence: door.error.whatToDo });
  opened.defer(() => door.value[Symbol.asyncDispose]());
  door.value.onApplied((_, records) => directory.apply(records));
  const book = await openHouseBook({ dataDir, kit, clock, log, journal, door: door.value, database });
  opened.defer(() => book?.close());
  const closing = opened.move();
  const close = (): Promise<void> => closing.disposeAsync();
  const rebuild = embedded && ((): ReturnType<EmbeddedDatabase['startAnew']> => embedded.startAnew());
  return ok({
    journal,
    directory,
    database,
    door: door.value,
    book,
    rebuild,
    damage,
    warnings: book === undefined ? [...warnings, BOOK_CLOSED] : warnings,
    [Symbol.asyncDispose]: close,
  });
}

const BOOK_CLOSED =
  'The book of receipts does not hold what it promised, so no receipts are made. Bring its folder (book) back from a backup, then start again. Mail goes on.';

interface EmbeddedDatabase {
  stop(): Promise<void>;
  startAnew(): Promise<Result<{ readonly aside: string | undefined }, VaultRefusal>>;
}

interface Connected {
  readonly url: string;
  readonly embedded: EmbeddedDatabase | undefined;
  readonly warnings: readonly string[];
}

async function connectDatabase(options: VaultOptions): Promise<Result<Connected, VaultRefusal>> {
  if (options.databaseUrl !== undefined) {
    const checked = await checkExternal(options.databaseUrl);
    if (checked.ok) return ok({ url: options.databaseUrl, embedded: undefined, warnings: checked.value.warnings });
    // a database that does not answer stops nothing: letters are taken, rows follow
    if (checked.error.kind !== 'unreachable') return checked;
    return ok({ url: options.databaseUrl, embedded: undefined, warnings: [checked.error.sentence] });
  }
  if (options.native === undefined) throw new Error('neither a database of its own nor one of the operator’s');
  const { native, owner, clock, log } = options;
  const settings = await sizeToDisk(options.dataDir);
  const reached = await reachShortly(options.dataDir);
  const place = { native, owner, settings, folder: join(reached.path, 'postgres') };
  const started = await superviseDatabase(place, log);
  if (!started.ok) {
    await reached.close();
    return started;
  }
  let running = started.value;
  const { host, port, user, database } = running.connection;
  const url = `postgresql:///${database}?host=${encodeURIComponent(host)}&port=${port}&user=${user}`;
  const startAnew: EmbeddedDatabase['startAnew'] = async () => {
    // never in place: the old one stays beside until somebody takes it away
    const aside = `postgres-set-aside-${new Date(clock.nowMs()).toISOString().replace(/[:.]/g, '-')}`;
    await running.stop();
    const moved = await rename(place.folder, join(reached.path, aside)).catch((cause: unknown) => cause);
    const again = await superviseDatabase(place, log);
    if (!again.ok) return again;
    running = again.value;
    if (moved === undefined) return ok({ aside });
    if (isMissing(moved)) return ok({ aside: undefined }); // somebody took it away: that is why it is made anew
    throw moved;
  };
  const stop = async (): Promise<void> => {
    await running.stop();
    await reached.close();
  };
  return ok({ url, embedded: { stop, startAnew }, warnings: [] });
}

function isMissing(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
}

/** Longer data folders are reached through an open handle: a socket's path holds 107 bytes, of which the folders below take 27. */
const SHORT_PATH_BYTES_MAX = 80;

/** One handle for as long as we run: the path stays the same when the database is started again or set aside. */
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
