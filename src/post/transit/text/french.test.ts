// Which pages are read once more as French: those whose small words are, and none for a name or a saying.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { err, ok } from '#base/result.ts';
import type { PageText } from '../contract.ts';
import { frenchIn, readInItsLanguage, type FrenchShare } from './french.ts';

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

const pageOf = (text: string, confidence: number): PageText => ({ lines: linesOf(text), confidence });
const SENTENCE = 'Nous vous prions de payer la somme dans les delais et avec les interets qui sont dus';

test('a French page is read twice and the surer reading counts; a German one is read once', async () => {
  for (const { text, french, sure, shares } of [
    { text: SENTENCE, french: 95, sure: 'French', shares: ['none', 'all'] },
    { text: SENTENCE, french: 85, sure: 'German', shares: ['none', 'all'] },
    { text: 'Wir bitten um Zahlung', french: 95, sure: 'German', shares: ['none'] },
  ]) {
    const asked: FrenchShare[] = [];
    const read = await readInItsLanguage(async (share) => {
      asked.push(share);
      return ok(share === 'none' ? pageOf(text, 90) : pageOf('lu', french));
    });
    assert.ok(read.ok);
    assert.equal(read.value.confidence, sure === 'French' ? french : 90);
    assert.deepEqual(asked, shares);
  }
});

test('a page whose second reading is refused is refused', async () => {
  const refusal = { kind: 'workerFailed' } as const;
  const read = await readInItsLanguage(async (share) => (share === 'none' ? ok(pageOf(SENTENCE, 90)) : err(refusal)));
  assert.deepEqual(read, err(refusal));
  assert.deepEqual(await readInItsLanguage(async () => err(refusal)), err(refusal));
});
