// The key schedule against RFC 9180 appendix A.1.1 and the platform's own KEM.

import assert from 'node:assert/strict';
import { createHmac, createPublicKey, createPrivateKey, diffieHellman, encapsulate, decapsulate } from 'node:crypto';
import { it } from 'node:test';
import { isLowOrder } from './low-order.ts';
import { AES_128_GCM, AES_256_GCM, exportSecret, kemSharedSecret, keyAndNonce, scheduleContext } from './schedule.ts';

const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array => createHmac('sha256', key).update(data).digest();
const hex = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(Buffer.from(text, 'hex'));
const privateKey = (seed: Uint8Array): ReturnType<typeof createPrivateKey> =>
  createPrivateKey({
    key: Buffer.concat([hex('302e020100300506032b656e04220420'), seed]),
    format: 'der',
    type: 'pkcs8',
  });
const publicKey = (point: Uint8Array): ReturnType<typeof createPublicKey> =>
  createPublicKey({ key: Buffer.concat([hex('302a300506032b656e032100'), point]), format: 'der', type: 'spki' });

// RFC 9180 appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, mode base
const A11 = {
  info: hex('4f6465206f6e2061204772656369616e2055726e'),
  skEm: hex('52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736'),
  enc: hex('37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431'),
  skRm: hex('4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8'),
  pkRm: hex('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d'),
  sharedSecret: 'fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc',
  context:
    '00725611c9d98c07c03f60095cd32d400d8347d45ed67097bbad50fc56da742d07cb6cffde367bb0565ba28bb02c90744a20f5ef37f30523526106f637abb05449',
  key: '4531685d41d65f03dc48f6b8302c05b0',
  nonce: '56d890e5accaaf011cff4b7d',
};
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

it('the key schedule gives the values of RFC 9180 appendix A.1.1', () => {
  const fromSender = diffieHellman({ privateKey: privateKey(A11.skEm), publicKey: publicKey(A11.pkRm) });
  const fromReader = diffieHellman({ privateKey: privateKey(A11.skRm), publicKey: publicKey(A11.enc) });
  assert.deepEqual(fromSender, fromReader);
  const secret = kemSharedSecret(hmac, fromSender, A11.enc, A11.pkRm);
  assert.equal(toHex(secret), A11.sharedSecret);
  const context = scheduleContext(hmac, AES_128_GCM, A11.info);
  assert.equal(toHex(context), A11.context);
  const { key, nonce } = keyAndNonce(hmac, AES_128_GCM, secret, context);
  assert.equal(toHex(key), A11.key);
  assert.equal(toHex(nonce), A11.nonce);
});

it('exported secrets are those of RFC 9180 appendix A.1.1.2', () => {
  const context = hex(A11.context);
  for (const [label, exported] of [
    ['', '3853fe2b4035195a573ffc53856e77058e15d9ea064de3e59f4961d0095250ee'],
    ['00', '2e8f0b54673c7029649d4eb9d5e33bf1872cf76d623ff164ac185da9e88c21a5'],
    ['54657374436f6e74657874', 'e9e43065102c3836401bed8c3c3c75ae46be1639869391d62c61f1ec7af54931'],
  ] as const) {
    const of = { sharedSecret: hex(A11.sharedSecret), context, label: hex(label), sizeBytes: 32 };
    assert.equal(toHex(exportSecret(hmac, AES_128_GCM, of)), exported);
  }
});

it('the platform’s KEM for X25519 is that of RFC 9180', () => {
  const reader = publicKey(A11.pkRm);
  assert.equal(toHex(decapsulate(privateKey(A11.skRm), A11.enc)), A11.sharedSecret);
  for (let i = 0; i < 20; i++) {
    const { ciphertext, sharedKey } = encapsulate(reader);
    const dh = diffieHellman({ privateKey: privateKey(A11.skRm), publicKey: publicKey(ciphertext) });
    assert.deepEqual(Uint8Array.from(kemSharedSecret(hmac, dh, ciphertext, A11.pkRm)), Uint8Array.from(sharedKey));
  }
});

it('two suites and two infos never share a key', () => {
  const secret = hex(A11.sharedSecret);
  const keys = [AES_128_GCM, AES_256_GCM].flatMap((suite) =>
    [A11.info, new Uint8Array(0)].map((info) =>
      toHex(keyAndNonce(hmac, suite, secret, scheduleContext(hmac, suite, info)).key.subarray(0, 16)),
    ),
  );
  assert.equal(new Set(keys).size, 4);
});

it('points of small order are known, with and without the top bit', () => {
  assert.ok(isLowOrder(new Uint8Array(32)));
  const one = new Uint8Array(32);
  one[0] = 1;
  one[31] = 0x80;
  assert.ok(isLowOrder(one));
  assert.ok(!isLowOrder(A11.pkRm));
  const zero = publicKey(one);
  assert.throws(() => diffieHellman({ privateKey: privateKey(A11.skRm), publicKey: zero }));
});
