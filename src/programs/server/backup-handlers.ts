// What the operator’s backup commands do in the running program: take, try again, list, prune.

import { err, ok, type Result } from '#base/result.ts';
import type { Backups } from '#vault/safeguards/backup/backups.ts';
import type { Manifest } from '#vault/safeguards/backup/manifest.ts';
import { explainBackup, type BackupRefusal } from '#vault/safeguards/backup/refusals.ts';
import type { OperatorHandlers, OperatorRefusal, ResultOf } from '../operator-methods.ts';
import type { HouseBackups } from './open-backups.ts';

type BackupMethod = 'backup.take' | 'backup.verify' | 'backup.list' | 'backup.prune';

export function createBackupHandlers(house: HouseBackups): Pick<OperatorHandlers, BackupMethod> {
  const { backups } = house;
  return {
    'backup.take': async (_, progress) => {
      const taken = await house.take(progress);
      if (!taken.ok) return refuse(taken.error);
      const { manifest, writtenBytes, copyMs, proofMs } = taken.value;
      return ok({ ...describe(manifest), writtenBytes, copyMs, proofMs });
    },
    'backup.verify': async ({ id }, progress) => {
      const verified = await backups.verify(id, progress);
      return verified.ok ? ok(describe(verified.value)) : refuse(verified.error);
    },
    'backup.list': () => list(backups, house.placeName),
    'backup.prune': ({ apply }) => prune(backups, apply),
  };
}

function describe(manifest: Manifest): ResultOf<'backup.verify'> {
  const { id, takenMs, verifiedMs, journal, ledger, objects } = manifest;
  return {
    id,
    takenMs,
    verifiedMs,
    record: journal.key.seq,
    letters: ledger?.letters ?? null,
    accounts: ledger?.accounts ?? null,
    storedBytes: Object.values(objects).reduce((sum, { sealedBytes }) => sum + sealedBytes, 0),
  };
}

async function list(
  backups: Backups,
  placeName: string | undefined,
): Promise<Result<ResultOf<'backup.list'>, OperatorRefusal>> {
  const listed = await backups.list();
  if (!listed.ok) return refuse(listed.error);
  return ok({
    place: placeName ?? '',
    backups: listed.value.flatMap(({ manifest }) => (manifest === undefined ? [] : [describe(manifest)])),
    unreadable: listed.value.filter(({ manifest }) => manifest === undefined).map(({ id }) => id),
    ageMs: backups.backupAge() ?? null,
    isDue: backups.isDue,
  });
}

async function prune(backups: Backups, isApplied: boolean): Promise<Result<ResultOf<'backup.prune'>, OperatorRefusal>> {
  const pruned = await backups.prune(isApplied);
  if (!pruned.ok) return refuse(pruned.error);
  const { backups: going, objects, freedBytes, kept } = pruned.value;
  const plan = `${going.length} backups that are too old or were never finished go, and ${objects.length} parts that no other backup needs (${Math.round(freedBytes / 1e6)} MB). The newest that counts stays.`;
  return ok({ plan, isApplied, backups: [...going], objects: objects.length, freedBytes, kept });
}

function refuse(refusal: BackupRefusal): Result<never, OperatorRefusal> {
  return err({ kind: refusal.kind, sentence: explainBackup(refusal) });
}
