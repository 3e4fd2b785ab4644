// The words a letter is found by, and the words somebody searches for.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { limits } from '#base/limits.ts';
import { readLetter } from './letter-view.ts';
import { sortWords } from './sort-words.ts';
import { makeSummaryFacts, type SummaryFacts } from './summary-facts.ts';
import { makeTerms, queryTerms } from './terms.ts';

const EMPTY = new Uint8Array();
const NO_FACTS: SummaryFacts = makeSummaryFacts(EMPTY, readLetter(EMPTY));

/** What a search does: every term of the query is a term of the letter, or begins one. */
function finds(query: string, text: string, facts: SummaryFacts = NO_FACTS): boolean {
  const terms = makeTerms(facts, text);
  const wanted = queryTerms(query);
  return (
    wanted.length > 0 &&
    wanted.every(({ term, isPrefix }) => terms.some((has) => (isPrefix ? has.startsWith(term) : has === term)))
  );
}

test('words are found whatever their case, form and diacritics', () => {
  const text = 'Frau Müller, die Größe der ﬁnalen Fläche: Çelik, Łódź, straße';
  for (const query of [
    'müller',
    'MULLER',
    'mueller',
    'große',
    'größe',
    'finalen',
    'celik',
    'lodz',
    'strasse',
    'fläch',
  ]) {
    assert.equal(finds(query, text), true, query);
  }
  assert.equal(finds('müller', 'Frau Muller'), false);
});

test('only the last word of a query may be unfinished', () => {
  assert.equal(finds('kün vertrag', 'Kündigung Vertrag'), false);
  assert.equal(finds('kündigung vert', 'Kündigung Vertrag'), true);
  assert.deepEqual(queryTerms('  ').length, 0);
});

test('addresses are found whole, unfinished and by their parts', () => {
  const facts = { ...NO_FACTS, from: [{ name: 'Anna', address: 'anna.schmidt@kanzlei-nord.test' }] };
  for (const query of ['anna.schmidt@kanzlei-nord.test', 'anna.schmidt@kan', 'schmidt', 'kanzlei nord']) {
    assert.equal(finds(query, '', facts), true, query);
  }
  assert.equal(finds('anna@kanzlei-nord.test', '', facts), false);
});

test('Chinese and Japanese are found by pairs of characters', () => {
  assert.equal(finds('東京', '本日は東京都にいます'), true);
  assert.equal(finds('京都に', '本日は東京都にいます'), true);
  assert.equal(finds('都東', '本日は東京都にいます'), false);
  assert.equal(finds('東', '東'), true);
});

test('terms are sorted, unique, and never more than 64 kB of JSON', () => {
  const text = Array.from({ length: 40_000 }, (_, i) => `wört${i.toString(36)}`).join(' ');
  const terms = makeTerms({ ...NO_FACTS, subject: 'zuerst' }, text);
  assert.ok(Buffer.byteLength(JSON.stringify(terms)) <= limits.message.termsBytes);
  assert.deepEqual(terms, [...new Set(terms)].sort());
  assert.ok(terms.includes('zuerst'));
});

test('long words are cut alike in letters and queries', () => {
  const word = 'grundstücksverkehrsgenehmigungszuständigkeitsübertragungsverordnung';
  assert.equal(finds(word, `Die ${word} gilt`), true);
});

test('sortWords orders as sort does, whatever the words', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }),
          fc.constantFrom('a', 'ab', 'ab\0', '', 'ǿ', 'ǿz', '京b', '京a'),
        ),
      ),
      (words) => {
        assert.deepEqual(sortWords(words), [...words].sort());
      },
    ),
    { numRuns: 2_000 },
  );
});

test('any text gives terms of 1 to 40 characters, addresses aside', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      for (const term of makeTerms(NO_FACTS, text)) {
        assert.ok(term.length >= 1 && term.isWellFormed());
        if (!term.includes('@')) assert.ok(term.length <= 120, term); // folding writes letters out
      }
    }),
    { numRuns: 3_000 },
  );
});
