// Backups of a scratch house, put together as the program does, and a house made of one on a blank machine.

import { join } from 'node:path';
import { systemClock, type Clock } from '#base/clock.ts';
import { silentLog } from '#base/log/log.ts';
import { ok } from '#base/result.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import type { KeyKit } from '#vault/keykit/key-kit.ts';
import { backupKeysOf } from '#vault/safeguards/backup/backup-keys.ts';
import { Backups, type BackupsOptions } from '#vault/safeguards/backup/backups.ts';
import { openFolderPlace } from '#vault/safeguards/backup/folder-place.ts';
import type { Neighbours } from '#vault/safeguards/backup/neighbours.ts';
import { explainBackup } from '#vault/safeguards/backup/refusals.ts';
import { workFolder } from '#vault/safeguards/backup/take-backup.ts';
import { chooseBackup } from '../restore/choose-backup.ts';
import { restoreHouse } from '../restore/restore-house.ts';
import { baseOf, compareLedger, openRowsIn } from '../server/backup-neighbours.ts';
import type { HouseBackups } from '../server/open-backups.ts';
import { JOURNAL_NUMBER } from '../server/open-vault.ts';
import { DrillHouse } from './drill-house.ts';
import { NotStopped } from './replay.ts';

export interface BackupsOrder {
  readonly placeDir: string;
  /** What the backup is told of rows, so that a replay can lie to it. */
  readonly neighbours?: (honest: Neighbours) => Neighbours;
  readonly clock?: Clock;
  /** Rows are not copied: the house is closed. */
  readonly withoutRows?: boolean;
}

export function backupsOptions(house: DrillHouse, order: BackupsOrder): BackupsOptions {
  const { dataDir, machine, facts } = house;
  const { placeDir, neighbours = (honest) => honest, clock = systemClock, withoutRows = false } = order;
  const rows = { folder: join(workFolder(dataDir), 'rows'), native: machine.native, owner: undefined, log: silentLog };
  return {
    dataDir,
    disk: nodeDisk,
    journal: JOURNAL_NUMBER,
    keys: backupKeysOf(facts.kit),
    kit: facts.kit,
    readKit: async () => ok(facts.kit),
    build: 'drill',
    clock,
    neighbours: neighbours({
      takeBase: withoutRows ? undefined : baseOf(house.vault, dataDir),
      openRows: (base) => openRowsIn(rows, base),
      checkLedger: compareLedger,
    }),
    openPlace: () => openFolderPlace(placeDir),
    placeName: placeDir,
  };
}

/** As the running house has them, without the hours and the second place. */
export async function houseBackups(house: DrillHouse, order: BackupsOrder): Promise<HouseBackups> {
  const backups = new Backups(backupsOptions(house, order));
  await backups.begin();
  // the program looks at the place in the background; here the next command follows at once
  await backups.list();
  return {
    backups,
    placeName: order.placeDir,
    take: (progress) => backups.take(progress),
    warnings: () => [],
    facts: () => ({}),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** The kind of refusal, or the backup that counts. */
export async function tryBackup(house: DrillHouse, order: BackupsOrder): Promise<{ readonly refused?: string }> {
  const taken = await (await houseBackups(house, order)).take();
  return taken.ok ? {} : { refused: taken.error.kind };
}

export async function mustBackUp(house: DrillHouse, order: BackupsOrder): Promise<void> {
  const taken = await (await houseBackups(house, order)).take();
  if (!taken.ok) throw new Error(explainBackup(taken.error));
}

/** Builds the house anew below `folder` out of the newest backup that counts, and opens it. */
export async function restoreFrom(
  placeDir: string,
  house: DrillHouse,
  folder: string,
  kit: KeyKit = house.facts.kit,
): Promise<DrillHouse> {
  const chosen = await chooseBackup(placeDir, kit);
  if (!chosen.ok) throw new NotStopped(chosen.error.sentence);
  const to = join(folder, 'restored');
  const restored = await restoreHouse({
    ...chosen.value,
    to,
    kitDir: join(folder, 'restored-kit'),
    kit,
    identity: undefined,
    clock: systemClock,
    log: silentLog,
    tell: () => undefined,
  });
  if (!restored.ok) throw new NotStopped(restored.error.sentence);
  return new DrillHouse(to, house.machine, { ...house.facts, kit }).open();
}
