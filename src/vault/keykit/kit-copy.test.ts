// Copies of the key kit to keep elsewhere: they bring the same kit back, and a single wrong bit is found.

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { it } from 'node:test';
import { kitFingerprint, makeKeyKit } from './key-kit.ts';
import { readKitCopy } from './kit-copy.ts';
import { printKit } from './printed-kit.ts';
import { sealKit } from './sealed-kit.ts';

const kit = await makeKeyKit(1_700_000_000_000);
const PASSPHRASE = 'correct horse battery staple';
const FLIPS = 400;

it('a sealed copy opens with its passphrase and with no other', async () => {
  const text = await sealKit(kit, PASSPHRASE);
  const read = await readKitCopy(text, PASSPHRASE);
  assert.ok(read.ok && kitFingerprint(read.value.kit) === kitFingerprint(kit));
  assert.deepEqual(await readKitCopy(text, 'another'), { ok: false, error: { kind: 'kitCopyNotOpened' } });
  assert.deepEqual(await readKitCopy(text, undefined), { ok: false, error: { kind: 'passphraseNeeded' } });
  assert.ok(!text.includes(kit.instanceId));
});

it('a printed kit is read as people type it, and a wrong line is named', async () => {
  const text = printKit(kit);
  const typed = text.toUpperCase().replaceAll(' ', '   ');
  const read = await readKitCopy(typed, undefined);
  assert.ok(read.ok && kitFingerprint(read.value.kit) === kitFingerprint(kit) && !read.value.isExact);
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith(' 7 '));
  lines[at] = (lines[at] ?? '').replace(/[a-y](?=[a-z2-7]{4} )/, (letter) => (letter === 'a' ? 'b' : 'a'));
  const wrong = await readKitCopy(lines.join('\n'), undefined);
  assert.deepEqual(wrong, { ok: false, error: { kind: 'kitLineWrong', line: 7 } });
  lines.splice(at, 1);
  assert.deepEqual(await readKitCopy(lines.join('\n'), undefined), {
    ok: false,
    error: { kind: 'kitLineWrong', line: 7 },
  });
});

it(`${FLIPS} flipped bits of a printed kit and 40 of a sealed one: none is silent`, async () => {
  for (const [text, flips] of [
    [printKit(kit), FLIPS],
    [await sealKit(kit, PASSPHRASE), 40], // each costs half a second; the digest below covers the rest
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
