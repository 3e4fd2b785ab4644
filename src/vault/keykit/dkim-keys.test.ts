// The keys that letters are signed with, on a real disk: made once, rotated without a gap, refused when loose or damaged.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { describeDkimRefusal, DKIM_FILE, openDkimKeys, publishedRecords, rotate, signingKeysAt } from './dkim-keys.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 4, 17);

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'siegel-dkim-'));
  try {
    await use(join(parent, 'kit'));
  } finally {
    await rm(parent, { recursive: true });
  }
}

test('the first start makes both keys, readable by their owner only, and every later start finds the same', () =>
  withFolder(async (folder) => {
    const first = await openDkimKeys(folder, START_MS);
    assert.ok(first.ok);
    assert.deepEqual(await readdir(folder), [DKIM_FILE]);
    assert.equal((await stat(join(folder, DKIM_FILE))).mode & 0o777, 0o600);
    const again = await openDkimKeys(folder, START_MS + DAY_MS);
    assert.ok(again.ok);
    assert.deepEqual(publishedRecords(again.value, START_MS), publishedRecords(first.value, START_MS));
    const signing = signingKeysAt(again.value, START_MS);
    assert.deepEqual(
      signing.map(
        ({ algorithm, privateKey }) => `${algorithm} ${privateKey.asymmetricKeyDetails?.modulusLength ?? ''}`,
      ),
      ['rsa-sha256 2048', 'ed25519-sha256 '],
    );
    for (const { name, text, state } of publishedRecords(first.value, START_MS)) {
      assert.match(name, /^s20260517[0-9a-f]{4}[re]\._domainkey$/);
      assert.match(text, /^v=DKIM1; k=(?:rsa; p=[\w+/=]{392}|ed25519; p=[\w+/=]{44})$/);
      assert.equal(state, 'signing');
    }
  }));

test('a rotation publishes first and signs later, with one key of each kind at any time, and drops what nobody needs', () =>
  withFolder(async (folder) => {
    await openDkimKeys(folder, START_MS);
    const rotated = await rotate(folder, START_MS + DAY_MS, 48);
    assert.ok(rotated.ok);
    const states = (nowMs: number): string =>
      publishedRecords(rotated.value, nowMs)
        .map(({ state }) => state)
        .join(' ');
    assert.equal(states(START_MS + DAY_MS), 'signing signing coming coming');
    assert.equal(states(START_MS + 3 * DAY_MS), 'leaving leaving signing signing');
    assert.equal(states(START_MS + 18 * DAY_MS), 'signing signing');
    for (let hour = 0; hour < 20 * 24; hour++)
      assert.equal(signingKeysAt(rotated.value, START_MS + hour * 3_600_000).length, 2, `hour ${hour}`);
    const later = await rotate(folder, START_MS + 20 * DAY_MS);
    assert.ok(later.ok);
    assert.equal(later.value.length, 4, 'the first pair is gone');
    assert.deepEqual((await openDkimKeys(folder, 0)).ok, true);
  }));

test('a second rotation before the first began replaces it, and the old keys sign until then', () =>
  withFolder(async (folder) => {
    const first = await openDkimKeys(folder, START_MS);
    assert.ok(first.ok);
    await rotate(folder, START_MS, 10);
    const second = await rotate(folder, START_MS + 3_600_000, 48);
    assert.ok(second.ok);
    assert.equal(second.value.length, 4);
    for (let hour = 0; hour < 100; hour++) {
      const [rsa, ...rest] = signingKeysAt(second.value, START_MS + hour * 3_600_000);
      assert.equal(rest.length, 1);
      assert.equal(rsa?.selector === first.value[0]?.selector, hour < 49, `hour ${hour}`);
    }
  }));

test('keys that others can read or that are damaged are refused with what to do, and never overwritten', () =>
  withFolder(async (folder) => {
    await openDkimKeys(folder, START_MS);
    const path = join(folder, DKIM_FILE);
    await chmod(path, 0o644);
    const loose = await openDkimKeys(folder, START_MS);
    assert.ok(!loose.ok && loose.error.kind === 'dkimKeysPermissions');
    assert.match(describeDkimRefusal(loose.error), /chmod 600/);
    await chmod(path, 0o600);
    const text = await readFile(path, 'utf8');
    for (const damaged of [
      '',
      '{}',
      'null',
      text.slice(0, -9),
      text.replace('pkcs8":"M', 'pkcs8":"N'),
      text.replace('rsa-sha256', 'ed25519-sha256'),
    ]) {
      await writeFile(path, damaged);
      for (const opened of [await openDkimKeys(folder, START_MS), await rotate(folder, START_MS)])
        assert.ok(!opened.ok && opened.error.kind === 'dkimKeysDamaged', damaged.slice(0, 30));
      assert.equal(await readFile(path, 'utf8'), damaged);
    }
  }));
