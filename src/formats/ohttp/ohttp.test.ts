// Oblivious HTTP against the complete example of RFC 9458 appendix A.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { AES_128_GCM, AES_256_GCM, exportSecret, scheduleContext } from '../hpke/schedule.ts';
import {
  answerKeys,
  answerNonceBytes,
  formatHeader,
  formatKeyConfig,
  parseEncapsulated,
  parseKeyConfig,
  requestInfo,
} from './ohttp.ts';
import { openExample } from './test-example.ts';

const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array => createHmac('sha256', key).update(data).digest();
const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const CONFIG = '01002031e1f05a740102115220e9af918f738674aec95f54db6e04eb705aae8e79815500080001000100010003';
const PUBLIC = '31e1f05a740102115220e9af918f738674aec95f54db6e04eb705aae8e798155';
const ENC = '4b28f881333e7c164ffc499ad9796f877f4e1051ee6d31bad19dec96c208b472';
const REQUEST = `01002000010001${ENC}6374e469135906992e1268c594d2a10c695d858c40a026e7965e7d86b83dd440b2c0185204b4d63525`;

test('key configuration, header and info are those of the example', () => {
  const config = parseKeyConfig(hex(CONFIG), AES_128_GCM);
  assert.deepEqual(config, { keyId: 1, publicKey: hex(PUBLIC) });
  assert.equal(parseKeyConfig(hex(CONFIG)), undefined, 'it does not offer our suite');
  assert.equal(
    toHex(requestInfo(formatHeader(1, AES_128_GCM))),
    '6d6573736167652f626874747020726571756573740001002000010001',
  );
});

test('the example’s request is opened with its key, and the keys of its answer are the example’s', () => {
  const parts = parseEncapsulated(hex(REQUEST), AES_128_GCM);
  assert.ok(parts !== undefined);
  assert.equal(toHex(parts.enc), ENC);
  const info = requestInfo(formatHeader(1, AES_128_GCM));
  const { sharedSecret, plain } = openExample(parts, info);
  assert.equal(toHex(plain), '00034745540568747470730b6578616d706c652e636f6d012f');
  const context = scheduleContext(hmac, AES_128_GCM, info);
  const label = new TextEncoder().encode('message/bhttp response');
  assert.equal(
    toHex(exportSecret(hmac, AES_128_GCM, { sharedSecret, context, label, sizeBytes: 16 })),
    '62d87a6ba569ee81014c2641f52bea36',
  );
  const answerNonce = hex('c789e7151fcba46158ca84b04464910d');
  assert.equal(answerNonceBytes(AES_128_GCM), answerNonce.length);
  const { key, nonce } = answerKeys(hmac, { sharedSecret, context, enc: parts.enc, answerNonce }, AES_128_GCM);
  assert.equal(toHex(key), '5d0172a080e428b16d298c4ea0db620d');
  assert.equal(toHex(nonce), 'f6bf1aeb88d6df87007fa263');
});

test('our own key configuration names one suite and reads as it was written', () => {
  const own = { keyId: 7, publicKey: hex(PUBLIC) };
  const written = formatKeyConfig(own);
  assert.deepEqual(parseKeyConfig(written), own);
  for (const bad of [written.subarray(0, -1), Uint8Array.of(...written, 0), new Uint8Array(0), written.with(2, 0x10)])
    assert.equal(parseKeyConfig(bad), undefined);
});

test('what is too short, or of another suite, is no request', () => {
  const ours = Uint8Array.of(...formatHeader(1), ...new Uint8Array(60));
  assert.equal(parseEncapsulated(ours)?.sealed.length, 28);
  assert.equal(parseEncapsulated(ours, AES_128_GCM), undefined);
  assert.equal(parseEncapsulated(ours.subarray(0, 39)), undefined);
  for (let at = 1; at < 7; at++) assert.equal(parseEncapsulated(ours.with(at, 0x7f)), undefined);
  assert.equal(answerNonceBytes(AES_256_GCM), 32);
});
