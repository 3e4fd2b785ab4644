// The counters as a value: quarter, question, answer → how many; nothing else is known of any report. Parse and format to the byte.

import * as v from 'valibot';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { BUCKETS_MAX } from '../catalogue/question.ts';
import { isQuarter } from '../report/weeks.ts';

/** By the question's hash. */
export type QuarterCounts = Readonly<Record<string, readonly number[]>>;

export interface Tally {
  readonly v: 1;
  /** The newest quarter that takes no more; '' before the first. */
  readonly closed: string;
  readonly quarters: Readonly<Record<string, QuarterCounts>>;
}

export interface Counted {
  readonly quarter: string;
  readonly question: string;
  readonly answer: number;
  /** How many answers the question has. */
  readonly buckets: number;
}

export const EMPTY_TALLY: Tally = { v: 1, closed: '', quarters: {} };

const quarter = v.pipe(v.string(), v.check(isQuarter));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const shape = v.strictObject({
  v: v.literal(1),
  closed: v.union([v.literal(''), quarter]),
  quarters: v.record(
    quarter,
    v.record(
      v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
      v.pipe(v.array(count), v.minLength(2), v.maxLength(BUCKETS_MAX)),
    ),
  ),
});

/** Undefined: not what formatTally wrote. */
export function parseTally(text: string): Tally | undefined {
  try {
    const read = v.safeParse(shape, JSON.parse(text));
    return read.success && formatTally(read.output) === text ? read.output : undefined;
  } catch {
    return undefined;
  }
}

export function formatTally(tally: Tally): string {
  return `${canonicalJson(tally)}\n`;
}

/** Several at once: the tally itself stays as it was. */
export function addTo(tally: Tally, counted: readonly Counted[]): Tally {
  if (counted.length === 0) return tally;
  const quarters: Record<string, Record<string, number[]>> = {};
  for (const { quarter: name, question, answer, buckets } of counted) {
    const questions = (quarters[name] ??= copyOf(tally.quarters[name] ?? {}));
    const counts = (questions[question] ??= Array.from({ length: buckets }, () => 0));
    counts[answer] = (counts[answer] ?? 0) + 1;
  }
  return { ...tally, quarters: { ...tally.quarters, ...quarters } };
}

/** Without that quarter and all before it, which take no more. */
export function closeThrough(tally: Tally, closed: string): Tally {
  const open = Object.entries(tally.quarters).filter(([name]) => name > closed);
  return { v: 1, closed: closed > tally.closed ? closed : tally.closed, quarters: Object.fromEntries(open) };
}

function copyOf(counts: QuarterCounts): Record<string, number[]> {
  return Object.fromEntries(Object.entries(counts).map(([question, row]) => [question, [...row]]));
}
