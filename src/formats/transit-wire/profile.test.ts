// Wishes as people write them, and the one word each set of wishes becomes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { partsOfProfile, profileOfParts, profiles, readProfile } from './profile.ts';

test('German and English words mean the same, in any order and case', () => {
  assert.equal(readProfile(''), 'balanced');
  assert.equal(readProfile('treu+zusammen'), 'faithful+together');
  assert.equal(readProfile('Together+Faithful'), 'faithful+together');
  assert.equal(readProfile('zusammen+g4+original'), 'g4+together+original');
  assert.equal(readProfile('original'), 'balanced+original');
});

test('a faithful file suits old programs too, so asking for both is no contradiction', () => {
  assert.equal(readProfile('g4+treu'), 'faithful');
  assert.equal(readProfile('treu+g4'), 'faithful');
});

test('a word that is no wish spoils the whole, and so does an empty one', () => {
  for (const text of ['tiny', 'treu+tiny', 'treu+', '+treu', 'treu zusammen', 'toString', 'constructor'])
    assert.equal(readProfile(text), undefined, text);
});

test('each of the twelve profiles is read as itself, and taken apart and put together again', () => {
  assert.equal(new Set(profiles).size, 12);
  for (const profile of profiles) {
    assert.equal(readProfile(profile), profile);
    assert.equal(profileOfParts(partsOfProfile(profile)), profile);
  }
});
