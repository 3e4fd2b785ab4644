// Certificates as openpgp makes them, read by our grammar.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import * as openpgp from 'openpgp';
import { requireValue } from '#base/assert.ts';
import { findEncryptionKey, parsePublicKey } from './public-key.ts';

const DAY_MS = 86_400_000;
const made = new Date(Date.UTC(2026, 0, 1));
const generated = await openpgp.generateKey({
  type: 'ecc',
  curve: 'curve25519Legacy',
  userIDs: [{ email: 'anna@siegel.test' }],
  date: made,
  format: 'object',
});
const certificate = Uint8Array.from(generated.publicKey.write());
const hex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

function refusalOf(bytes: Uint8Array): string {
  const parsed = parsePublicKey(Uint8Array.from(bytes));
  return parsed.ok ? 'ok' : parsed.error.kind;
}

describe('a certificate', () => {
  it('is read as openpgp reads it, binary and armored', () => {
    for (const form of [certificate, new TextEncoder().encode(generated.publicKey.armor())]) {
      const parsed = parsePublicKey(form);
      assert.ok(parsed.ok);
      assert.equal(hex(parsed.value.fingerprint), generated.publicKey.getFingerprint());
      assert.deepEqual(parsed.value.userIds, ['<anna@siegel.test>']);
      assert.equal(parsed.value.createdMs, made.getTime());
      const subkey = requireValue(findEncryptionKey(parsed.value, made.getTime() + DAY_MS), 'subkey');
      const theirs = requireValue(generated.publicKey.subkeys[0], 'their subkey');
      assert.equal(hex(subkey.fingerprint), theirs.getFingerprint());
      assert.equal(hex(subkey.keyId), theirs.getKeyID().toHex());
      assert.equal(subkey.curve25519?.kdfHash, 8);
      assert.equal(subkey.curve25519?.point.length, 32);
    }
  });

  it('that expires has no encryption key afterwards', async () => {
    const { publicKey } = await openpgp.generateKey({
      type: 'ecc',
      curve: 'curve25519Legacy',
      userIDs: [{ email: 'a@b.test' }],
      date: made,
      keyExpirationTime: 86_400,
      format: 'object',
    });
    const parsed = parsePublicKey(Uint8Array.from(publicKey.write()));
    assert.ok(parsed.ok);
    assert.ok(findEncryptionKey(parsed.value, made.getTime() + DAY_MS - 1));
    assert.equal(findEncryptionKey(parsed.value, made.getTime() + DAY_MS), undefined);
  });

  it('that was revoked has no encryption key', async () => {
    const { publicKey } = await openpgp.revokeKey({ key: generated.privateKey, format: 'object' });
    const parsed = parsePublicKey(Uint8Array.from(publicKey.write()));
    assert.ok(parsed.ok);
    assert.ok(parsed.value.isRevoked);
    assert.equal(findEncryptionKey(parsed.value, made.getTime() + DAY_MS), undefined);
  });

  it('of another kind of key is read, but has no point to seal to', async () => {
    const { publicKey } = await openpgp.generateKey({
      type: 'rsa',
      rsaBits: 2048,
      userIDs: [{ email: 'a@b.test' }],
      format: 'object',
    });
    const parsed = parsePublicKey(Uint8Array.from(publicKey.write()));
    assert.ok(parsed.ok);
    assert.equal(hex(parsed.value.fingerprint), publicKey.getFingerprint());
    assert.equal(findEncryptionKey(parsed.value, Date.now() + DAY_MS), undefined);
  });

  it('is refused by name when it is none', async () => {
    assert.equal(refusalOf(new TextEncoder().encode('hello')), 'notAPublicKey');
    assert.equal(refusalOf(new Uint8Array(0)), 'notAPublicKey');
    assert.equal(refusalOf(generated.privateKey.write()), 'secretKeyGiven');
    assert.equal(refusalOf(Buffer.concat([certificate, certificate])), 'severalKeys');
    assert.equal(refusalOf(new Uint8Array(300 * 1024)), 'publicKeyTooLarge');
    assert.equal(refusalOf(certificate.slice(0, 40)), 'notAPublicKey');
    const v6 = await openpgp.generateKey({
      type: 'curve25519',
      userIDs: [{ email: 'a@b.test' }],
      format: 'object',
      config: { v6Keys: true },
    });
    assert.equal(refusalOf(v6.publicKey.write()), 'unsupportedKeyVersion');
  });

  it('with any bytes changed never stops the program', () => {
    fc.assert(
      fc.property(fc.nat(certificate.length - 1), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(certificate);
        changed[at] = value;
        const parsed = parsePublicKey(changed);
        if (parsed.ok) findEncryptionKey(parsed.value, made.getTime());
      }),
    );
  });
});
