// Restores a backup beside and tries it: read from the place, opened, started, followed, compared; only what bears all of it counts.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';
import { sign } from 'node:crypto';
import { Bodies } from '../../book/bodies.ts';
import { BookStore } from '../../book/book-store.ts';
import { Heads } from '../../book/heads.ts';
import { doesHeadHold, verifyBook } from '../../book/verify-book.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { signingKey, type KeyKit } from '../../keykit/key-kit.ts';
import type { BackupKeys } from './backup-keys.ts';
import { openJournalCopy } from './journal-copy.ts';
import { parseManifest, type Manifest } from './manifest.ts';
import type { LedgerFindings, Neighbours } from './neighbours.ts';
import { manifestName, type Place } from './place.ts';
import { probeSignsIn } from './probe.ts';
import { proveJournal } from './prove-journal.ts';
import { proveRows } from './prove-rows.ts';
import type { ProofRefusal } from './refusals.ts';
import { findRoom, fullCode, unpack, type UnpackRefusal } from './unpack.ts';
import { removeGently } from '../generations/remove-gently.ts';

export interface ProofOrder {
  readonly place: Place;
  readonly id: string;
  readonly keys: BackupKeys;
  /** As it lies in its file now, not as the program remembers it. */
  readonly kit: KeyKit;
  /** For what is unpacked; emptied before and after. */
  readonly folder: string;
  readonly neighbours: Pick<Neighbours, 'openRows' | 'checkLedger'>;
  readonly onBytes?: (done: number, total: number) => void;
  readonly step?: (name: string) => Promise<void>;
}

export interface Proof {
  readonly manifest: Manifest;
  readonly ledger: LedgerFindings;
}

type Refusal = ProofRefusal | UnpackRefusal;

export async function proveBackup(order: ProofOrder): Promise<Result<Proof, Refusal>> {
  const { folder, place, id, keys } = order;
  const found = await readManifest(place, keys, id);
  if (!found.ok) return found;
  const manifest = found.value;
  if (manifest.instance !== order.kit.instanceId) return err({ kind: 'otherInstance' });
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const room = await findRoom(folder, manifest);
    if (!room.ok) return room;
    let done = 0;
    const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
    const onBytes = (bytes: number): void => order.onBytes?.((done += bytes), total);
    const unpacked = await unpack({
      place,
      keys,
      manifest,
      folder,
      onBytes,
      ...(order.step ? { step: order.step } : {}),
    });
    if (!unpacked.ok) return unpacked;
    await order.step?.('unpacked');
    const proved = await proveFiles({ ...order, manifest });
    return proved.ok ? ok({ manifest, ledger: proved.value }) : proved;
  } catch (cause) {
    const code = fullCode(cause);
    if (code === undefined) throw cause;
    return err({ kind: 'workFull', code });
  } finally {
    await removeGently(folder);
  }
}

/** The manifest under that id, as the kit signed it. */
export async function readManifest(
  place: Place,
  keys: Pick<BackupKeys, 'checks'>,
  id: string,
): Promise<Result<Manifest, ProofRefusal>> {
  const bytes = await place.read('backups', manifestName(id));
  if (bytes === undefined) return err({ kind: 'manifestMissing' });
  const parsed = parseManifest(bytes, keys.checks);
  if (!parsed.ok) return parsed;
  return parsed.value.id === id ? parsed : err({ kind: 'otherBackup' });
}

/** The files of a backup as they lie below `folder`, tried one after the other. */
export async function proveFiles(
  order: Omit<ProofOrder, 'place' | 'id' | 'onBytes'> & { readonly manifest: Manifest },
): Promise<Result<LedgerFindings, ProofRefusal>> {
  const { manifest, folder, kit, keys, step } = order;
  const directory = join(folder, journalPathOf(manifest));
  const whole = await proveJournal(directory, manifest);
  if (!whole.ok) return whole;
  await step?.('journal');
  if (!(await isBookWhole(join(folder, 'book'), kit, manifest.journal.number))) return err({ kind: 'bookDamaged' });
  if (!(await probeSignsIn(kit, keys, manifest))) return err({ kind: 'loginRefused' });
  await step?.('login');
  const rows = await order.neighbours.openRows(manifest.base === null ? undefined : join(folder, 'base'));
  if (!rows.ok) return err({ kind: 'neighbour', refused: rows.error });
  await using beside = rows.value;
  await step?.('started');
  const { number, key } = manifest.journal;
  const journal = openJournalCopy(nodeDisk, directory, { journal: number, durableSeq: key.seq });
  try {
    const { checkLedger } = order.neighbours;
    return await proveRows({ rows: beside, journal, manifest, kit, checkLedger, instanceId: kit.instanceId });
  } finally {
    await journal.close();
  }
}

/** journal/00 */
export function journalPathOf({ journal }: Pick<Manifest, 'journal'>): string {
  return join('journal', String(journal.number).padStart(2, '0'));
}

async function isBookWhole(directory: string, kit: KeyKit, journal: number): Promise<boolean> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const privateKey = signingKey(kit.bookKey);
  const { instanceId, ledgerKey, bookKey } = kit;
  const bodies = new Bodies({
    instanceId,
    ledgerKey,
    publicKey: bookKey.publicKey,
    sign: (bytes) => sign(null, bytes, privateKey),
  });
  const heads = await Heads.open(nodeDisk, directory);
  const store = await BookStore.open({ disk: nodeDisk, directory, journal, bodies });
  try {
    if (!store.ok || !(await doesHeadHold(store.value, heads.newest))) return false;
    return (await verifyBook(store.value, heads, bodies)).length === 0;
  } finally {
    await heads.close();
    if (store.ok) await store.value.close();
  }
}
