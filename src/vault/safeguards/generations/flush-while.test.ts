// A file that is flushed while it grows: the last flush is short, and whatever becomes of the work comes through.

import assert from 'node:assert/strict';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { flushWhile } from './flush-while.ts';

const PART = Buffer.alloc(4 * 2 ** 20, 7);

test('the work’s answer comes through, and where there is no file it is no trouble', async () => {
  assert.equal(await flushWhile('/nowhere/base.tar', async () => 42), 42);
});

test('the work’s failure comes through, and nothing is flushed any more', async () => {
  const broken = flushWhile('/nowhere/base.tar', async () => {
    await wait(60);
    throw new Error('the disk is full');
  });
  await assert.rejects(broken, /the disk is full/);
});

test('a file that grows is never far from the disk', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-flush-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'base.tar');
  const lastFlushMs = async (isFlushed: boolean): Promise<number> => {
    const file = await open(path, 'w');
    const write = async (): Promise<void> => {
      for (let part = 0; part < 40; part++) {
        await file.write(PART);
        await wait(20);
      }
    };
    await (isFlushed ? flushWhile(path, write) : write());
    const beganMs = performance.now();
    await file.datasync();
    const tookMs = performance.now() - beganMs;
    await file.close();
    return tookMs;
  };
  const plain = await lastFlushMs(false);
  if (plain < 5) return t.skip('files here lie in memory');
  const flushed = await lastFlushMs(true);
  assert.ok(flushed < plain, `the last flush took ${flushed.toFixed(1)} ms, and ${plain.toFixed(1)} without`);
});
