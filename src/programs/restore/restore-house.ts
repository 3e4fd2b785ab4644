// Builds a data folder out of a backup beside its final name, tries all of it, and renames it when it holds.

import { constants, existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import type { Log } from '#base/log/log.ts';
import { ok, type Result } from '#base/result.ts';
import { Holds } from '#post/delivery/queue/holds.ts';
import { prepareBinaries } from '#vault/database/postgres/binaries.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import { createStateFile } from '#vault/live/state-file.ts';
import { NO_ACTOR } from '#vault/journal/batch-writer.ts';
import { openJournal } from '#vault/journal/open-journal.ts';
import { describeDkimRefusal, putDkimKeys, type DkimKeyPair } from '#vault/keykit/dkim-keys.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import { putKeyKit } from '#vault/keykit/kit-file.ts';
import { describeKitRefusal } from '#vault/keykit/kit-refusals.ts';
import { PlaceProblem } from '#vault/safeguards/backup/place.ts';
import { journalPathOf, proveFiles } from '#vault/safeguards/backup/prove-backup.ts';
import { explainBackup } from '#vault/safeguards/backup/refusals.ts';
import { fullCode, unpack } from '#vault/safeguards/backup/unpack.ts';
import type { CommandRefusal } from '../command.ts';
import { prepareFolder } from '../folders.ts';
import type { Identity } from '../drop-privileges.ts';
import { compareLedger, openRowsIn } from '../server/backup-neighbours.ts';
import { asUser } from '../server/prepare.ts';
import { refuse, refuseProof, type Chosen } from './choose-backup.ts';

export interface RestoreOrder extends Chosen {
  readonly to: string;
  readonly kitDir: string;
  readonly kit: KeyKit;
  /** What letters leave signed with; new ones are made at the start where the copy of the kit has none. */
  readonly dkimKeys?: readonly DkimKeyPair[] | undefined;
  readonly identity: Identity | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly tell: (what: string) => void;
  /** Called between any two steps; for tests, which kill there. */
  readonly step?: (name: string) => Promise<void>;
}

/** Says that a folder was begun by a restore and may be thrown away. */
const BEGUN = '.restore-begun';
const MINUTE_MS = 60_000;

export function partialOf(to: string): string {
  return `${to}.partial`;
}

/** Whether a data folder may be built there at all. */
export async function checkTarget({
  to,
  manifest,
}: Pick<RestoreOrder, 'to' | 'manifest'>): Promise<Result<void, CommandRefusal>> {
  const names = await readdir(to).catch((cause: unknown) => codeOf(cause));
  if (typeof names === 'string' && names !== 'ENOENT')
    return refuse(
      'not-usable',
      `${to} cannot be used (${names}). Nothing was written. Name a folder that is not there yet: --to DIR`,
    );
  if (typeof names !== 'string' && names.length > 0)
    return refuse(
      'not-empty',
      `${to} is not empty (${names[0] ?? ''}), and nothing is ever restored over what is there. Nothing was written. Name another folder: --to DIR`,
    );
  const partial = partialOf(to);
  if (existsSync(partial) && !existsSync(join(partial, BEGUN)))
    return refuse(
      'partial-in-the-way',
      `${partial} is in the way and was not made by a restore. Nothing was written. Move it aside, or name another folder: --to DIR`,
    );
  const parent = await nearestFolder(dirname(to));
  const { bavail, bsize } = await statfs(parent);
  const neededBytes = spaceFor(manifest);
  if (bavail * bsize < neededBytes)
    return refuse(
      'disk-full',
      `Restoring needs ${mb(neededBytes)} MB, ${parent} has ${mb(bavail * bsize)} MB free. Nothing was written. Make room, or name a folder on another disk: --to DIR`,
    );
  return ok(undefined);
}

/** Files, and rows beside while it is tried. */
export function spaceFor({ files }: RestoreOrder['manifest']): number {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const base = files.filter(({ path }) => path.startsWith('base/')).reduce((sum, file) => sum + file.bytes, 0);
  return bytes + base + 128 * 2 ** 20;
}

export async function restoreHouse(order: RestoreOrder): Promise<Result<void, CommandRefusal>> {
  const partial = partialOf(order.to);
  let isDone = false;
  try {
    await rm(partial, { recursive: true, force: true });
    const marked = prepareFolder(partial, undefined);
    if (!marked.ok) return refuse(marked.error.kind, marked.error.sentence);
    await writeFile(join(partial, BEGUN), '');
    const built = await build(order, partial);
    if (!built.ok) return built;
    await order.step?.('built');
    const kitPut = await putKit(order);
    if (!kitPut.ok) return kitPut;
    await order.step?.('kit');
    await rm(join(partial, BEGUN));
    await rename(partial, order.to);
    isDone = true;
    await syncFolder(dirname(order.to));
    return ok(undefined);
  } catch (cause) {
    const code = fullCode(cause);
    if (code !== undefined) return full(order.to, code);
    if (cause instanceof PlaceProblem)
      return refuse(cause.kind, explainBackup({ kind: cause.kind, place: cause.place, code: cause.code }));
    throw cause;
  } finally {
    if (!isDone) await rm(partial, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function build(order: RestoreOrder, partial: string): Promise<Result<void, CommandRefusal>> {
  const { place, keys, manifest, kit, identity, log, tell, step } = order;
  tell('Reading the backup …');
  const unpacked = await unpack({ place, keys, manifest, folder: partial, ...(step ? { step } : {}) });
  if (!unpacked.ok)
    return unpacked.error.kind === 'workFull' ? full(order.to, unpacked.error.code) : refuseProof(unpacked.error);
  await step?.('unpacked');
  tell('Trying what was read: journal, book, database, ledger, login …');
  const owner = identity && { uid: identity.uid, gid: identity.gid };
  const binaries = prepareBinaries([partial], owner);
  if (!binaries.ok)
    return refuse(binaries.error.kind, `${binaries.error.sentence} Nothing was written to ${order.to}.`);
  const rows = { folder: join(partial, 'rows'), native: binaries.value.native, owner, log };
  const proved = await proveFiles({
    manifest,
    folder: partial,
    kit,
    keys,
    neighbours: { openRows: (base) => openRowsIn(rows, base), checkLedger: compareLedger },
    ...(step ? { step } : {}),
  });
  if (!proved.ok) return refuseProof(proved.error);
  await step?.('proved');
  for (const name of ['rows', 'base']) await rm(join(partial, name), { recursive: true, force: true });
  await holdQueue(order, join(partial, 'live'));
  return raiseEra(order, join(partial, journalPathOf(manifest)));
}

/** Nothing leaves until somebody has looked: what left after the copy is not known here. */
async function holdQueue({ clock }: RestoreOrder, folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  const sinceMs = clock.nowMs();
  const holds = await Holds.open(createStateFile(nodeDisk, folder), sinceMs);
  await holds.hold(undefined, { reason: 'restored', sinceMs });
}

/**
 * Whatever was given out after the copy is lost: clients load again, sessions and app passwords end, UIDs get a new validity.
 * It stands in the journal before anybody can start the house.
 */
async function raiseEra(
  { to, manifest, kit, clock }: RestoreOrder,
  directory: string,
): Promise<Result<void, CommandRefusal>> {
  const { journal, damage } = await openJournal({
    disk: nodeDisk,
    directory,
    instanceId: kit.instanceId,
    journal: manifest.journal.number,
    clock,
    build: new Uint8Array(8),
    lastAccountSeq: () => 0, // no record of an account is written here
  });
  try {
    if (damage.length > 0)
      return refuseProof({ kind: 'journalTooShort', lane: 'key', seq: manifest.journal.key.seq, found: 0 });
    // above every era of the lost time: those count up by one
    const era = Math.floor(clock.nowMs() / MINUTE_MS);
    const effect = { era, reason: 'restored', lostTail: true, endsSessions: true } as const;
    const said = await journal.appendCommand({
      accountId: undefined,
      actor: NO_ACTOR,
      command: { kind: 'eraRaised', effect },
    });
    return said.ok ? ok(undefined) : full(to, 'ENOSPC');
  } finally {
    await journal.close();
  }
}

async function putKit({ kitDir, kit, dkimKeys, identity }: RestoreOrder): Promise<Result<void, CommandRefusal>> {
  const folder = prepareFolder(kitDir, identity);
  if (!folder.ok) return refuse(folder.error.kind, folder.error.sentence);
  const put = await asUser(identity, () => putKeyKit(folder.value, kit));
  if (!put.ok) return refuse(put.error.kind, describeKitRefusal(put.error));
  if (dkimKeys === undefined) return ok(undefined);
  const signing = await asUser(identity, () => putDkimKeys(folder.value, dkimKeys));
  return signing.ok ? signing : refuse(signing.error.kind, describeDkimRefusal(signing.error));
}

function full(to: string, code: string): Result<never, CommandRefusal> {
  return refuse(
    'disk-full',
    `The disk is full (${code}): the restore was given up, and nothing of it is left in ${to}. Make room, or name a folder on another disk: --to DIR`,
  );
}

async function nearestFolder(path: string): Promise<string> {
  return existsSync(path) || basename(path) === '' ? path : nearestFolder(dirname(path));
}

async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  await folder.sync();
}

function mb(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : 'unknown';
}
