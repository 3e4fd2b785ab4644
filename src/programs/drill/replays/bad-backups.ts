// R4, R10, R16: backups that say they are one, a broken house offered to the second place, and a blank machine.

import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok } from '#base/result.ts';
import { makeKeyKit } from '#vault/keykit/key-kit.ts';
import { openFolderPlace } from '#vault/safeguards/backup/folder-place.ts';
import type { Neighbours } from '#vault/safeguards/backup/neighbours.ts';
import { takeBackup } from '#vault/safeguards/backup/take-backup.ts';
import { journalFolder } from '../../server/open-vault.ts';
import { countLetters, type Count } from '../count-letters.ts';
import { backupsOptions, mustBackUp, restoreFrom, tryBackup } from '../drill-backups.ts';
import { DrillHouse } from '../drill-house.ts';
import { NotStopped, requireStopped, type Replay, type Stage } from '../replay.ts';

const NEW_LETTERS = 10;
type TakeBase = NonNullable<Neighbours['takeBase']>;

const R4: Replay = {
  id: 'R4',
  attempted: 'a backup job that ends with 0 and leaves an empty, an old or a wrong-version file',
  without: 'the restore that proves a backup before it counts',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const placeDir = join(stage.folder, 'place');
    const old = join(stage.folder, 'old-base');
    await mkdir(old, { recursive: true });
    const honest = backupsOptions(house, { placeDir }).neighbours.takeBase;
    const copied = await honest?.(old);
    requireStopped(copied?.ok === true, 'no copy of the rows could be made');
    const systemIdentifier = copied?.ok === true ? copied.value.systemIdentifier : '';
    await house.receive(NEW_LETTERS);
    const appliedSeq = house.vault.journal.durableSeq;
    const claims = async (fill: (folder: string) => Promise<void>, folder: string): ReturnType<TakeBase> => {
      await fill(folder);
      return ok({ systemIdentifier, appliedSeq });
    };
    const jobs: Readonly<Record<string, (folder: string) => Promise<void>>> = {
      empty: async (folder) => {
        await cp(old, folder, { recursive: true });
        await writeFile(join(folder, 'base.tar'), '');
      },
      old: (folder) => cp(old, folder, { recursive: true }),
      'wrong version': async (folder) => {
        await cp(old, folder, { recursive: true });
        const tar = await readFile(join(folder, 'base.tar'));
        // the file that says which PostgreSQL it is; its checksum in the list no longer holds either
        const at = tar.indexOf(Buffer.from('PG_VERSION\0'));
        tar.write('9', at + 512);
        await writeFile(join(folder, 'base.tar'), tar);
      },
    };
    if (isSabotaged) return { stoppedBy: 'nothing', ...(await servedFromOldCopy(stage, house, old)) };
    const refusals: string[] = [];
    for (const [name, fill] of Object.entries(jobs)) {
      const { refused } = await tryBackup(house, {
        placeDir,
        neighbours: (own) => ({ ...own, takeBase: (folder) => claims(fill, folder) }),
      });
      requireStopped(refused !== undefined, `a backup of an ${name} file counted`);
      refusals.push(`${name}: ${refused ?? ''}`);
    }
    await mustBackUp(house, { placeDir });
    await house.close();
    await using again = await restoreFrom(placeDir, house, stage.folder);
    return { stoppedBy: `the restore beside (${refusals.join(', ')})`, ...(await again.count()) };
  },
};

/** Believed, and brought back as it is: what it holds serves, the journal is not asked. */
async function servedFromOldCopy(stage: Stage, house: DrillHouse, old: string): Promise<Count> {
  const { openRows } = backupsOptions(house, { placeDir: join(stage.folder, 'place') }).neighbours;
  const rows = await openRows(old);
  if (!rows.ok) throw new Error(rows.error.sentence);
  await using beside = rows.value;
  return await countLetters({ database: beside.database, journal: house.vault.journal }, house.facts.letters);
}

const R10: Replay = {
  id: 'R10',
  attempted: 'a corrupt journal, then an empty one, offered to the second place',
  without: 'the comparison with the backups that are there',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const placeDir = join(stage.folder, 'place');
    await mustBackUp(house, { placeDir });
    const order = { placeDir, withoutRows: true };
    const lane = journalFolder(house.dataDir);
    await house.close();
    const empty = await emptyHouse(stage, house);
    if (isSabotaged) {
      const options = backupsOptions(empty, order);
      const place = await openFolderPlace(placeDir);
      // nothing is known of earlier ones, so nothing is compared, and the newest is believed
      const taken = await takeBackup({ ...options, place, earlier: [] });
      requireStopped(taken.ok, 'even without the comparison the empty journal was not taken');
      await using again = await restoreFrom(placeDir, house, stage.folder);
      return { stoppedBy: 'nothing', ...(await again.count()) };
    }
    const offeredEmpty = await tryBackup(empty, order);
    await flipByte(lane);
    const offeredCorrupt = await tryBackup(house, order);
    requireStopped(offeredEmpty.refused !== undefined, 'the empty journal was taken');
    requireStopped(offeredCorrupt.refused !== undefined, 'the corrupt journal was taken');
    await using again = await restoreFrom(placeDir, house, stage.folder);
    const words = `the comparison with what the place has (empty: ${offeredEmpty.refused ?? ''}, corrupt: ${offeredCorrupt.refused ?? ''})`;
    return { stoppedBy: words, ...(await again.count()) };
  },
};

/** The same kit on a fresh disk, as after a mount that did not come. */
async function emptyHouse(stage: Stage, { machine, facts }: DrillHouse): Promise<DrillHouse> {
  const house = new DrillHouse(join(stage.folder, 'empty'), machine, { kit: facts.kit, accounts: [], letters: [] });
  await house.open();
  await house.close();
  return house;
}

async function flipByte(folder: string): Promise<void> {
  const name = (await readdir(folder)).find((one) => one.startsWith('key'));
  const path = join(folder, name ?? '');
  const bytes = await readFile(path);
  // far inside what is written, behind the segment’s own header
  const at = 6_000;
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  await writeFile(path, bytes);
}

const R16: Replay = {
  id: 'R16',
  attempted: 'the machine is gone: a house on a blank one, from backup and key kit',
  without: 'the key kit kept elsewhere',
  async run(stage, isSabotaged) {
    const house = await stage.house();
    const placeDir = join(stage.folder, 'place');
    await mustBackUp(house, { placeDir });
    await house.close();
    await rm(house.dataDir, { recursive: true, force: true });
    if (isSabotaged) {
      const other = { ...(await makeKeyKit(Date.now())), instanceId: house.facts.kit.instanceId };
      const refused = await restoreFrom(placeDir, house, stage.folder, other).catch((cause: unknown) => cause);
      requireStopped(refused instanceof NotStopped, 'a backup opened without its key kit');
      return { stoppedBy: 'nothing', lost: house.facts.letters.length, doubled: 0, broken: 0 };
    }
    await using again = await restoreFrom(placeDir, house, stage.folder);
    await again.receive(NEW_LETTERS);
    return { stoppedBy: 'the backup that was restored before it counted, and the key kit', ...(await again.count()) };
  },
};

export const badBackupReplays: readonly Replay[] = [R4, R10, R16];
