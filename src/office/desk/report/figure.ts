// A figure of the report: what is shown, of which integers it is made, what it means and how it was rounded. Integers only; no binary fraction is ever rounded.

import type { DefinitionId } from './definitions.ts';

export interface Figure {
  /** Counts are numbers; shares and durations are text, as shown with a point ("33.8"); null: there is nothing to show. */
  readonly value: number | string | null;
  readonly numerator: number | null;
  readonly denominator: number | null;
  readonly definition: DefinitionId;
  readonly rounding: RoundingId;
}

export const roundingIds = ['exact', 'percent1', 'days1', 'band', 'leftOut'] as const;
export type RoundingId = (typeof roundingIds)[number];

export interface Spoken {
  readonly de: string;
  readonly en: string;
}

export const roundings: Readonly<Record<RoundingId, Spoken>> = {
  exact: { de: 'genau, nicht gerundet', en: 'exact, not rounded' },
  percent1: {
    de: 'Prozent mit einer Nachkommastelle, die Hälfte weg von null gerundet; ohne Nenner kein Anteil',
    en: 'percent with one decimal, half rounded away from zero; no share where the denominator is zero',
  },
  days1: {
    de: 'Tage zu 24 Stunden mit einer Nachkommastelle, die Hälfte weg von null gerundet; Zähler und Nenner in Millisekunden',
    en: 'days of 24 hours with one decimal, half rounded away from zero; numerator and denominator in milliseconds',
  },
  band: {
    de: 'der kleinste Bereich der Richtlinie, in dem die Zahl liegt',
    en: 'the smallest range of the policy that holds the number',
  },
  leftOut: {
    de: 'nicht genannt, damit eine andere Zahl nicht daraus errechnet werden kann',
    en: 'not stated, so that another number cannot be computed from it',
  },
};

export const DAY_MS = 86_400_000;

export function exactly(count: number, definition: DefinitionId): Figure {
  return { value: requireInteger(count), numerator: count, denominator: null, definition, rounding: 'exact' };
}

export function percentOf(numerator: number, denominator: number, definition: DefinitionId): Figure {
  const value = denominator === 0 ? null : oneDecimal(requireInteger(numerator) * 100, denominator);
  return { value, numerator, denominator, definition, rounding: 'percent1' };
}

/** Null: nothing was measured. */
export function daysOf(spanMs: number | null, definition: DefinitionId): Figure {
  const value = spanMs === null ? null : oneDecimal(spanMs, DAY_MS);
  return { value, numerator: spanMs, denominator: spanMs === null ? null : DAY_MS, definition, rounding: 'days1' };
}

/** "0–99": the smallest band that holds the count; above the last "500+". */
export function bandOf(count: number, bands: readonly number[], definition: DefinitionId): Figure {
  const upper = bands.toSorted((a, b) => a - b).find((band) => count <= band);
  const value = upper === undefined ? `${Math.max(-1, ...bands) + 1}+` : `0–${upper}`;
  return { value, numerator: null, denominator: null, definition, rounding: 'band' };
}

export function leftOut(definition: DefinitionId): Figure {
  return { value: null, numerator: null, denominator: null, definition, rounding: 'leftOut' };
}

/** numerator / denominator with one decimal, half away from zero, by integers alone; the denominator is above zero. */
export function oneDecimal(numerator: number, denominator: number): string {
  requireInteger(numerator * 20);
  const whole = 2 * requireInteger(denominator);
  const sum = Math.abs(numerator) * 20 + denominator;
  // what is subtracted first leaves a division without remainder, which is exact
  const tenths = (sum - (sum % whole)) / whole;
  const text = `${(tenths - (tenths % 10)) / 10}.${tenths % 10}`;
  return numerator < 0 && tenths > 0 ? `-${text}` : text;
}

function requireInteger(value: number): number {
  if (!Number.isSafeInteger(value)) throw new Error('a figure is made of whole numbers below 2^53');
  return value;
}
