// A backup counts only when it was restored beside and found whole; whatever is wrong with it is said.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { tamperIn } from '../../database/test-tamper.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { openFolderPlace } from './folder-place.ts';
import { openBackupHouse, type BackupHouse } from './test-backup.ts';

let cluster: TestCluster;
before(async () => (cluster = await startTestCluster()));
after(() => cluster[Symbol.asyncDispose]());

async function mustTake(house: BackupHouse): Promise<string> {
  const taken = await house.backups().take();
  assert.ok(taken.ok, JSON.stringify(taken));
  return taken.value.manifest.id;
}

describe('a backup', () => {
  it('is restored beside and found whole before it counts; a second one stores only what is new', async () => {
    await using house = await openBackupHouse(cluster);
    await house.addLetters(30);
    const backups = house.backups();
    assert.equal(backups.backupAge(), undefined);
    const first = await backups.take();
    assert.ok(first.ok, JSON.stringify(first));
    const { manifest } = first.value;
    assert.equal(manifest.ledger?.letters, 60);
    assert.ok(manifest.verifiedMs !== null && backups.backupAge() !== undefined && !backups.isDue);
    const second = await backups.take();
    assert.ok(second.ok);
    assert.equal(second.value.writtenBytes, 0);
    assert.deepEqual((await readdir(house.dataDir)).toSorted(), ['journal']);
  });

  it('in which any part is missing, damaged or changed for another is not verified again', async () => {
    await using house = await openBackupHouse(cluster);
    await house.addLetters(10);
    const id = await mustTake(house);
    const backups = house.backups();
    const objects = (await readdir(join(house.placeDir, 'objects'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const [one = '', two = ''] = objects;
    const kept = await readFile(one);
    await rm(one);
    assert.deepEqual(await kindOf(backups.verify(id)), 'objectMissing');
    await copyFile(two, one);
    assert.deepEqual(await kindOf(backups.verify(id)), 'objectDamaged');
    await writeFile(one, kept.subarray(0, -1));
    assert.deepEqual(await kindOf(backups.verify(id)), 'objectDamaged');
    assert.equal(backups.backupAge(), undefined, 'what does not hold any more counts no more');
    await writeFile(one, kept);
    assert.equal(await kindOf(backups.verify(id)), 'ok');
    assert.notEqual(backups.backupAge(), undefined);
  });

  it('taken over a part that went bad writes that part anew', async () => {
    await using house = await openBackupHouse(cluster);
    await house.addLetters(10);
    await mustTake(house);
    const folder = join(house.placeDir, 'objects');
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const bytes = await readFile(path);
      bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
      await writeFile(path, bytes);
    }
    const id = await mustTake(house);
    assert.equal(await kindOf(house.backups().verify(id)), 'ok');
  });

  it('two at once: the second is refused', async () => {
    await using house = await openBackupHouse(cluster);
    const backups = house.backups();
    const [first, second] = await Promise.all([backups.take(), backups.take()]);
    assert.ok(first.ok);
    assert.ok(!second.ok && second.error.kind === 'underWay');
  });

  it('under way when the program stops is given up at its next step and does not count', async () => {
    await using house = await openBackupHouse(cluster);
    let stopping: Promise<void> | undefined;
    const backups = house.backups({
      step: async (name) => {
        if (name === 'copied') stopping ??= backups.stop();
      },
    });
    const taken = await backups.take();
    assert.ok(!taken.ok && taken.error.kind === 'stopped', JSON.stringify(taken));
    await stopping;
    assert.deepEqual(await readdir(house.dataDir), ['journal']);
    assert.ok((await house.backups().take()).ok);
  });

  it('onto a place that fills up at any byte is refused, leaves nothing half-written, and earlier ones stand', async (t) => {
    await using house = await openBackupHouse(cluster);
    await house.addLetters(40);
    const small = join(house.folder, 'small');
    await mkdir(small);
    for (const kib of [64, 96, 128, 192, 256]) {
      const options = ['-t', 'tmpfs', '-o', `size=${kib}k`, 'tmpfs', small];
      if (spawnSync('mount', options).status !== 0) return t.skip('a small tmpfs can be mounted by root only');
      try {
        const backups = house.backups({ openPlace: () => openFolderPlace(small), placeName: small });
        const taken = await backups.take();
        if (taken.ok) continue;
        assert.equal(taken.error.kind, 'placeFull', `${kib} KiB`);
        assert.equal(backups.backupAge(), undefined);
        const left = (await readdir(small, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
        assert.deepEqual(
          left.filter(({ name }) => name.startsWith('.writing-')),
          [],
          `${kib} KiB`,
        );
        // given room, the same place goes on from what is there
        spawnSync('mount', ['-o', 'remount,size=64m', small]);
        const again = await backups.take();
        assert.ok(again.ok, JSON.stringify(again));
      } finally {
        spawnSync('umount', ['-l', small]);
      }
    }
    assert.deepEqual(await readdir(house.dataDir), ['journal']);
  });

  it('in the data folder, or around it, is refused', async () => {
    await using house = await openBackupHouse(cluster);
    for (const placeName of [join(house.dataDir, 'backups'), house.dataDir, house.folder]) {
      const taken = await house.backups({ placeName }).take();
      assert.ok(!taken.ok && taken.error.kind === 'placeInside', placeName);
    }
  });

  it('whose ledger differs does not count; with the ledger switched off it does (the twin)', async () => {
    await using house = await openBackupHouse(cluster);
    await house.addLetters(5);
    const { neighbours } = house;
    const losing: typeof neighbours.openRows = async (base) => {
      const rows = await neighbours.openRows(base);
      if (!rows.ok) return rows;
      // follows the journal, then loses a letter: a job that ended well and kept less
      return { ok: true, value: rows.value };
    };
    const lossy: typeof neighbours.checkLedger = async (way) => {
      await tamperIn(way.database, 'DELETE FROM placement WHERE ctid = (SELECT min(ctid) FROM placement)');
      return neighbours.checkLedger(way);
    };
    const taken = await house.backups({ neighbours: { ...neighbours, openRows: losing, checkLedger: lossy } }).take();
    assert.ok(!taken.ok && taken.error.kind === 'ledgerUnequal', JSON.stringify(taken));
    assert.equal(house.backups().backupAge(), undefined);
    const blind: typeof neighbours.checkLedger = async (way) => ({ ...(await lossy(way)), isEqual: true });
    assert.ok((await house.backups({ neighbours: { ...neighbours, checkLedger: blind } }).take()).ok);
  });

  it('of a journal that does not go on from the last one is refused, and of one that does is taken', async () => {
    await using house = await openBackupHouse(cluster);
    await house.addLetters(5);
    await mustTake(house);
    await using other = await openBackupHouse(cluster);
    await other.addLetters(9);
    const mixed = house.backups({ dataDir: other.dataDir });
    const taken = await mixed.take();
    assert.ok(!taken.ok && taken.error.kind === 'notContinued', JSON.stringify(taken));
    await house.addLetters(1);
    await mustTake(house);
  });

  it('with another kit than the house’s does not open', async () => {
    await using house = await openBackupHouse(cluster);
    const id = await mustTake(house);
    await using other = await openBackupHouse(cluster);
    const foreign = other.backups({
      openPlace: requireValue(house.options.openPlace, 'a place'),
      placeName: house.placeDir,
    });
    assert.equal(await kindOf(foreign.verify(id)), 'manifestForeign');
  });
});

async function kindOf(work: Promise<{ ok: true } | { ok: false; error: { kind: string } }>): Promise<string> {
  const done = await work;
  return done.ok ? 'ok' : done.error.kind;
}
