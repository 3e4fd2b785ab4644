// References into earlier answers, as the examples of RFC 8620 §3.7 have them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Invocation } from './request.ts';
import { evaluatePointer, resolveReferences } from './result-references.ts';

const earlier: Invocation[] = [
  { name: 'Foo/changes', callId: 't0', args: { created: ['f1', 'f4'], updated: [], destroyed: [] } },
  {
    name: 'Email/get',
    callId: 't1',
    args: {
      list: [
        { id: 'msg1023', threadId: 'trd194' },
        { id: 'msg223', threadId: 'trd114' },
      ],
    },
  },
  { name: 'Thread/get', callId: 't2', args: { list: [{ emailIds: ['a', 'b'] }, { emailIds: ['c'] }] } },
];
const resolve = (args: Record<string, unknown>): unknown => {
  const resolved = resolveReferences(args, earlier);
  return resolved.ok ? resolved.value : resolved.error.kind;
};

test('ids of an earlier answer take the place of the reference', () => {
  const ids = { resultOf: 't0', name: 'Foo/changes', path: '/created' };
  assert.deepEqual(resolve({ accountId: 'A1', '#ids': ids }), { accountId: 'A1', ids: ['f1', 'f4'] });
});

test('a star maps over a list, and lists of lists become one list', () => {
  const threads = { resultOf: 't1', name: 'Email/get', path: '/list/*/threadId' };
  assert.deepEqual(resolve({ '#ids': threads }), { ids: ['trd194', 'trd114'] });
  const emails = { resultOf: 't2', name: 'Thread/get', path: '/list/*/emailIds' };
  assert.deepEqual(resolve({ '#ids': emails }), { ids: ['a', 'b', 'c'] });
  assert.deepEqual(resolve({ '#ids': { ...emails, path: '/list/1/emailIds/0' } }), { ids: 'c' });
});

test('a reference that leads nowhere is invalidResultReference, one beside the plain argument invalidArguments', () => {
  const wrong = [
    { resultOf: 'nope', name: 'Foo/changes', path: '/created' },
    { resultOf: 't0', name: 'Email/get', path: '/created' },
    { resultOf: 't0', name: 'Foo/changes', path: '/nope' },
    { resultOf: 't0', name: 'Foo/changes', path: 'created' },
    { resultOf: 't0', name: 'Foo/changes', path: '/created/2' },
    { resultOf: 't0', name: 'Foo/changes', path: '/created/-1' },
    { resultOf: 't0', name: 'Foo/changes', path: '/created/~2' },
    { resultOf: 't0', name: 'Foo/changes', path: '/toString' },
    { resultOf: 't0', name: 'Foo/changes', path: '/created/length' },
    { resultOf: 't0' },
    'text',
    null,
  ];
  for (const reference of wrong) assert.equal(resolve({ '#ids': reference }), 'invalidResultReference');
  const right = { resultOf: 't0', name: 'Foo/changes', path: '/created' };
  assert.equal(resolve({ ids: [], '#ids': right }), 'invalidArguments');
});

test('whatever values and paths come, a pointer is answered and never throws', () => {
  const path = fc
    .array(fc.oneof(fc.constant('*'), fc.string(), fc.nat(5).map(String)))
    .map((tokens) => `/${tokens.join('/')}`);
  fc.assert(
    fc.property(fc.jsonValue(), path, (value, text) => {
      evaluatePointer(value, text);
      resolveReferences({ '#x': value, y: { '#z': value } }, earlier);
    }),
    { numRuns: 500 },
  );
});
