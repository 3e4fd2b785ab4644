// The disclosure table speaks of everything the house holds or sees while it runs, and of rspamd only where it runs.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disclosure, disclosureOf } from './disclosure.ts';

const told = (key: string): string => disclosure.rows.find((row) => row.key === key)?.operatorSees.en ?? '';

test('what is seen while letters are written and leave is told', () => {
  for (const [key, words] of [
    ['keys-asked', /sees those addresses.*stores nothing of it/],
    ['waiting', /readable on the running machine until it has left/],
    ['contacts', /How many.*not whom/],
    ['drafts', /How many.*not what they say/],
  ] as const)
    assert.match(told(key), words, key);
});

test('rspamd is told of exactly where it is set up', () => {
  const keys = (hasRspamd: boolean): readonly string[] =>
    disclosureOf({ hasRspamd, hasTransit: false }).rows.map(({ key }) => key);
  assert.ok(keys(true).includes('junk'));
  assert.deepEqual(
    keys(true).filter((key) => key !== 'junk'),
    keys(false),
  );
});

test('documents in memory are told of exactly where the house has the room for them', () => {
  const has = (hasTransit: boolean): boolean =>
    disclosureOf({ hasRspamd: false, hasTransit }).rows.some(({ key }) => key === 'documents');
  assert.deepEqual([has(true), has(false)], [true, false]);
});

test('every row speaks two languages, once', () => {
  const { rows } = disclosureOf({ hasRspamd: true, hasTransit: true });
  assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
  for (const { key, what, operatorSees } of rows) {
    assert.ok(what.de !== operatorSees.de && operatorSees.de !== operatorSees.en, key);
    assert.doesNotMatch(operatorSees.en + operatorSees.de, /!|—/, key);
  }
});
