// The certificate of one address among what a directory answered.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import * as openpgp from 'openpgp';
import { certificateFor } from './certificate-for.ts';
import { wkdHash, wkdUrls } from './wkd-address.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const NOW_MS = Date.UTC(2026, 4, 17);
const DAY_S = 86_400;

async function make(
  email: string,
  changes: { days?: number; madeMs?: number; rsa?: boolean } = {},
): Promise<{ key: openpgp.PrivateKey; bytes: Bytes }> {
  const { privateKey, publicKey } = await openpgp.generateKey({
    ...(changes.rsa === true ? { type: 'rsa', rsaBits: 2048 } : { type: 'ecc', curve: 'curve25519Legacy' }),
    userIDs: [{ name: 'Ben (work)', email }],
    date: new Date(changes.madeMs ?? NOW_MS - 10 * DAY_S * 1000),
    keyExpirationTime: (changes.days ?? 0) * DAY_S,
    format: 'object',
  });
  return { key: privateKey, bytes: Uint8Array.from(publicKey.write()) };
}

let ben: { key: openpgp.PrivateKey; bytes: Bytes };
before(async () => {
  ben = await make('ben@elsewhere.test');
});

const join = (...parts: readonly Bytes[]): Bytes => Uint8Array.from(Buffer.concat(parts));

test('the certificate of the address is found, whatever stands beside it', async () => {
  const carl = await make('carl@elsewhere.test');
  assert.deepEqual(certificateFor('ben@elsewhere.test', ben.bytes, NOW_MS), ben.bytes);
  assert.deepEqual(certificateFor('Ben@ELSEWHERE.test', join(carl.bytes, ben.bytes), NOW_MS), ben.bytes);
  assert.deepEqual(certificateFor('carl@elsewhere.test', join(carl.bytes, ben.bytes), NOW_MS), carl.bytes);
  const rsa = await make('ben@elsewhere.test', { rsa: true });
  assert.deepEqual(certificateFor('ben@elsewhere.test', rsa.bytes, NOW_MS), rsa.bytes);
});

test('an armored answer is taken out of its armor', () => {
  const armored = openpgp.armor(openpgp.enums.armor.publicKey, ben.bytes, undefined, undefined, undefined, true);
  assert.deepEqual(certificateFor('ben@elsewhere.test', Uint8Array.from(Buffer.from(armored)), NOW_MS), ben.bytes);
});

test('a certificate made for another address is none, however alike', () => {
  for (const address of ['ben@elsewhere.test.evil', 'bena@elsewhere.test', 'ben+a@elsewhere.test', 'ben', '']) {
    assert.equal(certificateFor(address, ben.bytes, NOW_MS), undefined, address);
  }
});

test('of several the newest that is usable is taken: not one that is over or revoked', async () => {
  const over = await make('ben@elsewhere.test', { days: 1, madeMs: NOW_MS - 3 * DAY_S * 1000 });
  const newer = await make('ben@elsewhere.test', { madeMs: NOW_MS - 2 * DAY_S * 1000 });
  const { publicKey } = await openpgp.revokeKey({
    key: newer.key,
    format: 'object',
    date: new Date(NOW_MS - DAY_S * 1000),
  });
  const revoked = Uint8Array.from(publicKey.write());
  const find = (bytes: Bytes): Bytes | undefined => certificateFor('ben@elsewhere.test', bytes, NOW_MS);
  assert.equal(find(over.bytes), undefined);
  assert.equal(find(revoked), undefined);
  assert.deepEqual(find(join(ben.bytes, over.bytes, revoked)), ben.bytes);
  assert.deepEqual(find(join(newer.bytes, ben.bytes)), newer.bytes);
});

test('what is no certificate is none: words, secret keys, cut bytes', () => {
  const secret = Uint8Array.from(ben.key.write());
  for (const bytes of [Uint8Array.from(Buffer.from('<html>')), secret, ben.bytes.slice(0, 100), new Uint8Array(0)]) {
    assert.equal(certificateFor('ben@elsewhere.test', bytes, NOW_MS), undefined);
  }
});

test('the directory is asked as its draft says: advanced, then direct', () => {
  assert.equal(wkdHash('Joe.Doe'), 'iy9q119eutrkn8s1mk4r39qejnbu3n5q');
  assert.deepEqual(wkdUrls({ local: 'a+b c', domain: 'x.test' }), [
    `https://openpgpkey.x.test/.well-known/openpgpkey/x.test/hu/${wkdHash('a+b c')}?l=a%2Bb%20c`,
    `https://x.test/.well-known/openpgpkey/hu/${wkdHash('a+b c')}?l=a%2Bb%20c`,
  ]);
});

test('no bytes of a directory break the look: cut, doubled or changed anywhere', () => {
  fc.assert(
    fc.property(fc.nat(ben.bytes.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(400), (at, flip, cut) => {
      const bytes = join(ben.bytes.slice(cut), ben.bytes);
      bytes[at] = (bytes[at] ?? 0) ^ flip;
      const found = certificateFor('ben@elsewhere.test', bytes, NOW_MS);
      assert.ok(found === undefined || found.length <= bytes.length);
    }),
    { numRuns: 500 },
  );
});
