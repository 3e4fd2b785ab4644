// Which pages are read once more as French: those whose small words are, and none for a name or a saying.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frenchIn } from './french.ts';

const box = { left: 0, top: 0, width: 1, height: 1 };
const linesOf = (text: string) => [text.split(' ').map((word) => ({ text: word, box, baseline: 1, confidence: 90 }))];

test('French pages, pages with some French, and pages with none are told apart', () => {
  const french = 'Nous vous prions de payer la somme dans les delais et avec les interets qui sont dus';
  const german =
    'Wir bitten Sie die Summe mit den Zinsen zu zahlen und sich bei uns zu melden für den Fall dass sie nicht';
  assert.equal(frenchIn(linesOf(french)), 'all');
  assert.equal(frenchIn(linesOf(`${german} ${french}`)), 'some');
  assert.equal(frenchIn(linesOf(german)), 'none');
});

test('a name that comes again and again is no sentence', () => {
  assert.equal(frenchIn(linesOf('Die La Roche GmbH, La Roche AG, La Roche KG, La Roche Ltd und La Roche SE')), 'none');
  assert.equal(frenchIn(linesOf('Savoir vivre, noblesse oblige, et cetera pp')), 'none');
  assert.equal(frenchIn([]), 'none');
});
