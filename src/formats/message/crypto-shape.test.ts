// Whether a letter is encrypted or signed is decided by its content, never by its labels.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLetters } from '../../../test/letters/read-letters.ts';
import { cmsTypeOf } from './cms-type.ts';
import { cryptoShape, type CryptoShape } from './crypto-shape.ts';
import { readLetter } from './letter-view.ts';
import { openPgpContent } from './openpgp-packets.ts';

/** Made with gpg 2.2, openpgp and openssl; what is not named here is clear. */
const SHAPES: Readonly<Record<string, CryptoShape>> = {
  'crypto/fake-armor': 'fakeEncrypted',
  'crypto/fake-clear-text': 'fakeEncrypted',
  'crypto/fake-literal-packet': 'fakeEncrypted',
  'crypto/fake-one-part': 'fakeEncrypted',
  'crypto/fake-signed-packet': 'fakeEncrypted',
  'crypto/fake-smime': 'fakeEncrypted',
  'crypto/fake-third-part': 'fakeEncrypted',
  'crypto/pgp-clearsigned': 'pgpSigned',
  'crypto/pgp-inline': 'pgpInline',
  'crypto/pgp-inline-amid-text': 'pgpInline',
  'crypto/pgp-mime': 'pgpMime',
  'crypto/pgp-mime-binary-base64': 'pgpMime',
  'crypto/pgp-mime-hidden-recipient': 'pgpMime',
  'crypto/pgp-mime-openpgpjs': 'pgpMime',
  'crypto/pgp-mime-password': 'pgpMime',
  'crypto/pgp-mime-rewrapped': 'pgpMime',
  'crypto/pgp-mime-v6-seipd2': 'pgpMime',
  'crypto/pgp-signed': 'pgpSigned',
  'crypto/smime-auth-enveloped': 'smimeEncrypted',
  'crypto/smime-encrypted': 'smimeEncrypted',
  'crypto/smime-encrypted-octet-stream': 'smimeEncrypted',
  'crypto/smime-signed': 'smimeSigned',
  'crypto/smime-signed-labelled-encrypted': 'smimeSigned',
  'crypto/smime-signed-opaque': 'smimeSigned',
};

test('encrypted and signed letters are told by their content, whatever their label says', () => {
  const letters = readLetters();
  for (const { name, bytes } of letters) {
    assert.equal(cryptoShape(bytes, readLetter(bytes)), SHAPES[name] ?? 'clear', name);
  }
  const names = new Set(letters.map((letter) => letter.name));
  for (const name of Object.keys(SHAPES)) assert.ok(names.has(name), `${name} is in the collection`);
});

test('an encrypted letter cut before its data is not called encrypted', () => {
  const letter = readLetters('crypto').find(({ name }) => name === 'crypto/pgp-mime');
  assert.ok(letter);
  const begin = Buffer.from(letter.bytes).indexOf('-----BEGIN PGP MESSAGE-----');
  const cut = letter.bytes.subarray(0, begin + 80);
  assert.equal(cryptoShape(cut, readLetter(cut)), 'fakeEncrypted');
});

test('bytes that are no packets and no CMS are neither', () => {
  assert.equal(openPgpContent(Uint8Array.of()), undefined);
  assert.equal(openPgpContent(new TextEncoder().encode('Hello')), undefined);
  assert.equal(openPgpContent(Uint8Array.of(0xc1, 0xff, 0xff, 0xff, 0xff, 0xff)), undefined);
  assert.equal(cmsTypeOf(Uint8Array.of(0x30, 0x80, 0x06, 0x09)), undefined);
  assert.equal(cmsTypeOf(new TextEncoder().encode('0 Hello')), undefined);
});
