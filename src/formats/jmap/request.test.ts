// Requests from outside: right ones are read, wrong ones get the error RFC 8620 names, and nothing throws.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { limits } from '#base/limits.ts';
import { parseRequest } from './request.ts';

const bytes = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const kindOf = (value: unknown): string => {
  const parsed = parseRequest(value instanceof Uint8Array ? value : bytes(value));
  return parsed.ok ? 'ok' : parsed.error.limit ? `limit ${parsed.error.limit}` : parsed.error.kind;
};

test('the example of RFC 8620 §3.3.1 is read as it stands', () => {
  const parsed = parseRequest(
    bytes({
      using: ['urn:ietf:params:jmap:core', 'urn:ietf:params:jmap:mail'],
      methodCalls: [
        ['method1', { arg1: 'arg1data', arg2: 'arg2data' }, 'c1'],
        ['method2', { arg1: 'arg1data' }, 'c2'],
        ['method3', {}, 'c3'],
      ],
    }),
  );
  assert.ok(parsed.ok);
  assert.deepEqual(
    parsed.value.methodCalls.map((call) => call.name),
    ['method1', 'method2', 'method3'],
  );
  assert.deepEqual(parsed.value.methodCalls[0]?.args, { arg1: 'arg1data', arg2: 'arg2data' });
});

test('bytes that are no JSON are notJSON, JSON of another shape is notRequest, too much is limit', () => {
  assert.equal(kindOf(''), 'notJSON');
  assert.equal(kindOf('{"using":'), 'notJSON');
  assert.equal(kindOf(Uint8Array.of(0x22, 0xff, 0x22)), 'notJSON');
  assert.equal(kindOf('null'), 'notRequest');
  assert.equal(kindOf('[]'), 'notRequest');
  assert.equal(kindOf({ using: [] }), 'notRequest');
  assert.equal(kindOf({ using: 'x', methodCalls: [] }), 'notRequest');
  assert.equal(kindOf({ using: [], methodCalls: [['a', {}]] }), 'notRequest');
  assert.equal(kindOf({ using: [], methodCalls: [['a', [], 'c']] }), 'notRequest');
  assert.equal(kindOf({ using: [], methodCalls: [['a', {}, 'c', 1]] }), 'notRequest');
  assert.equal(kindOf({ using: [], methodCalls: [], createdIds: { a: 'not an id' } }), 'notRequest');
  assert.equal(kindOf(`{"using":[],"methodCalls":[["a",{"x":${'['.repeat(60)}${']'.repeat(60)}},"c"]]}`), 'notRequest');
  assert.equal(kindOf('['.repeat(1_000_000)), 'notRequest');
  const many = Array.from({ length: limits.jmap.callsInRequest + 1 }, () => ['a', {}, 'c']);
  assert.equal(kindOf({ using: [], methodCalls: many }), 'limit maxCallsInRequest');
  assert.equal(kindOf(new Uint8Array(limits.jmap.sizeRequestBytes + 1)), 'limit maxSizeRequest');
});

test('brackets inside strings do not count as depth', () => {
  assert.equal(kindOf({ using: [], methodCalls: [['a', { text: `${'['.repeat(1000)}\\"{` }, 'c']] }), 'ok');
});

test('whatever JSON comes, reading it answers and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      parseRequest(bytes(value));
      parseRequest(bytes({ using: value, methodCalls: value }));
      parseRequest(bytes({ using: [], methodCalls: [[value, value, value]] }));
    }),
    { numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      parseRequest(noise);
    }),
    { numRuns: 300 },
  );
});
