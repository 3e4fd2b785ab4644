// Opens what is kept: journal, directory snapshot, database; mail is taken as soon as the first two stand.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { InstanceId } from '#base/ids.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { openCommitDoor, type CommitDoor } from '#vault/database/commit.ts';
import { FIRST_BY_CHANGE } from '#vault/database/migrate.ts';
import { openDatabase, type Database } from '#vault/database/open-database.ts';
import type { Owner } from '#vault/database/postgres/binaries.ts';
import { catchUp, refill } from '#vault/directory/catch-up.ts';
import type { Directory } from '#vault/directory/directory.ts';
import { NO_ACTOR } from '#vault/journal/batch-writer.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { openJournal, type SingleWriterJournal } from '#vault/journal/open-journal.ts';
import type { LaneDamage } from '#vault/journal/recover-lane.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import type { Book } from '#vault/book/open-book.ts';
import type { Neighbours } from '#vault/safeguards/generations/neighbours.ts';
import type { GenerationRefusal, Generations } from '#vault/safeguards/generations/generations.ts';
import {
  restoreTo,
  type Restored,
  type RestoreOrder,
  type RestoreWay,
} from '#vault/safeguards/generations/restore-to.ts';
import { sumAside, type StartSumThread, type SumAside } from '#vault/safeguards/ledger/sum-aside.ts';
import { openHouseBook } from './house-book.ts';
import { connectDatabase } from './open-generations.ts';

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
  /** A program that drops its rights brings the thread's code along. */
  readonly startSumThread?: StartSumThread | undefined;
  /** For tests: called between any two steps of one database taking over from another. */
  readonly step?: ((name: string) => Promise<void>) | undefined;
}

export interface Vault extends AsyncDisposable {
  readonly journal: SingleWriterJournal;
  readonly directory: Directory;
  readonly database: Database;
  readonly door: CommitDoor;
  /** Undefined: its files do not hold what they promised; `warnings` says so. */
  readonly book: Book | undefined;
  /** Databases beside each other; undefined where the operator's own server lets nothing be kept beside. */
  readonly generations: Generations | undefined;
  /** Other rows take over: the journal's alone, or those of a copy and the journal after it. Undefined likewise. */
  readonly restoreTo: ((order: RestoreOrder) => Promise<Result<Restored, GenerationRefusal>>) | undefined;
  /** The journal's side of the ledger, counted where nobody waits for it. */
  readonly sumAside: SumAside;
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
  const { instanceId } = kit;
  await using opened = new AsyncDisposableStack();
  const { directory } = options;
  opened.defer(() => directory.close());
  const { journal, damage } = await openJournal({
    disk: nodeDisk,
    directory: journalFolder(dataDir),
    instanceId,
    journal: JOURNAL_NUMBER,
    clock,
    build: createHash('sha256').update(options.version).digest().subarray(0, 8),
    lastAccountSeq: (accountId) => directory.lastAccountSeq(accountId),
    onFault: (cause) => log.fault('journal.batchFailed', cause),
  });
  opened.defer(() => journal.close());
  await catchUp(directory, journal);
  const open: { door?: CommitDoor } = {};
  const neighbours = arrivalsOf(journal, () => open.door);
  const connected = await connectDatabase({ ...options, instanceId, neighbours, journal: JOURNAL_NUMBER });
  if (!connected.ok) return connected;
  const { url, generations, warnings } = opened.use(connected.value);
  await refillIfUndone(directory, journal, instanceId);
  const database = openDatabase(url, log);
  opened.defer(() => database.close());
  const prepare = { waitsFrom: FIRST_BY_CHANGE };
  const door = await openCommitDoor({ log, database, journal, instanceId, prepare });
  if (!door.ok) return err({ kind: door.error.kind, sentence: door.error.whatToDo });
  opened.defer(() => door.value[Symbol.asyncDispose]());
  open.door = door.value;
  door.value.onApplied((_, records) => directory.apply(records));
  const book = await openHouseBook({ dataDir, kit, clock, log, journal, door: door.value, database });
  opened.defer(() => book?.close());
  const closing = opened.move();
  const close = (): Promise<void> => closing.disposeAsync();
  return ok({
    journal,
    directory,
    database,
    door: door.value,
    book,
    generations,
    restoreTo: generations && ((order) => restoring({ ...options, generations, journal }, order)),
    sumAside: sumAside(
      { directory: journalFolder(dataDir), journal: JOURNAL_NUMBER, ledgerKey: kit.ledgerKey },
      options.startSumThread,
    ),
    damage,
    get warnings() {
      const closed = book === undefined ? [BOOK_CLOSED] : [];
      return [...warnings, ...closed, ...(generations?.isServing === false ? [FENCED] : [])];
    },
    [Symbol.asyncDispose]: close,
  });
}

async function restoring(
  {
    generations,
    journal,
    directory,
    kit,
    clock,
    log,
  }: VaultOptions & Pick<RestoreWay, 'generations'> & { readonly journal: SingleWriterJournal },
  order: RestoreOrder,
): ReturnType<typeof restoreTo> {
  const { instanceId } = kit;
  const restored = await restoreTo({ generations, journal, instanceId, clock, log }, order);
  const isLess = restored.ok && (order.leaveOut?.length ?? 0) + restored.value.withoutEffect.length > 0;
  if (isLess) await refill(directory, journal, instanceId);
  return restored;
}

/** A switch that was killed has just told the journal what is undone, and the snapshot knows it as done. */
async function refillIfUndone(
  directory: Directory,
  journal: SingleWriterJournal,
  instanceId: InstanceId,
): Promise<void> {
  const undone = await journal.findVoided(directory.appliedSeq);
  if ([...undone].some((seq) => seq <= directory.appliedSeq)) await refill(directory, journal, instanceId);
}

/** Before the door is open the journal alone hears it, and the rows follow when they are opened. */
function arrivalsOf(journal: SingleWriterJournal, door: () => CommitDoor | undefined): Neighbours {
  return {
    raiseEra: (effect) =>
      door()?.noteEra(effect) ??
      journal.appendCommand({ accountId: undefined, actor: NO_ACTOR, command: { kind: 'eraRaised', effect } }),
    void: (content) => door()?.noteVoided(content) ?? journal.appendVoided(content),
  };
}

const FENCED =
  'The database is stopped and fenced: somebody works on its files, or a program was killed while it did. Letters are taken, people wait. See siegel generation list; when the work is over: siegel generation release --apply';
const BOOK_CLOSED =
  'The book of receipts does not hold what it promised, so no receipts are made. Bring its folder (book) back from a backup, then start again. Mail goes on.';
