// The kit on a real disk: made once, refused when loose, damaged, foreign or missing.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { newId, type InstanceId } from '#base/ids.ts';
import { kitFingerprint, withFreshSetup, formatKeyKit, parseKeyKit } from './key-kit.ts';
import { KIT_FILE, openKeyKit } from './kit-file.ts';
import { describeKitRefusal } from './kit-refusals.ts';

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const parent = await mkdtemp(join(tmpdir(), 'siegel-kit-'));
  try {
    await use(join(parent, 'kit'));
  } finally {
    await rm(parent, { recursive: true });
  }
}

const open = (folder: string, instanceId?: InstanceId) => openKeyKit({ folder, instanceId, clock: systemClock });

test('the first start makes a kit that only its owner can read, and every later start finds the same', () =>
  withFolder(async (folder) => {
    const first = await open(folder);
    assert.ok(first.ok && first.value.isNew);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
    assert.equal((await stat(join(folder, KIT_FILE))).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder), [KIT_FILE]);
    const again = await open(folder, first.value.kit.instanceId);
    assert.ok(again.ok && !again.value.isNew);
    assert.deepEqual(again.value.kit, first.value.kit);
    assert.equal(kitFingerprint(again.value.kit), kitFingerprint(first.value.kit));
    assert.match(kitFingerprint(first.value.kit), /^([0-9a-f]{4} ){9}[0-9a-f]{4}$/);
  }));

test('ten starts at once end with one kit', () =>
  withFolder(async (folder) => {
    const opened = await Promise.all(Array.from({ length: 10 }, () => open(folder)));
    const prints = opened.map((one) => (one.ok ? kitFingerprint(one.value.kit) : describeKitRefusal(one.error)));
    assert.equal(new Set(prints).size, 1);
  }));

test('a house with data never gets a new kit: the missing one is asked for', () =>
  withFolder(async (folder) => {
    const opened = await open(folder, newId<InstanceId>());
    assert.ok(!opened.ok && opened.error.kind === 'kitMissing');
    assert.match(describeKitRefusal(opened.error), /Put the kit back/);
  }));

test('a kit of another house is refused', () =>
  withFolder(async (folder) => {
    await open(folder);
    const opened = await open(folder, newId<InstanceId>());
    assert.ok(!opened.ok && opened.error.kind === 'kitForeign');
  }));

test('a kit or folder that others can reach is refused with the command that repairs it', () =>
  withFolder(async (folder) => {
    const made = await open(folder);
    assert.ok(made.ok);
    for (const [path, loose, tight] of [
      [join(folder, KIT_FILE), 0o640, 0o600],
      [folder, 0o755, 0o700],
    ] as const) {
      await chmod(path, loose);
      const opened = await open(folder);
      assert.ok(!opened.ok && opened.error.kind === 'kitPermissions');
      assert.match(describeKitRefusal(opened.error), new RegExp(`chmod ${tight.toString(8)} '${path}'`));
      await chmod(path, tight);
      assert.ok((await open(folder)).ok);
    }
  }));

test('a kit with one changed, missing or added byte is refused as damaged, and stays as it is', () =>
  withFolder(async (folder) => {
    await open(folder);
    const path = join(folder, KIT_FILE);
    const text = await readFile(path, 'utf8');
    const at = text.indexOf('ledgerKey') + 14;
    const flipped = text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);
    for (const damaged of [flipped, text.slice(0, -2), `${text} `, '', '{}', 'null']) {
      await writeFile(path, damaged);
      const opened = await open(folder);
      assert.ok(!opened.ok && opened.error.kind === 'kitDamaged');
      assert.equal(await readFile(path, 'utf8'), damaged);
    }
  }));

test('a fresh setup stands in front and the old one stays readable behind it', () =>
  withFolder(async (folder) => {
    const made = await open(folder);
    assert.ok(made.ok);
    const renewed = await withFreshSetup(made.value.kit);
    assert.equal(renewed.setups.length, 2);
    assert.equal(renewed.setups[1]?.id, made.value.kit.setups[0].id);
    const parsed = parseKeyKit(formatKeyKit(renewed));
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.value, renewed);
  }));
