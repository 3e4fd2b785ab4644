// A backup that is killed at any step: earlier ones are whole, nothing half-made counts, the next one is taken as if nothing had been.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { formatKeyKit } from '../../keykit/key-kit.ts';
import { startTestCluster, type TestCluster } from '../../database/test-cluster.ts';
import { openBackupHouse, type BackupHouse } from './test-backup.ts';

const EVERY = process.env['SIEGEL_LONG'] === undefined ? 3 : 1;
const STEPS_MAX = 200;

let cluster: TestCluster;
before(async () => (cluster = await startTestCluster()));
after(() => cluster[Symbol.asyncDispose]());

async function takeKilledAt(house: BackupHouse, killAt: number): Promise<string> {
  const kitFile = join(house.folder, 'kit');
  await writeFile(kitFile, formatKeyKit(house.kit));
  const order = { dataDir: house.dataDir, placeDir: house.placeDir, kitFile, url: cluster.url('NAME'), killAt };
  const script = fileURLToPath(new URL('test-taking.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await new Promise((resolve) => child.once('close', resolve));
  return said.trim();
}

it('killed between any two steps, a backup is there whole or does not count', async (t) => {
  await using house = await openBackupHouse(cluster);
  await house.addLetters(8);
  const first = await house.backups().take();
  assert.ok(first.ok);
  const killed: string[] = [];
  for (let killAt = 1; killAt < STEPS_MAX; killAt += EVERY) {
    await house.addLetters(1);
    const said = await takeKilledAt(house, killAt);
    if (said === 'done') break;
    killed.push(said);
    const backups = house.backups();
    await backups.begin();
    assert.deepEqual(await readdir(house.dataDir), ['journal'], `after ${said}`);
    const listed = await backups.list();
    assert.ok(listed.ok);
    const counted = listed.value.filter(({ manifest }) => manifest?.verifiedMs !== null && manifest !== undefined);
    assert.ok(counted.some(({ id }) => id === first.value.manifest.id));
    // one that says it is whole is whole, however its run ended
    const newest = counted.at(-1);
    if (said === 'verified' || killed.length === 1) assert.ok((await backups.verify(newest?.id)).ok, `after ${said}`);
  }
  t.diagnostic(`${killed.length} kills: ${killed.join(', ')}`);
  assert.ok(killed.length >= 5);
  const last = await house.backups().take();
  assert.ok(last.ok, JSON.stringify(last));
  assert.ok((await house.backups().verify(first.value.manifest.id)).ok);
});
