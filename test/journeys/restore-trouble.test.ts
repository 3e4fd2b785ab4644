// A restore that is killed, or finds the disk full at any byte, leaves the house or nothing under the name that was asked for; damaged backups are refused.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Day, moveIn } from '../house-life.ts';
import { runSiegel, startProgram } from '../running-program.ts';

const isLong = process.env['SIEGEL_LONG'] !== undefined;
const STEP_EVERY = isLong ? 1 : 4;
const DISKS = isLong ? 12 : 4;

let folder = '';
const place = (): string => join(folder, 'place');
const kit = (): string => join(folder, 'first', 'data-kit');

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'siegel-trouble-'));
  const env = { SIEGEL_BACKUP_DIR: place() };
  const program = await startProgram({ directory: join(folder, 'first'), env });
  await using day = new Day(() => program, [await moveIn(() => program, 'anna')]);
  await day.steps(15);
  const taken = await program.siegel(['backup', 'take', '--json']);
  assert.equal(taken.code, 0, taken.stdout);
  await day[Symbol.asyncDispose]();
  await program.stop();
});
after(() => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));

function restoreTo(to: string, from = place()): ReturnType<typeof runSiegel> {
  const words = ['restore', '--to', to, '--backup', from, '--kit', kit(), '--apply', '--json'];
  return runSiegel(words, '', { ...process.env, SIEGEL_DATA_DIR: join(folder, 'nowhere') });
}

async function restoreKilledAt(to: string, killAt: number): Promise<string> {
  const script = fileURLToPath(new URL('../killed-restore.ts', import.meta.url));
  const order = JSON.stringify({ to, place: place(), kit: kit(), killAt });
  const child = spawn(process.execPath, [script, order], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  await new Promise((resolve) => child.once('close', resolve));
  return said.trim();
}

describe('a restore', () => {
  test('killed between any two steps: nothing lies under the name, and the next one goes through', async (t) => {
    const parent = join(folder, 'killed');
    await mkdir(parent);
    const to = join(parent, 'data');
    const killed: string[] = [];
    for (let killAt = 1; killAt < 200; killAt += STEP_EVERY) {
      const said = await restoreKilledAt(to, killAt);
      if (said === 'done') break;
      killed.push(said);
      assert.ok(!(await readdir(parent)).includes('data'), `after ${said}`);
    }
    t.diagnostic(`${killed.length} kills: ${killed.join(', ')}`);
    assert.ok(killed.length >= 4);
    if (!(await readdir(parent)).includes('data')) assert.equal((await restoreTo(to)).code, 0);
    assert.deepEqual((await readdir(parent)).toSorted(), ['data', 'data-kit']);
    assert.ok(!(await readdir(to)).includes('.restore-begun'));
  });

  test('onto a disk that is too small, or full at any byte: a clear refusal, and nothing is left', async (t) => {
    for (let n = 0; n < DISKS; n++) {
      const small = await mkdtemp(join(folder, 'small-'));
      const mib = 2 + n * Math.ceil(60 / DISKS);
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=755`, 'tmpfs', small]).status !== 0) {
        t.skip('a small tmpfs can be mounted by root only');
        return;
      }
      try {
        // what the first look would refuse is let through, so that the disk itself says no
        const said = await restoreKilledAt(join(small, 'data'), 0);
        assert.match(
          said,
          /^(disk-full|still-running|start-failed|init-failed|neighbour|done)$/,
          `${mib} MiB: ${said}`,
        );
        if (said === 'done') continue;
        assert.deepEqual(await readdir(small), [], `${mib} MiB: ${said}`);
        const looked = await restoreTo(join(small, 'data'));
        assert.equal(looked.code, 1);
        assert.match(looked.stdout, /disk-full/);
      } finally {
        spawnSync('umount', ['-l', small]);
      }
    }
  });

  test('out of a backup with a flipped bit anywhere is refused, and nothing is written', async () => {
    const files = (await readdir(place(), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.name !== '.siegel')
      .map((entry) => join(entry.parentPath, entry.name));
    for (let n = 0; n < (isLong ? 40 : 4); n++) {
      const file = files[n % files.length] ?? '';
      const whole = await readFile(file);
      const bad = Buffer.from(whole);
      const at = randomInt(bad.length);
      bad[at] = (bad[at] ?? 0) ^ (1 << randomInt(8));
      await writeFile(file, bad);
      const to = join(folder, `flipped-${n}`);
      const done = await restoreTo(to);
      await writeFile(file, whole);
      assert.equal(done.code, 1, `${file} byte ${at}: ${done.stdout}`);
      assert.match(done.stdout, /manifest(Damaged|Foreign)|object(Damaged|Missing)|no-backup/);
      assert.ok(!(await readdir(folder)).some((name) => name.startsWith('flipped-')), done.stdout);
    }
  });
});
