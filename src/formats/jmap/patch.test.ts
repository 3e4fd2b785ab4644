// Updates of /set: whole values and single members, and what is refused (RFC 8620 §5.3).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parsePatch, patchMembers } from './patch.ts';

const patched = (update: Record<string, unknown>, current: readonly string[]): unknown => {
  const steps = parsePatch(update);
  if (!steps.ok) return steps.error.kind;
  const members = patchMembers('keywords', steps.value, current);
  return members.ok ? members.value?.toSorted() : members.error.kind;
};

test('true adds a member, null takes it away, a whole value replaces all', () => {
  assert.deepEqual(patched({ 'keywords/$seen': true }, ['$flagged']), ['$flagged', '$seen']);
  assert.deepEqual(patched({ 'keywords/$flagged': null }, ['$flagged', '$seen']), ['$seen']);
  assert.deepEqual(patched({ keywords: { a: true } }, ['$flagged']), ['a']);
  assert.deepEqual(patched({ 'keywords/a~1b~0c': true }, []), ['a/b~c']);
  assert.equal(patched({ subject: 'x' }, ['$flagged']), undefined);
});

test('a pointer that begins another, runs too deep or is malformed is invalidPatch', () => {
  assert.equal(patched({ keywords: {}, 'keywords/$seen': true }, []), 'invalidPatch');
  assert.equal(patched({ 'keywords/a/b': true, 'keywords/a': true }, []), 'invalidPatch');
  assert.equal(patched({ 'keywords/a/b': true }, []), 'invalidPatch');
  assert.equal(patched({ 'keywords/~2': true }, []), 'invalidPatch');
  assert.equal(patched({ '': true }, []), 'invalidPatch');
});

test('a member that is neither true nor null is invalidProperties', () => {
  assert.equal(patched({ 'keywords/$seen': 'yes' }, []), 'invalidProperties');
  assert.equal(patched({ keywords: { $seen: false } }, []), 'invalidProperties');
  assert.equal(patched({ keywords: ['$seen'] }, []), 'invalidProperties');
});

test('whatever update comes, reading it answers and never throws', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.string()), (update, current) => {
      patched({ ...update }, current);
      patched(Object.fromEntries(Object.entries(update).map(([key, value]) => [`keywords/${key}`, value])), current);
    }),
    { numRuns: 500 },
  );
});
