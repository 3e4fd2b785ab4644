// The ribbon says the same in both languages, in the house's manner.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoWords } from './demo-words.ts';

test('the ribbon’s sentences are short, calm and address nobody as du', () => {
  for (const words of Object.values(demoWords)) {
    const { work, openMailboxOf, opening, ...sentences } = words;
    const all = [...Object.values(sentences), ...Object.values(work), openMailboxOf('Mara'), opening('Mara')];
    for (const sentence of all) {
      assert.ok(sentence.length > 0 && sentence.length < 60, sentence);
      assert.ok(!/!|\b(?:du|dein|dich)\b/i.test(sentence), sentence);
    }
  }
});

test('it is said in both languages that everything is invented', () => {
  assert.match(demoWords.de.office, /erfunden/);
  assert.match(demoWords.en.office, /invented/);
});
