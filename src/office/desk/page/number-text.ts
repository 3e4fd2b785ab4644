// Figures of the report as people read them in each language; nothing is computed or rounded here.

import type { Figure } from '../report/figure.ts';
import type { PageWords } from './words-en.ts';

const LOCALES = { de: 'de-DE', en: 'en-GB' } as const;
/** Stands between a number and its unit. */
const NARROW = '\u00A0';
/** Where a figure is not stated. */
export const NOT_STATED = '–';

export function numberText({ spoken }: Pick<PageWords, 'spoken'>, value: number): string {
  return value.toLocaleString(LOCALES[spoken]);
}

/** "33.8" as "33,8". */
function decimalText({ spoken }: Pick<PageWords, 'spoken'>, text: string): string {
  return spoken === 'de' ? text.replace('.', ',') : text;
}

export function figureText(words: PageWords, figure: Figure | undefined): string {
  if (figure === undefined || figure.value === null) return NOT_STATED;
  const { value, rounding } = figure;
  if (typeof value === 'number') return numberText(words, value);
  if (rounding === 'percent1') return `${decimalText(words, value)}${NARROW}%`;
  return rounding === 'days1' ? words.days(decimalText(words, value)) : value;
}

/** What a bar is drawn from: the number itself, or what the shown text says. Null: nothing is stated. */
export function lengthOf(figure: Figure | undefined): number | null {
  if (figure === undefined || figure.value === null || figure.rounding === 'band') return null;
  const length = Number(figure.value);
  return Number.isFinite(length) && length >= 0 ? length : null;
}

/** Of whole numbers that may be counted with; undefined: it is not stated. */
export function countOf(figure: Figure | undefined): number | undefined {
  return typeof figure?.value === 'number' ? figure.value : undefined;
}

export function dayText({ spoken }: Pick<PageWords, 'spoken'>, ms: number): string {
  const form = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(LOCALES[spoken], form).format(new Date(ms));
}

/** "a, b and c" */
export function listText({ spoken }: Pick<PageWords, 'spoken'>, parts: readonly string[]): string {
  return new Intl.ListFormat(LOCALES[spoken], { type: 'conjunction' }).format(parts);
}

/** Hex in groups of four, as two people read it to each other. */
export function groupedHex(hex: string): string {
  return hex.match(/.{1,4}/g)?.join(' ') ?? hex;
}
