// The examples of AWS’s own documentation ("Examples: Signature Calculations", Amazon S3 API Reference).

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { signS3, type S3Question } from './s3-signature.ts';

const login = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
const question: S3Question = {
  method: 'GET',
  host: 'examplebucket.s3.amazonaws.com',
  path: '/test.txt',
  query: {},
  headers: { range: 'bytes=0-9' },
  body: new Uint8Array(0),
  region: 'us-east-1',
  nowMs: Date.UTC(2013, 4, 24),
};
const signatureOf = (asked: S3Question): string | undefined =>
  /Signature=([0-9a-f]{64})$/.exec(signS3(asked, login)['authorization'] ?? '')?.[1];

it('a request for an object, for a setting and for a list are signed as the documentation says', () => {
  assert.equal(signatureOf(question), 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
  const setting = { ...question, path: '/', headers: {}, query: { lifecycle: '' } };
  assert.equal(signatureOf(setting), 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543');
  const list = { ...question, path: '/', headers: {}, query: { prefix: 'J', 'max-keys': '2' } };
  assert.equal(signatureOf(list), '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7');
});

it('any other byte gives another signature', () => {
  const changed = { ...question, body: Buffer.from('x') };
  assert.notEqual(signatureOf(changed), signatureOf(question));
});
