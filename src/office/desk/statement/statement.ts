// A standing statement: what two people sign, as canonical JSON (RFC 8785), and its parts from outside.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { dayOf } from '#formats/desk/calendar-day.ts';
import {
  dayField,
  digestField,
  fields,
  lineField,
  listOf,
  placeOf,
  secondField,
  wholeNumber,
} from '#formats/desk/fields.ts';
import type { CalendarDay, Digest } from '#formats/desk/model.ts';
import { sha256 } from '../register/chain.ts';

/** Sentences, in both languages. */
export interface StatementSays {
  readonly de: readonly string[];
  readonly en: readonly string[];
}

export interface Statement {
  readonly what: 'siegel standing statement 1';
  readonly house: string;
  /** It is said up to this day, in the zone of the policy. */
  readonly dated: CalendarDay;
  /** The last day on which it counts as fresh. */
  readonly until: CalendarDay;
  readonly says: StatementSays;
  /** Something public that nobody knew long before. */
  readonly fact: string;
  readonly policy: Digest;
  /** The head of the register that both saw, and how many entries stood before it. */
  readonly head: { readonly entries: number; readonly hash: Digest };
  /** ISO 8601, UTC, to the second. */
  readonly madeAt: string;
}

export interface StatementRefusal {
  readonly kind: 'statement';
  readonly why:
    | 'malformed'
    | 'otherPolicy'
    | 'otherHead'
    | 'otherDay'
    | 'tooLong'
    | 'past'
    | 'tooOld'
    | 'notNewer'
    | 'signatures'
    | 'otherTime';
  /** A sentence. */
  readonly what: string;
}

const WHAT = 'siegel standing statement 1';
const { sentencesMax, sentenceCharacters, factCharacters, daysMax } = limits.deskStatement;
const DAY_MS = 86_400_000;

const sentences = v.pipe(
  listOf(lineField(sentenceCharacters), sentencesMax),
  v.minLength(1, 'must hold at least one sentence'),
);
const saysSchema = fields({ de: sentences, en: sentences });

const schema = fields({
  what: v.literal(WHAT, `must be "${WHAT}"`),
  house: lineField(limits.deskPolicy.nameCharacters),
  dated: dayField,
  until: dayField,
  says: saysSchema,
  fact: lineField(factCharacters),
  policy: digestField,
  head: fields({ entries: wholeNumber(0, Number.MAX_SAFE_INTEGER), hash: digestField }),
  madeAt: secondField,
});

/** The text whose UTF-8 bytes are signed. */
export function statementText(statement: Statement): string {
  return canonicalJson(statement);
}

export function statementDigest(text: string): Digest {
  return sha256(Buffer.from(text, 'utf8'));
}

/** Only the canonical text is a statement: it is what was signed. */
export function parseStatement(text: string): Result<Statement, StatementRefusal> {
  let value: unknown;
  try {
    value = JSON.parse(text);
    if (canonicalJson(value) !== text) return malformed('is not the file that siegel statement draft wrote');
  } catch {
    return malformed('is no JSON');
  }
  const shaped = v.safeParse(schema, value, { abortEarly: true });
  return shaped.success ? ok(shaped.output) : malformed(issueWords(shaped.issues));
}

/** From outside, before it is signed. */
export function parseWish(
  value: unknown,
): Result<{ until: CalendarDay; says: StatementSays; fact: string }, StatementRefusal> {
  const shaped = v.safeParse(fields({ until: dayField, says: saysSchema, fact: schema.entries.fact }), value, {
    abortEarly: true,
  });
  return shaped.success ? ok(shaped.output) : malformed(issueWords(shaped.issues));
}

/** Of what it says about its own time; `zone`: of the policy. */
export function checkDays(
  { dated, until, madeAt }: Pick<Statement, 'dated' | 'until' | 'madeAt'>,
  zone: string,
): Result<void, StatementRefusal> {
  if (dated !== dayOf(zone, Date.parse(madeAt)))
    return refuse('otherDay', `It is dated ${dated}, and was not made on that day: make it anew.`);
  if (until <= dated) return refuse('past', `It would be out of date already: choose a day after ${dated}.`);
  if (daysBetween(dated, until) > daysMax)
    return refuse('tooLong', `It may hold for ${daysMax} days at most: whoever signs looks again by then.`);
  return ok(undefined);
}

/** Whether it is out of date on that day. */
export function isOver({ until }: Pick<Statement, 'until'>, today: CalendarDay): boolean {
  return today > until;
}

function daysBetween(from: CalendarDay, until: CalendarDay): number {
  return Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS);
}

function issueWords([issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  return [placeOf(issue.path), issue.message].filter(Boolean).join(' ');
}

function malformed(what: string): Result<never, StatementRefusal> {
  return refuse('malformed', `The statement: ${what}.`);
}

export function refuse(why: StatementRefusal['why'], what: string): Result<never, StatementRefusal> {
  return err({ kind: 'statement', why, what });
}
