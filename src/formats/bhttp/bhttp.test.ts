// Messages of HTTP as bytes: the examples of the RFCs, padding, and what is no message.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatAnswer, formatRequest, parseAnswer, parseRequest, type BinaryRequest } from './bhttp.ts';
import { formatVarint, readVarint } from './varint.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const NONE = new Uint8Array(0);
const GET: BinaryRequest = {
  method: 'GET',
  scheme: 'https',
  authority: 'example.com',
  path: '/',
  fields: [],
  content: NONE,
};

test('the request and the answer of RFC 9458 appendix A are written and read', () => {
  assert.deepEqual(
    Buffer.from(formatRequest(GET)).toString('hex'),
    '00034745540568747470730b6578616d706c652e636f6d012f',
  );
  assert.deepEqual(parseRequest(hex('00034745540568747470730b6578616d706c652e636f6d012f')), GET);
  const fine = { status: 200, fields: [], content: NONE };
  assert.deepEqual(Buffer.from(formatAnswer(fine)).toString('hex'), '0140c8');
  assert.deepEqual(parseAnswer(hex('0140c8')), fine);
});

test('numbers are those of RFC 9000 appendix A.1', () => {
  for (const [bytes, value] of [
    ['9d7f3e7d', 494_878_333],
    ['7bbd', 15_293],
    ['25', 37],
  ] as const) {
    assert.deepEqual(readVarint(hex(bytes), 0), { value, end: bytes.length / 2 });
    assert.deepEqual(Buffer.from(formatVarint(value)).toString('hex'), bytes);
  }
  assert.deepEqual(readVarint(hex('4025'), 0), { value: 37, end: 2 }); // two bytes where one would do
  for (const bad of ['', '40', '9d7f3e', 'c2197c5eff14e8', 'ffffffffffffffff'])
    assert.equal(readVarint(hex(bad), 0), undefined);
});

const text = fc.string({ unit: fc.constantFrom(...'abcXYZ019/:.- '.split('')), maxLength: 20 });
const plain = { noNullPrototype: true };
const field = fc.record({ name: fc.constantFrom('content-type', 'x-a', 'date'), value: text }, plain);
const requests = fc.record(
  {
    method: fc.constantFrom('GET', 'POST'),
    scheme: fc.constant('https'),
    authority: text,
    path: text,
    fields: fc.array(field, { maxLength: 4 }),
    content: fc.uint8Array({ maxLength: 300 }),
  },
  plain,
);

test('every message reads as it was written, padded or not, and all padded ones have one length', () => {
  fc.assert(
    fc.property(requests, (request) => {
      assert.deepEqual(parseRequest(formatRequest(request)), request);
      const padded = formatRequest(request, 1024);
      assert.equal(padded.length, 1024);
      assert.deepEqual(parseRequest(padded), request);
    }),
  );
  assert.throws(() => formatRequest(GET, 10), /beyond 10/);
  assert.throws(() => formatRequest({ ...GET, path: '/ü' }), /ASCII/);
});

test('whatever comes is read or refused, and what was cut or goes on after its end is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      parseRequest(bytes);
      parseAnswer(bytes);
    }),
  );
  const whole = formatRequest({ ...GET, content: hex('0102030405') });
  for (let end = 0; end < whole.length; end++) {
    const cut = parseRequest(whole.subarray(0, end));
    assert.ok(cut === undefined || cut.content.length === 0, `${end} bytes`);
  }
  const padded = formatRequest(GET, 64);
  padded[63] = 1;
  assert.equal(parseRequest(padded), undefined, 'padding of anything but zeros');
  for (const bad of ['', '02', '01', '0140c9ff', '0140640000', '014258', '000547', '0140c80b0258410161'])
    assert.equal(parseAnswer(hex(bad)) ?? parseRequest(hex(bad)), undefined, bad);
});

test('trailers, interim answers and names with capitals are refused', () => {
  assert.equal(parseAnswer(hex('0140c800000402780179')), undefined); // a trailer
  assert.equal(parseAnswer(hex('014066')), undefined); // 102
  assert.equal(parseAnswer(hex('0140c80401580161')), undefined); // X: a
  assert.deepEqual(parseAnswer(hex('0140c80401780161')), {
    status: 200,
    fields: [{ name: 'x', value: 'a' }],
    content: NONE,
  });
});
