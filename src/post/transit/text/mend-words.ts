// Signs that reading takes for others, put right where the line itself shows it: the section sign before a law, the dash that is too long for a hyphen.

import type { Word } from '../contract.ts';

/** What § looks like to a reader that knows it badly. */
const LIKE_SECTION = /^[8$S&5]$/;
const LIKE_SECTIONS = /^(88|\$\$|8\$|\$8|SS|\$8|55)$/;
const NUMBERED = /^\d+[a-z]?[,;.)]?$/;
/** Within this many words after the number stands what only a law says. */
const LAW_AHEAD = 8;
const LAW_WORDS =
  /^\(?(Abs\.?|Absatz|Nr\.|Satz|S\.|BGB|StGB|ZPO|StPO|HGB|GG|SGB|VwGO|VwVfG|KSchG|InsO|GmbHG|AktG|UWG|UrhG|BauGB|BDSG|AO|EStG|UStG|WEG|FamFG|RVG|GKG|ArbGG|BetrVG|BeurkG|GBO|BRAO|BORA|AufenthG|AsylG|StVO|StVG|MBO-Ä|HeilBG|SGB)\b/;
/** Of the mean width of a letter in the line: a hyphen is about half, an en dash about one. */
const DASH_WIDTH = 0.78;
const EM_DASH_WIDTH = 1.7;

export function mendWords(line: readonly Word[]): readonly Word[] {
  const letter = meanLetterWidth(line);
  return line.map((word, index) => {
    const text = mendSection(line, index) ?? mendDash(word, letter);
    return text === undefined ? word : { ...word, text };
  });
}

function mendSection(line: readonly Word[], index: number): string | undefined {
  const text = line[index]?.text ?? '';
  const isOne = LIKE_SECTION.test(text);
  if (!isOne && !LIKE_SECTIONS.test(text)) return undefined;
  if (!NUMBERED.test(line[index + 1]?.text ?? '')) return undefined;
  const ahead = line.slice(index + 2, index + 2 + LAW_AHEAD);
  // A dollar is no money before "280 Abs."; a figure needs the law's word at once.
  const near = text.includes('$') ? ahead : ahead.slice(0, 1);
  if (!near.some((word) => LAW_WORDS.test(word.text))) return undefined;
  return isOne ? '§' : '§§';
}

function mendDash(word: Word, letter: number): string | undefined {
  if (!/^[-–—]$/.test(word.text) || letter === 0) return undefined;
  const width = word.box.width / letter;
  if (width < DASH_WIDTH) return '-';
  return width < EM_DASH_WIDTH ? '–' : '—';
}

function meanLetterWidth(line: readonly Word[]): number {
  let letters = 0;
  let width = 0;
  for (const { text, box } of line) {
    if (text.length < 3) continue;
    letters += text.length;
    width += box.width;
  }
  return letters === 0 ? 0 : width / letters;
}
