// Which public keys an account may hand in.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as openpgp from 'openpgp';
import { readerKeysFromPublic } from './reader-keys.ts';
import { makeMailbox, NOW_MS } from './test-mailbox.ts';

const anna = await makeMailbox();
const { certificate, summaryKey } = anna.made;
const at = { version: 1, nowMs: NOW_MS };

function refusalOf(certificateBytes: Uint8Array, summary: Uint8Array = summaryKey, nowMs = NOW_MS): string {
  const keys = readerKeysFromPublic(Uint8Array.from(certificateBytes), Uint8Array.from(summary), { version: 1, nowMs });
  return keys.ok ? 'ok' : keys.error.kind;
}

it('keys that a letter can be sealed to are accepted and survive the way into a worker', () => {
  const keys = readerKeysFromPublic(certificate, summaryKey, at);
  assert.ok(keys.ok);
  assert.deepEqual(structuredClone(keys.value), keys.value);
});

it('keys that sealing would stumble over are refused when they are handed in', async () => {
  assert.equal(refusalOf(certificate), 'ok');
  assert.equal(refusalOf(certificate, new Uint8Array(32)), 'badSummaryKey');
  assert.equal(refusalOf(certificate, new Uint8Array(31).fill(9)), 'badSummaryKey');
  assert.equal(refusalOf(Uint8Array.of(1, 2)), 'notAPublicKey');
  const point = Buffer.from(certificate).indexOf(Buffer.from(anna.readerKeys.openpgp.point));
  const weak = Uint8Array.from(certificate).fill(0, point, point + 32);
  assert.equal(refusalOf(weak), 'weakKey');
  const strangeKdf = Uint8Array.from(certificate);
  strangeKdf[point + 32 + 2] = 1; // MD5
  assert.equal(refusalOf(strangeKdf), 'unsupportedKdf');
  const signing = await openpgp.generateKey({
    type: 'ecc',
    curve: 'curve25519Legacy',
    userIDs: [{ email: 'a@b.test' }],
    subkeys: [{ sign: true }],
    format: 'object',
  });
  assert.equal(refusalOf(signing.publicKey.write(), summaryKey, Date.now() + 1000), 'noEncryptionKey');
});
