// Fields that the policy and the verdicts share: days, digests, fingerprints, numbers of filings, short texts; each says what it must be.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import type { ArrivalId, CalendarDay, Digest, FilingNumber, Fingerprint } from './model.ts';
import { parseCalendarDay } from './calendar-day.ts';

export const dayField = v.custom<CalendarDay>(
  (value) => parseCalendarDay(value) !== undefined,
  'must be a day of the calendar, like "2023-01-01"',
);
export const digestField = v.custom<Digest>(
  (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
  'must be a SHA-256 in 64 lower-case hex digits',
);
export const fingerprintField = v.custom<Fingerprint>(
  (value) => typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value),
  'must be an OpenPGP fingerprint in 40 or 64 lower-case hex digits, without spaces',
);
export const filingField = v.custom<FilingNumber>(
  (value) => typeof value === 'string' && /^\d{4}-\d{4,9}$/.test(value),
  'must be the number of a filing, like "2026-0007"',
);
export const arrivalField = v.custom<ArrivalId>(
  (value) => typeof value === 'string' && /^arrival-[a-z2-7]{12}$/.test(value),
  'must be the id of an arrival, like "arrival-k7x2m5q4tz3d"',
);
/** "2026-11-23T09:30:00Z" */
export const secondField = v.custom<string>(
  (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)) &&
    new Date(value).toISOString() === value.replace('Z', '.000Z'),
  'must be a moment in UTC to the second, like "2026-11-23T09:30:00Z"',
);
/** Reserved words of admissibility.ts fit here and are refused for rules. */
export const idField = v.custom<string>(
  (value) => typeof value === 'string' && /^[a-z0-9][a-z0-9-]{0,63}$/.test(value),
  'must be an id of small letters, digits and hyphens, at most 64',
);
export const countryField = v.custom<string>(
  (value) => typeof value === 'string' && /^[A-Z]{2}$/.test(value),
  'must be a country of two capital letters, like "DE"',
);

/** One line of text that a letter or a page can show. */
export function lineField(charactersMax: number): v.GenericSchema<unknown, string> {
  return v.custom<string>(
    (value) =>
      typeof value === 'string' &&
      value.length <= charactersMax &&
      value.isWellFormed() &&
      value.trim() === value &&
      value !== '' &&
      !/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(value),
    `must be a text of one line, 1 to ${charactersMax} characters, without spaces at its ends`,
  );
}

export const spokenField = fields({
  de: lineField(limits.deskPolicy.sayingCharacters),
  en: lineField(limits.deskPolicy.sayingCharacters),
});

/** An object with these fields and no other. */
export function fields<const E extends v.ObjectEntries>(entries: E) {
  return v.strictObject(entries, (issue: v.StrictObjectIssue) => {
    if (issue.expected === 'never') return 'is no known field: take it out';
    return issue.received === 'undefined'
      ? 'is missing: add it'
      : `must be an object with ${Object.keys(entries).join(', ')}`;
  });
}

export function oneOf<const T extends readonly string[]>(words: T) {
  return v.picklist(words, `must be one of ${words.join(', ')}`);
}

export function listOf<T extends v.GenericSchema>(item: T, countMax: number) {
  return v.pipe(v.array(item, 'must be a list'), v.maxLength(countMax, `holds more than ${countMax}: shorten it`));
}

/** A list without repetition. */
export function setOf<const T extends readonly string[]>(words: T) {
  return v.pipe(
    v.array(oneOf(words), 'must be a list'),
    v.check((given) => new Set(given).size === given.length, 'names something twice: name each once'),
  );
}

export function wholeNumber(min: number, max: number) {
  const what = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(what), v.integer(what), v.minValue(min, what), v.maxValue(max, what));
}

/** "roster[2].certificate"; "" for the whole. */
export function placeOf(path: v.BaseIssue<unknown>['path']): string {
  return (path ?? []).reduce((place, { key }) => {
    if (typeof key === 'number') return `${place}[${key}]`;
    return place === '' ? String(key) : `${place}.${String(key)}`;
  }, '');
}
