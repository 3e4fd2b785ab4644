// Signs put right, and signs left alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Box, Raster, Word } from '../contract.ts';
import { cleanWord } from './clean-word.ts';
import { mendWords } from './mend-words.ts';
import { marksOf } from './word-marks.ts';

const LETTER = 20;

function line(text: string, dashWidth = 10): readonly Word[] {
  return text.split(' ').map((word) => ({
    text: word,
    box: { left: 0, top: 0, width: /^[-–—]$/.test(word) ? dashWidth : word.length * LETTER, height: 40 },
    baseline: 40,
    confidence: 90,
  }));
}

/** Marks as [width, foot below the line, height], side by side, for the words that a picture is given for. */
type Ink = Readonly<Record<string, readonly (readonly [number, number, number])[]>>;

function seen(text: string, ink: Ink): string {
  const look = ({ text: word, baseline }: Word): readonly Box[] =>
    (ink[word] ?? []).map(([width, below, height], index) => ({
      left: index * 30,
      top: baseline + below - height,
      width,
      height,
    }));
  return mendWords(line(text), look)
    .map((word) => word.text)
    .join(' ');
}

const FIGURES: Ink[string] = [
  [18, 0, 28],
  [18, 0, 28],
  [18, 0, 28],
];
const SECTION: Ink[string] = [[16, 6, 36]];
const FIGURE: Ink[string] = [[18, 0, 28]];

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

test('what hangs below the line and rises above the figures beside it is a section sign, whatever it was taken for', () => {
  for (const sign of ['8', '$', 'S', '5', 'B'])
    assert.equal(seen(`gewahrt; ${sign} 949 bleibt`, { [sign]: SECTION, '949': FIGURES }), 'gewahrt; § 949 bleibt');
  assert.equal(seen('(8 136 InsO)', { '(8': [[8, 8, 40], ...SECTION], '136': FIGURES }), '(§ 136 InsO)');
  const two = [...SECTION, ...SECTION];
  assert.equal(seen('Die 88 276 ff. HGB', { '88': two, '276': FIGURES }), 'Die §§ 276 ff. HGB');
});

test('a figure that stands on the line is a figure, however law-like the words around it', () => {
  assert.equal(seen('gewahrt; 8 949 bleibt', { '8': FIGURE, '949': FIGURES }), 'gewahrt; 8 949 bleibt');
  // one sign hangs, the other does not
  const mixed = [...SECTION, ...FIGURE];
  assert.equal(seen('Die 88 276 Mark', { '88': mixed, '276': FIGURES }), 'Die 88 276 Mark');
  // taller, but on the line: a heading's figure beside small print
  assert.equal(seen('Teil 8 949', { '8': [[22, 0, 36]], '949': FIGURES }), 'Teil 8 949');
  // old-style figures hang, and are no taller
  assert.equal(seen('am 5 949 Mal', { '5': [[18, 7, 28]], '949': FIGURES }), 'am 5 949 Mal');
  assert.equal(seen('Klasse 8 b', { '8': SECTION }), 'Klasse 8 b');
  assert.equal(seen('Konto 8280 949', { '8280': [...SECTION, ...FIGURES], '949': FIGURES }), 'Konto 8280 949');
});

test('Roman numbers have as many bars as the ink', () => {
  const bar = [9, 0, 28] as const;
  const stop = [5, 0, 5] as const;
  assert.equal(seen('I. Begründetheit', { 'I.': [bar, bar, stop] }), 'II. Begründetheit');
  assert.equal(seen('II. Ergebnis', { 'II.': [bar, bar, bar, stop] }), 'III. Ergebnis');
  assert.equal(seen('I. Zulässigkeit', { 'I.': [bar, stop] }), 'I. Zulässigkeit');
  // a bar of another height beside it is a rule of a table
  assert.equal(seen('I. Teil', { 'I.': [bar, [3, 8, 60], stop] }), 'I. Teil');
  assert.equal(seen('in Ziff. I. bis Ill. der', {}), 'in Ziff. I. bis III. der');
  assert.equal(seen('nach Ziff. ll der', {}), 'nach Ziff. II der');
  for (const text of ['siehe Ill. 4 im Band', 'Il faut', '11 bis 1 Uhr', 'Nr. 11', 'Ziff. 1 und 11', 'l. Zimmer'])
    assert.equal(seen(text, {}), text);
});

test('I and l change places only where one of them makes no word', () => {
  assert.equal(mended('IIIner und IlIner'), 'Illner und Illner');
  assert.equal(
    mended('lhr Schreiben, lch bitte, lnsolvenz lmmobilie ldentität lnhalt lst'),
    'Ihr Schreiben, Ich bitte, Insolvenz Immobilie Identität Inhalt Ist',
  );
  for (const text of [
    'Abs. IIa und IIIb',
    'Karl IIIter, der IIte, IIIer',
    'lfd. Nr. lt. Vertrag 100 lm ln 2 llm',
    'MandantInnen eIDAS BioImmun WLAN',
    'Ilse Illner im All',
    'DE12 IlI1 kIl9',
    'lang lesen links los Luft',
  ])
    assert.equal(mended(text), text);
});

test('“Nr.” whose stop is seen is no “Ne”', () => {
  const letters = [
    [20, 0, 28],
    [14, 0, 20],
  ] as const;
  assert.equal(seen('VV Ne 211', { Ne: [...letters, [5, 0, 5]] }), 'VV Nr. 211');
  assert.equal(seen('VV Ne 211', { Ne: [...letters, [14, 0, 4]] }), 'VV № 211');
  assert.equal(seen('VV Ne 211', { Ne: letters }), 'VV Ne 211');
  assert.equal(seen('Ne danke', { Ne: [...letters, [5, 0, 5]] }), 'Ne danke');
});

test('letters inside an account number become figures when its check digits then agree, and only then', () => {
  assert.equal(mended('auf DE89 37O4 0044 O532 0130 OO.'), 'auf DE89 3704 0044 0532 0130 00.');
  assert.equal(mended('(DEB9370400440532013000)'), '(DE89370400440532013000)');
  for (const text of [
    'auf DE89 37O4 0044 O532 0130 01', // another number: nobody can know
    'DE89 3704 0044 0532 0130 00',
    'DE89 37O4 0044',
    'DEO ist SOLL und BIS',
    'Az. DE 12 O 45/24',
    'FR14 2OO4 1010 0505 0001 3M02 606',
  ])
    assert.equal(mended(text), text);
});

test('a dot between words is no dash, a stop on the line is none either', () => {
  assert.equal(seen('Weiß – Köln', { '–': [[5, -8, 5]] }), 'Weiß · Köln');
  assert.equal(seen('Weiß – Köln', { '–': [[20, -8, 3]] }), 'Weiß – Köln');
  assert.equal(seen('Weiß - Köln', { '-': [[5, 0, 5]] }), 'Weiß - Köln');
});

test('marks of a word are what hangs together in it, from left to right', () => {
  const pixels = new Uint8Array(60 * 40).fill(230);
  const fill = (left: number, top: number, wide: number, high: number): void => {
    for (let y = top; y < top + high; y++) pixels.fill(30, y * 60 + left, y * 60 + left + wide);
  };
  fill(30, 8, 6, 25);
  fill(10, 5, 8, 20);
  fill(50, 20, 1, 1);
  const grey: Raster = { width: 60, height: 40, channels: 1, pixels, dpi: 300 };
  assert.deepEqual(marksOf(grey, { left: 0, top: 0, width: 60, height: 40 }), [
    { left: 10, top: 5, width: 8, height: 20 },
    { left: 30, top: 8, width: 6, height: 25 },
  ]);
  assert.deepEqual(marksOf(grey, { left: 0, top: 34, width: 60, height: 6 }), []);
  assert.deepEqual(marksOf(grey, { left: 50, top: 30, width: 90, height: 90 }), []);
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

test('the names of laws, the schedule of fees and the sign between two sides are put right', () => {
  assert.equal(mended('nach § 4 Abs. 2 VwGö und § 17 ZP0, (InsÖ)'), 'nach § 4 Abs. 2 VwGO und § 17 ZPO, (InsO)');
  assert.equal(mended('Gebühr, Nr. 3104 VVRVG.'), 'Gebühr, Nr. 3104 VV RVG.');
  assert.equal(mended('In Sachen Weiß .l. Illner, Weiß .I. Klein'), 'In Sachen Weiß ./. Illner, Weiß ./. Klein');
});

test('what only looks like them stays', () => {
  for (const text of ['StPO 10 AO0 Zoo', 'VwG 0', 'VVRVGO', 'a.l. i.l. .1. l.', 'ZP00'])
    assert.equal(mended(text), text);
});
