// What the clerk hands in of a request, as it becomes a filing: every field checked, days and origin by the policy in force.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { originOf } from '../policy/admissibility.ts';
import { dayOf, parseCalendarDay } from '#formats/desk/calendar-day.ts';
import {
  countryField,
  dayField,
  digestField,
  fields,
  filingField,
  idField,
  listOf,
  oneOf,
  placeOf,
  wholeNumber,
} from '#formats/desk/fields.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import {
  authorityClasses,
  channels,
  instruments,
  kinds,
  urgencies,
  type CalendarDay,
  type Filing,
  type FilingNumber,
} from '#formats/desk/model.ts';

const NOON = 'T12:00:00Z';

const itemSchema = fields({
  kind: oneOf(kinds),
  basis: v.nullable(idField),
  from: v.nullable(dayField),
  until: v.nullable(dayField),
  target: v.nullable(digestField),
});

export const newFilingSchema = fields({
  corrects: v.nullable(filingField),
  /** A day, or a moment with its offset. */
  received: v.pipe(
    v.string('must be a day or a moment'),
    v.check(
      (text) => receivedMs(text) !== undefined,
      'must be a day like "2026-11-23" or a moment like "2026-11-23T09:30:00+01:00"',
    ),
  ),
  authority: fields({ class: oneOf(authorityClasses), country: countryField }),
  channel: oneOf(channels),
  instrument: oneOf(instruments),
  urgency: oneOf(urgencies),
  items: v.pipe(listOf(itemSchema, limits.deskReview.itemsMax), v.minLength(1, 'must hold at least one item')),
  targets: wholeNumber(1, limits.deskFiling.targetsMax),
  answerBy: v.optional(dayField),
});
export type NewFiling = v.InferOutput<typeof newFilingSchema>;

export interface FilingRefusal {
  readonly kind: 'filing';
  /** "items[1].basis" */
  readonly place: string;
  /** Follows the place. */
  readonly what: string;
}

export function parseNewFiling(value: unknown): Result<NewFiling, FilingRefusal> {
  const shaped = v.safeParse(newFilingSchema, value, { abortEarly: true });
  if (shaped.success) return ok(shaped.output);
  const [issue] = shaped.issues;
  return refuse(placeOf(issue.path) || 'filing', issue.message);
}

export interface FilingPlace {
  readonly filing: FilingNumber;
  readonly policy: Policy;
  readonly nowMs: number;
}

export function toFiling(given: NewFiling, { filing, policy, nowMs }: FilingPlace): Result<Filing, FilingRefusal> {
  const ms = receivedMs(given.received) ?? Number.NaN;
  const receivedOn = parseCalendarDay(given.received) ?? dayOf(policy.zone, ms);
  if (receivedOn > dayOf(policy.zone, nowMs)) return refuse('received', `is in the future: ${receivedOn}`);
  if (given.answerBy !== undefined && given.answerBy < receivedOn)
    return refuse('answerBy', `is before the request came (${receivedOn}): a day that has passed is no deadline`);
  for (const [at, { basis, from, until }] of given.items.entries()) {
    if (basis !== null && !policy.norms.some(({ id }) => id === basis))
      return refuse(`items[${at}].basis`, `is no norm of the policy: ${basis}. ${namedNorms(policy)}`);
    if (from !== null && until !== null && until < from)
      return refuse(`items[${at}].until`, `is before its beginning, ${from}`);
  }
  const { corrects, authority, channel, instrument, urgency, items, targets, answerBy } = given;
  return ok({
    filing,
    corrects,
    receivedMs: Math.min(ms, nowMs),
    receivedOn,
    authority,
    origin: originOf(policy, authority.country),
    channel,
    instrument,
    urgency,
    items,
    targets,
    ...(answerBy !== undefined && { answerBy }),
  });
}

/** In which year it is counted. */
export function yearOf(given: Pick<NewFiling, 'received'>, { zone }: Pick<Policy, 'zone'>): number {
  const day: CalendarDay = parseCalendarDay(given.received) ?? dayOf(zone, receivedMs(given.received) ?? 0);
  return Number(day.slice(0, 4));
}

export function filingNumber(year: number, nth: number): FilingNumber {
  return v.parse(filingField, `${year}-${String(nth).padStart(4, '0')}`);
}

/** A day without a time counts as its noon. */
function receivedMs(text: string): number | undefined {
  const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{3})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  if (!isMoment && parseCalendarDay(text) === undefined) return undefined;
  const ms = Date.parse(isMoment ? text : `${text}${NOON}`);
  return Number.isNaN(ms) || ms < 0 ? undefined : ms;
}

function namedNorms({ norms }: Policy): string {
  const ids = norms.map(({ id }) => id);
  return ids.length > 0
    ? `It names ${ids.slice(0, 12).join(', ')}${ids.length > 12 ? ' and more' : ''}`
    : 'It names none';
}

function refuse(place: string, what: string): Result<never, FilingRefusal> {
  return err({ kind: 'filing', place, what });
}
