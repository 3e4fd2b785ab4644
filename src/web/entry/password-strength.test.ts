// The strength meter is not fooled by what every guesser tries first.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { guessBits, passwordStrength } from './password-strength.ts';

test('what everybody chooses is weak, whatever signs hang on it', () => {
  for (const weak of [
    'passwort',
    'Passwort123',
    'qwertzuiop',
    '1234567890',
    'aaaaaaaaaaaa',
    'Sommer2026!',
    'hallo123hallo',
  ]) {
    assert.ok(passwordStrength(weak, 8) <= 1, weak);
  }
});

test('the own address makes nothing stronger', () => {
  assert.ok(guessBits('leylaleyla77', ['leyla']) < guessBits('dragoleyka77'));
});

test('a few words or random signs are strong', () => {
  assert.ok(passwordStrength('Mantı am Sonntag mit Jonas', 8) >= 4);
  assert.ok(passwordStrength('x9$Lq2!vTzR4', 8) >= 3);
});

test('under the floor nothing counts', () => {
  assert.equal(passwordStrength('x9$Lq2!', 8), 0);
});

test('any text gets a strength', () => {
  fc.assert(fc.property(fc.string({ maxLength: 64 }), (text) => Number.isFinite(guessBits(text))));
});
