// Letters that many faces draw alike (I and l, O and 0): put right where only one of them makes a word, a number or the name of a law.

import type { Box, Word } from '../contract.ts';

/** The marks of ink of a word; empty where there is no telling. */
export type Look = (word: Word) => readonly Box[];

export interface Place {
  readonly line: readonly Word[];
  readonly index: number;
  /** Undefined where there is no picture. */
  readonly look: Look | undefined;
}

/** A word that begins with I and goes on with what was taken for more of them: "IIIner" is Illner, "IIa" and "IIIter" are numbers. */
const CAPITALS_ON = /^(\(?„?I)([Il]*I[Il]*)(\p{Ll}{3,}.*)$/u;
const ORDINAL = /^(te[rnms]?|ers?|erns?)(\P{L}|$)/u;
/** l before a consonant begins no German word; "lfd.", "lt." and units are shorter or end in a stop. */
const SMALL_FIRST = /^(\(?„?)l(hr|hn|nh|ns|nt|nf|nv|nd|ng|nk|nn|mm|mp|den|rr|sol)(?=\p{Ll})/u;
const SMALL_WORDS = /^(\(?„?)l(ch|hr|m|n|st)$/;
const WORDS_ALONE: ReadonlySet<string> = new Set(['ch', 'hr', 'st']);

/** Codes of procedure end in a capital O; no word and no number looks like them. */
const CODE_IN_O = /^(\(?)(VwG|ZP|StP|Ins|BRA|StV)[öÖ0]([,;.)]*)$/;
/** The schedule of fees, whose wide letters leave no gap behind them. */
const FEES = /^\(?VVRVG[,;.)]*$/;
/** What stands between the two sides of a case. */
const AGAINST = /^\.[lI|]\.$/;

const NUMBERED_BY = /^\(?(Ziff\.|Ziffer|Ziffern|Teil|Kapitel|Abschnitt|Buch|Titel|Stufe|Abs\.|Absatz)$/;
const ROMAN = /^[IVX]+\.?,?$/;
const TO = /^(bis|und|oder|–|-)$/;

export function mendLetters(text: string): string | undefined {
  // names of hosts are small
  if (text.includes('@')) return text.replace(/(?<=\p{Ll})I(?=\p{Ll})/gu, 'l');
  if (AGAINST.test(text)) return './.';
  if (CODE_IN_O.test(text)) return text.replace(CODE_IN_O, '$1$2O$3');
  if (FEES.test(text)) return text.replace('VVRVG', 'VV RVG');
  const [, first = '', bars = '', rest = ''] = CAPITALS_ON.exec(text) ?? [];
  if (rest !== '' && !ORDINAL.test(rest)) return first + 'l'.repeat(bars.length) + rest;
  const [, bracket = '', word = ''] = SMALL_WORDS.exec(text) ?? [];
  if (WORDS_ALONE.has(word)) return `${bracket}I${word}`;
  const mended = text.replace(SMALL_FIRST, '$1I$2');
  return mended === text ? undefined : mended;
}

/** Roman numbers up to three: as many as there are bars of ink, and never "Ill." after "Ziff." */
export function mendRoman({ line, index, look }: Place): string | undefined {
  const word = line[index];
  const [, bars = '', stop = ''] = /^([Il|1]{1,4})([.,)]?)$/.exec(word?.text ?? '') ?? [];
  if (word === undefined || bars === '' || bars === '1') return undefined;
  const [before = '', earlier = ''] = [line[index - 1]?.text, line[index - 2]?.text];
  const isNumbered = NUMBERED_BY.test(before) || (TO.test(before) && ROMAN.test(earlier));
  const count = look === undefined ? 0 : barsIn(look(word), stop === '.');
  if (/^I+$/.test(bars)) return count > bars.length && count <= 3 ? 'I'.repeat(count) + stop : undefined;
  if (!isNumbered || bars.length > 3) return undefined;
  return 'I'.repeat(Math.max(count, bars.length)) + stop;
}

/** Upright marks of one height that stand alone; 0 where there is anything else but a full stop. */
function barsIn(marks: readonly Box[], hasStop: boolean): number {
  const upright = hasStop ? marks.slice(0, -1) : marks;
  const stop = hasStop ? marks.at(-1) : undefined;
  const [first] = upright;
  if (first === undefined) return 0;
  const areBars = upright.every(
    ({ width, height, top }) =>
      width < 0.62 * height && Math.abs(height - first.height) <= 0.08 * first.height && Math.abs(top - first.top) <= 3,
  );
  return areBars && (stop === undefined || stop.height < 0.35 * first.height) ? upright.length : 0;
}
