// Signs put right, and signs left alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Word } from '../contract.ts';
import { cleanWord } from './clean-word.ts';
import { mendWords } from './mend-words.ts';

const LETTER = 20;

function line(text: string, dashWidth = 10): readonly Word[] {
  return text.split(' ').map((word) => ({
    text: word,
    box: { left: 0, top: 0, width: /^[-–—]$/.test(word) ? dashWidth : word.length * LETTER, height: 40 },
    baseline: 40,
    confidence: 90,
  }));
}

const mended = (text: string, dashWidth?: number): string =>
  mendWords(line(text, dashWidth))
    .map((word) => word.text)
    .join(' ');

test('a section sign read as a figure or a dollar is one again before a law', () => {
  assert.equal(mended('Gemäß 8 280 Abs. 1 BGB haftet'), 'Gemäß § 280 Abs. 1 BGB haftet');
  assert.equal(mended('nach $ 823 und anderen Normen des BGB'), 'nach § 823 und anderen Normen des BGB');
  assert.equal(mended('vgl. 88 249 BGB'), 'vgl. §§ 249 BGB');
});

test('figures and dollars that stand before no law stay as they are', () => {
  for (const text of [
    'mit 8 280 Stück geliefert',
    'für $ 250 verkauft',
    'Seite 8 von 12',
    '5 mg einmal',
    'Nr. 8 12 Uhr',
  ])
    assert.equal(mended(text), text);
});

test('a dash is told from a hyphen by its width', () => {
  assert.equal(mended('Zeichen - Klage wegen', 20), 'Zeichen – Klage wegen');
  assert.equal(mended('Zeichen - Klage wegen', 10), 'Zeichen - Klage wegen');
  assert.equal(mended('Zeichen – Klage wegen', 10), 'Zeichen - Klage wegen');
});

test('ligatures are written out, umlauts composed, unseen signs dropped', () => {
  assert.equal(cleanWord('ﬁnden'), 'finden');
  assert.equal(cleanWord('Gro\u00dfe'), 'Große');
  assert.equal(cleanWord('A\u0308nne'), 'Änne');
  assert.equal(cleanWord('Bund\u00ades\u200bamt\n'), 'Bundesamt');
});
