// Killed with -9 after each step, and once more on its way back: everybody affected has one notice of the beginning and one of the end, and there is one receipt of each.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openToldHouse, people } from './test-told-house.ts';

const script = fileURLToPath(new URL('test-told-house.ts', import.meta.url));

/** Undefined: it was killed; else the steps it took. */
function run(folder: string, killAt: number, twin: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, folder, String(killAt), twin], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(undefined);
      else if (code === 0) resolve(Number(printed));
      else reject(new Error(`ended with ${code}`));
    });
  });
}

interface Told {
  readonly letters: number;
  readonly distinct: number;
  readonly receipts: readonly string[];
}

async function readTold(folder: string): Promise<Told> {
  await using house = await openToldHouse(folder);
  const ids: string[] = [];
  const receipts: string[] = [];
  for await (const records of house.journal.readKeyRecords(0))
    for (const { content } of records) {
      if (content.kind === 'letter') ids.push(content.letter.letterId);
      if (content.kind === 'command' && content.command.kind === 'receiptRecorded')
        receipts.push(content.command.effect.kind);
    }
  const [incident] = house.incidents.all;
  assert.equal(incident?.told.opened?.reached, people.length);
  assert.equal(incident?.told.closed?.reached, people.length);
  assert.equal(house.incidents.all.length, 1);
  return { letters: ids.length, distinct: new Set(ids).size, receipts: receipts.toSorted() };
}

async function withFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'siegel-told-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const once: Told = {
  letters: 2 * people.length,
  distinct: 2 * people.length,
  receipts: ['incident-closed', 'incident-opened'],
};

test(
  'killed after each step and again after the next: each notice and receipt is there once',
  { timeout: 240_000 },
  async () => {
    const steps = await withFolder(async (folder) => {
      const whole = await run(folder, 0, '');
      assert.deepEqual(await readTold(folder), once);
      return whole ?? 0;
    });
    assert.ok(steps > 2 * people.length + 4, `${steps} steps`);
    for (let killAt = 1; killAt <= steps; killAt++)
      await withFolder(async (folder) => {
        assert.equal(await run(folder, killAt, ''), undefined, `killed at ${killAt}`);
        await run(folder, 1, ''); // at the end of the way there is no further step to be killed at
        await run(folder, 0, '');
        assert.deepEqual(await readTold(folder), once, `killed at ${killAt}`);
      });
  },
);

test('the twin that does not ask the journal tells somebody twice', { timeout: 60_000 }, async () => {
  await withFolder(async (folder) => {
    assert.equal(await run(folder, 4, 'forgets'), undefined);
    await run(folder, 0, 'forgets');
    assert.ok((await readTold(folder)).letters > once.letters);
  });
});
