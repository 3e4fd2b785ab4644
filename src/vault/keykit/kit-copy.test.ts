// Copies of the key kit to keep elsewhere: they bring the same kit back, and a single wrong bit is found.

import assert from 'node:assert/strict';
import { createCipheriv, randomInt, scryptSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { formatDkimKeys, openDkimKeys } from './dkim-keys.ts';
import { formatKeyKit, kitFingerprint, makeKeyKit } from './key-kit.ts';
import { readKitCopy } from './kit-copy.ts';
import { printKit } from './printed-kit.ts';
import { sealKit } from './sealed-kit.ts';

const folder = mkdtempSync(join(tmpdir(), 'sgl-kit-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const kit = await makeKeyKit(1_700_000_000_000);
const made = await openDkimKeys(folder, 1_700_000_000_000);
assert.ok(made.ok);
const dkimKeys = made.value;
const keys = { kit, dkimKeys };
const PASSPHRASE = 'correct horse battery staple';
const FLIPS = 400;

it('a sealed copy opens with its passphrase and with no other', async () => {
  const text = await sealKit(keys, PASSPHRASE);
  const read = await readKitCopy(text, PASSPHRASE);
  assert.ok(read.ok && kitFingerprint(read.value.kit) === kitFingerprint(kit));
  assert.deepEqual(await readKitCopy(text, 'another'), { ok: false, error: { kind: 'kitCopyNotOpened' } });
  assert.deepEqual(await readKitCopy(text, undefined), { ok: false, error: { kind: 'passphraseNeeded' } });
  assert.ok(!text.includes(kit.instanceId));
});

it('a printed kit is read as people type it, and a wrong line is named', async () => {
  const text = printKit(keys);
  const typed = text.toUpperCase().replaceAll(' ', '   ');
  const read = await readKitCopy(typed, undefined);
  assert.ok(read.ok && kitFingerprint(read.value.kit) === kitFingerprint(kit) && !read.value.isExact);
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith(' 7 '));
  lines[at] = (lines[at] ?? '').replace(/[a-y](?=[a-z2-7]{4} )/, (letter) => (letter === 'a' ? 'b' : 'a'));
  const wrong = await readKitCopy(lines.join('\n'), undefined);
  assert.deepEqual(wrong, { ok: false, error: { kind: 'kitLineWrong', line: '7' } });
  lines.splice(at, 1);
  assert.deepEqual(await readKitCopy(lines.join('\n'), undefined), {
    ok: false,
    error: { kind: 'kitLineWrong', line: '7' },
  });
});

it('signing keys come along in both copies; who types a paper may leave them out, but not a part of them', async () => {
  for (const text of [await sealKit(keys, PASSPHRASE), printKit(keys)]) {
    const read = await readKitCopy(text, PASSPHRASE);
    assert.ok(read.ok && read.value.dkimKeys && read.value.isExact);
    assert.equal(formatDkimKeys(read.value.dkimKeys), formatDkimKeys(dkimKeys));
  }
  const lines = printKit(keys).split('\n');
  const short = await readKitCopy(lines.filter((line) => !/^s\d/.test(line)).join('\n'), undefined);
  assert.ok(short.ok && short.value.dkimKeys === undefined && kitFingerprint(short.value.kit) === kitFingerprint(kit));
  const last = lines.findLastIndex((line) => /^s\d/.test(line));
  assert.deepEqual(await readKitCopy(lines.toSpliced(last, 1).join('\n'), undefined), {
    ok: false,
    error: { kind: 'kitCopyDamaged' },
  });
  assert.deepEqual(await readKitCopy(lines.toSpliced(last - 3, 1).join('\n'), undefined), {
    ok: false,
    error: { kind: 'kitLineWrong', line: lines[last - 3]?.split(' ')[0] },
  });
});

it('copies of before, which hold the kit alone, are read as they were', async () => {
  const [salt, nonce] = [new Uint8Array(16).fill(1), new Uint8Array(12).fill(2)];
  const head = { format: 'siegel-sealed-kit/1', salt: 'AQEBAQEBAQEBAQEBAQEBAQ', nonce: 'AgICAgICAgICAgIC' };
  const key = scryptSync(PASSPHRASE, salt, 32, { N: 1 << 17, r: 8, p: 1, maxmem: 192 * 2 ** 20 });
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(canonicalJson(head)));
  const sealed = Buffer.concat([cipher.update(formatKeyKit(kit)), cipher.final(), cipher.getAuthTag()]);
  const text = `${canonicalJson({ ...head, sealed: sealed.toString('base64url') })}\n`;
  for (const copy of [text, printKit({ kit })]) {
    const read = await readKitCopy(copy, PASSPHRASE);
    assert.ok(read.ok && read.value.isExact && read.value.dkimKeys === undefined);
    assert.equal(kitFingerprint(read.value.kit), kitFingerprint(kit));
  }
  // what says that it is of now must hold both
  const claims = text.replace('sealed-kit/1', 'sealed-kit/2');
  assert.deepEqual(await readKitCopy(claims, PASSPHRASE), { ok: false, error: { kind: 'kitCopyNotOpened' } });
});

it(`${FLIPS} flipped bits of a printed kit and 40 of a sealed one: none is silent`, async () => {
  for (const [text, flips] of [
    [printKit(keys), FLIPS],
    [await sealKit(keys, PASSPHRASE), 40], // each costs half a second; the digest below covers the rest
  ] as const) {
    for (let n = 0; n < flips; n++) {
      const bytes = Buffer.from(text);
      const at = randomInt(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << randomInt(8));
      const read = await readKitCopy(bytes.toString('latin1'), PASSPHRASE);
      assert.ok(!read.ok || !read.value.isExact, `bit of byte ${at}`);
      if (read.ok) assert.equal(kitFingerprint(read.value.kit), kitFingerprint(kit));
    }
  }
});
