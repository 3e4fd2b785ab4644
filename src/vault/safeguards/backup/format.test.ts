// The format of objects and manifests: what was sealed opens again, and a flipped bit, a cut, a swap or another key never passes.

import assert from 'node:assert/strict';
import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { limits } from '#base/limits.ts';
import { parseId, type InstanceId } from '#base/ids.ts';
import { requireValue } from '#base/assert.ts';
import { backupKeysOf } from './backup-keys.ts';
import { formatManifest, makeBackupId, parseManifest, type Manifest } from './manifest.ts';
import { isBackupDue } from './schedule.ts';
import { objectName, openObject, sealObject } from './sealed-object.ts';

const vectors = JSON.parse(readFileSync(new URL('vectors.json', import.meta.url), 'utf8')) as {
  readonly instance: string;
  readonly settingsKey: string;
  readonly recipient: string;
  readonly probe: { readonly id: string; readonly password: string };
  readonly objects: readonly { readonly content: string; readonly name: string; readonly sealed: string }[];
  readonly manifest: string;
};
const instanceId = requireValue(parseId<InstanceId>(vectors.instance), 'an instance');
const keys = backupKeysOf({ settingsKey: new Uint8Array(Buffer.from(vectors.settingsKey, 'hex')), instanceId });
const other = backupKeysOf({ settingsKey: new Uint8Array(32).fill(9), instanceId });
const CHUNK = limits.backup.chunkBytes + 16;
const FLIPS = 400;

describe('objects', () => {
  it('the vectors of decision 0015 open, and names and keys are those', async () => {
    assert.equal(Buffer.from(keys.recipient).toString('hex'), vectors.recipient);
    assert.equal(keys.probePassword(vectors.probe.id), vectors.probe.password);
    for (const { content, name, sealed } of vectors.objects) {
      assert.equal(objectName(keys.nameKey, Buffer.from(content, 'hex')), name);
      assert.equal((await openObject(Buffer.from(sealed, 'hex'), keys))?.toString('hex'), content);
    }
    const parsed = parseManifest(Buffer.from(vectors.manifest), keys.checks);
    assert.ok(parsed.ok);
    assert.equal(formatManifest(parsed.value, keys.signs).toString(), vectors.manifest);
  });

  it('what is sealed opens again, of every size around a chunk, and for each of its readers', async () => {
    const { chunkBytes } = limits.backup;
    for (const bytes of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes + 7]) {
      const content = randomBytes(bytes);
      const sealed = await sealObject(content, [other.recipient, keys.recipient]);
      for (const reader of [keys, other]) assert.deepEqual(await openObject(sealed, reader), content);
    }
    const foreign = await sealObject(randomBytes(100), [other.recipient]);
    assert.equal(await openObject(foreign, keys), undefined);
  });

  it(`${FLIPS} flipped bits, cuts, chunks that changed places, were doubled or left out: none opens`, async () => {
    const sealed = await sealObject(randomBytes(5 * limits.backup.chunkBytes), [other.recipient, keys.recipient]);
    for (let n = 0; n < FLIPS; n++) {
      const bad = Buffer.from(sealed);
      const at = n < 100 ? randomInt(300) : randomInt(bad.length); // header and chunks
      bad[at] = (bad[at] ?? 0) ^ (1 << randomInt(8));
      assert.equal(await openObject(bad, keys), undefined, `byte ${at}`);
    }
    for (let n = 0; n < 50; n++)
      assert.equal(await openObject(sealed.subarray(0, randomInt(sealed.length)), keys), undefined);
    const head = sealed.length - Math.floor(sealed.length / CHUNK) * CHUNK;
    const chunk = (index: number): Buffer => sealed.subarray(head + index * CHUNK, head + (index + 1) * CHUNK);
    for (const order of [
      [1, 0, 2, 3, 4],
      [0, 1, 2, 3],
      [0, 1, 1, 2, 3, 4],
      [0, 2, 3, 4],
      [0, 1, 2, 3, 4, 4],
    ])
      assert.equal(await openObject(Buffer.concat([sealed.subarray(0, head), ...order.map(chunk)]), keys), undefined);
    assert.notEqual(await openObject(sealed, keys), undefined);
  });

  it('any bytes are read without a mistake', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const magic = Buffer.concat([Buffer.from('SGBO\x01\x01', 'latin1'), bytes]);
        assert.equal(await openObject(magic, keys), undefined);
        assert.ok(!parseManifest(bytes, keys.checks).ok);
      }),
      { numRuns: 300 },
    );
  });
});

describe('manifests', () => {
  it(`${FLIPS} flipped bits: each is found`, () => {
    const whole = Buffer.from(vectors.manifest);
    for (let n = 0; n < FLIPS; n++) {
      const bad = Buffer.from(whole);
      const at = randomInt(bad.length);
      bad[at] = (bad[at] ?? 0) ^ (1 << randomInt(8));
      assert.ok(!parseManifest(bad, keys.checks).ok, `byte ${at}`);
    }
  });

  it('one that another kit signed, or whose files name no object, is refused; names never lead out of the folder', () => {
    const parsed = parseManifest(Buffer.from(vectors.manifest), keys.checks);
    assert.ok(parsed.ok);
    assert.deepEqual(parseManifest(formatManifest(parsed.value, other.signs), keys.checks), {
      ok: false,
      error: { kind: 'manifestForeign' },
    });
    const changed = (files: Manifest['files']): Manifest => ({ ...parsed.value, files });
    const [file] = parsed.value.files;
    assert.ok(file);
    for (const path of ['../x', '/etc/x', 'journal/../../x', 'live/x', 'journal//x', 'kit/key-kit.json'])
      assert.ok(!parseManifest(formatManifest(changed([{ ...file, path }]), keys.signs), keys.checks).ok, path);
    const lost = changed([{ ...file, objects: ['0'.repeat(64)] }]);
    assert.ok(!parseManifest(formatManifest(lost, keys.signs), keys.checks).ok);
  });

  it('ids sort by time', () => {
    const id = makeBackupId(Date.UTC(2026, 10, 22, 13, 4, 5), new Uint8Array(6));
    assert.equal(id, '20261122-130405-aaaaaa');
  });
});

describe('the schedule', () => {
  const at = { hour: 3, minute: 0 };
  const time = (day: number, hour: number): number => new Date(2026, 4, day, hour).getTime();
  const moment = { startedMs: time(1, 0), triedMs: undefined };

  it('takes one a day at its hour, soon after one that was missed, and does not try again at once', () => {
    assert.ok(!isBackupDue(at, 0, { ...moment, nowMs: time(10, 2), newestMs: time(9, 3) }));
    assert.ok(isBackupDue(at, 0, { ...moment, nowMs: time(10, 3), newestMs: time(9, 3) }));
    assert.ok(!isBackupDue(at, 3_600_000, { ...moment, nowMs: time(10, 3), newestMs: time(9, 4) }));
    assert.ok(!isBackupDue(at, 0, { ...moment, nowMs: time(10, 4), newestMs: time(10, 3) }));
    assert.ok(isBackupDue(at, 0, { ...moment, nowMs: time(10, 12), newestMs: time(8, 3) }));
    assert.ok(
      !isBackupDue(at, 0, {
        nowMs: time(10, 12),
        startedMs: time(10, 12) - 1,
        triedMs: undefined,
        newestMs: undefined,
      }),
    );
    assert.ok(
      !isBackupDue(at, 0, { ...moment, nowMs: time(10, 12), newestMs: undefined, triedMs: time(10, 12) - 60_000 }),
    );
    assert.ok(isBackupDue(at, 0, { ...moment, nowMs: time(10, 12), newestMs: undefined, triedMs: time(10, 10) }));
  });
});
