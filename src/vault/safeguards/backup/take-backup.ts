// Takes a backup: rows, book and journal into sealed objects, a manifest that does not count yet, then the proof, then one that does.

import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { readMigrations } from '../../database/migrate.ts';
import type { Disk } from '../../journal/disk.ts';
import { JournalReader } from '../../journal/journal-reader.ts';
import type { KeyKit } from '../../keykit/key-kit.ts';
import type { BackupKeys } from './backup-keys.ts';
import { findBreak } from './continuity.ts';
import { copyJournal } from './copy-journal.ts';
import { formatManifest, makeBackupId, type Manifest, type ManifestFile, type ManifestObject } from './manifest.ts';
import type { BaseFacts, Neighbours, Refused } from './neighbours.ts';
import { ObjectWriter, type FileSource } from './object-store.ts';
import { manifestName, type Place } from './place.ts';
import { makeProbe } from './probe.ts';
import { proveBackup } from './prove-backup.ts';
import type { BackupRefusal } from './refusals.ts';
import { fullCode } from './unpack.ts';
import { removeGently } from '../generations/remove-gently.ts';

export interface TakeOrder {
  readonly dataDir: string;
  /** Of the data folder’s disk. */
  readonly disk: Disk;
  readonly journal: number;
  readonly place: Place;
  /** Verified ones at this place. */
  readonly earlier: readonly Manifest[];
  readonly keys: BackupKeys;
  readonly kit: KeyKit;
  /** The kit as it lies in its file now: what a person would bring back with. */
  readonly readKit: () => Promise<Result<KeyKit, Refused>>;
  readonly build: string;
  readonly clock: Clock;
  readonly neighbours: Neighbours;
  readonly onBytes?: (done: number, total: number) => void;
  readonly step?: (name: string) => Promise<void>;
}

export interface Taken {
  readonly manifest: Manifest;
  /** Sealed bytes that were not at the place yet. */
  readonly writtenBytes: number;
  readonly copyMs: number;
  readonly proofMs: number;
}

/** Scratch of a backup, below the data folder; whatever lies there is of a run that ended. */
export function workFolder(dataDir: string): string {
  return join(dataDir, 'backup-work');
}

export async function takeBackup(order: TakeOrder): Promise<Result<Taken, BackupRefusal>> {
  const first = await copyAndProve(order, false);
  const isRotten = !first.ok && (first.error.kind === 'objectDamaged' || first.error.kind === 'objectMissing');
  // an object of an earlier backup went bad at the place: all are looked into, and what is bad is written anew
  return isRotten ? copyAndProve(order, true) : first;
}

async function copyAndProve(order: TakeOrder, isDistrustful: boolean): Promise<Result<Taken, BackupRefusal>> {
  const { clock, place, keys } = order;
  const work = workFolder(order.dataDir);
  try {
    await rm(work, { recursive: true, force: true });
    await mkdir(work, { recursive: true, mode: 0o700 });
    const startMs = clock.monotonicMs();
    const copied = await copy(order, isDistrustful);
    if (!copied.ok) return copied;
    const { manifest, writtenBytes } = copied.value;
    const copiedMs = clock.monotonicMs();
    const kit = await order.readKit();
    if (!kit.ok) return err({ kind: 'neighbour', refused: kit.error });
    const { neighbours, onBytes, step } = order;
    const proof = await proveBackup({
      place,
      id: manifest.id,
      keys,
      kit: kit.value,
      folder: join(work, 'proof'),
      neighbours,
      ...(onBytes ? { onBytes } : {}),
      ...(step ? { step } : {}),
    });
    if (!proof.ok) return proof;
    await step?.('proved');
    const verified = stampVerified(proof.value.manifest, proof.value.ledger, clock.nowMs());
    await place.write('backups', manifestName(verified.id), formatManifest(verified, keys.signs));
    await step?.('verified');
    const proofMs = clock.monotonicMs() - copiedMs;
    return ok({ manifest: verified, writtenBytes, copyMs: copiedMs - startMs, proofMs });
  } catch (cause) {
    const code = fullCode(cause);
    if (code === undefined) throw cause;
    return err({ kind: 'workFull', code });
  } finally {
    await removeGently(work);
  }
}

/** The same backup, found whole now. */
export function stampVerified(
  manifest: Manifest,
  { accounts, letters, placements, head }: NonNullable<Manifest['ledger']>,
  nowMs: number,
): Manifest {
  return { ...manifest, verifiedMs: nowMs, ledger: { accounts, letters, placements, head } };
}

interface Copied {
  readonly manifest: Manifest;
  readonly writtenBytes: number;
}

async function copy(order: TakeOrder, isDistrustful: boolean): Promise<Result<Copied, BackupRefusal>> {
  const { place, keys, kit, disk, clock, step } = order;
  const takenMs = clock.nowMs();
  const id = makeBackupId(takenMs, randomBytes(6));
  const parts = journalParts(order);
  const reader = new JournalReader(disk, parts.directory, order.journal, () => Number.MAX_SAFE_INTEGER);
  let since: Awaited<ReturnType<typeof findBreak>>;
  try {
    since = await findBreak({ disk, directory: parts.directory, reader }, order.earlier);
  } finally {
    await reader.close();
  }
  if (since !== undefined) return err({ kind: 'notContinued', since });
  const base = await takeBase(order);
  if (!base.ok) return base;
  await step?.('base');
  const writer = new ObjectWriter({ place, keys, known: knownObjects(order.earlier), isDistrustful });
  const files: ManifestFile[] = [];
  const put = async (source: FileSource): Promise<Result<void, { kind: 'sourceShrank'; path: string }>> => {
    const stored = await writer.put(source, () => undefined);
    if (stored.ok) files.push(stored.value);
    await step?.(`copied ${source.path}`);
    return stored.ok ? ok(undefined) : stored;
  };
  for (const [folder, path] of [
    [join(workFolder(order.dataDir), 'base'), 'base'],
    [join(order.dataDir, 'book'), 'book'],
  ] as const) {
    const done = await putFolder(folder, path, put);
    if (!done.ok) return done;
    if (path === 'base') await removeGently(folder);
  }
  const end = await copyJournal(parts, put);
  if (!end.ok) return end;
  await step?.('copied');
  const lane = ({ seq, hash }: { seq: number; hash: Uint8Array }) => ({ seq, hash: Buffer.from(hash).toString('hex') });
  const manifest: Manifest = {
    v: 1,
    id,
    instance: kit.instanceId,
    takenMs,
    verifiedMs: null,
    build: order.build,
    journal: { number: order.journal, body: lane(end.value.body), key: lane(end.value.key) },
    base: base.value === undefined ? null : { schema: (await readMigrations()).at(-1)?.number ?? 0, ...base.value },
    ledger: null,
    probe: await makeProbe(kit, keys, id),
    files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    objects: writer.objects,
  };
  await place.write('backups', manifestName(id), formatManifest(manifest, keys.signs));
  await step?.('manifest');
  return ok({ manifest, writtenBytes: writer.writtenBytes });
}

function journalParts({ disk, dataDir, journal }: TakeOrder): Parameters<typeof copyJournal>[0] {
  const path = join('journal', String(journal).padStart(2, '0'));
  return { disk, directory: join(dataDir, path), path };
}

async function takeBase(order: TakeOrder): Promise<Result<BaseFacts | undefined, BackupRefusal>> {
  const { takeBase: take } = order.neighbours;
  const folder = join(workFolder(order.dataDir), 'base');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (take === undefined) return ok(undefined);
  const taken = await take(folder);
  if (!taken.ok) return err({ kind: 'neighbour', refused: taken.error });
  const { systemIdentifier, appliedSeq, schema } = taken.value;
  return ok({ systemIdentifier, appliedSeq, ...(schema !== undefined && { schema }) });
}

function knownObjects(earlier: readonly Manifest[]): ReadonlyMap<string, ManifestObject> {
  return new Map(earlier.flatMap(({ objects }) => Object.entries(objects)));
}

/** The book’s heads first, then its checkpoint, then what both count: each was on the disk before the one that speaks of it. */
const FIRST = ['heads', 'checkpoint'];

async function putFolder(
  folder: string,
  path: string,
  put: (source: FileSource) => Promise<Result<void, { kind: 'sourceShrank'; path: string }>>,
): Promise<Result<void, { kind: 'sourceShrank'; path: string }>> {
  const names = await filesBelow(folder);
  const ordered = [...FIRST.filter((name) => names.includes(name)), ...names.filter((name) => !FIRST.includes(name))];
  for (const name of ordered) {
    await using file = await open(join(folder, name), 'r');
    const { size } = await file.stat();
    const read = async (position: number, length: number): Promise<Buffer> => {
      const buffer = Buffer.allocUnsafe(length);
      let done = 0;
      for (let bytes = 1; bytes > 0 && done < length; done += bytes)
        bytes = (await file.read(buffer, done, length - done, position + done)).bytesRead;
      return buffer.subarray(0, done);
    };
    const stored = await put({ path: join(path, name), sizeBytes: size, read });
    if (!stored.ok) return stored;
  }
  return ok(undefined);
}

/** Paths below `folder`, sorted; none when it is not there. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}
