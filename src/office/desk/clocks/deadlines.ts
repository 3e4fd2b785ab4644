// The clocks that run for a filing: from when, until when, how much is left.

import { calendarOf } from '#formats/desk/calendar-day.ts';
import type { CalendarDay, State } from '#formats/desk/model.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import type { FilingRow } from '../register/fold.ts';

export interface Deadline {
  /** ANSWER: until then the authority has its answer. PRESERVE: until then what it named is kept. */
  readonly kind: 'ANSWER' | 'PRESERVE';
  /** Id of a norm of the policy; null: the authority named the day. */
  readonly norm: string | null;
  readonly dueMs: number;
  /** SOON: less than a quarter of the time is left. */
  readonly state: 'RUNNING' | 'SOON' | 'OVERDUE';
}

/** In these no clock runs. */
export const clockless: ReadonlySet<State> = new Set(['CORRECTED', 'DISCLOSED', 'NO_DATA_HELD', 'CLOSED']);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Clocks of all zones lie within it. */
const ZONE_MS = 15 * HOUR_MS;

/** The first that ends first; empty: none runs. */
export function deadlinesOf(
  row: FilingRow,
  policy: Pick<Policy, 'deadlines' | 'zone'>,
  nowMs: number,
): readonly Deadline[] {
  if (row.isImported || clockless.has(row.state) || isToldOfRejection(row)) return [];
  const clocks: Deadline[] = policy.deadlines
    .filter(({ instrument, urgency }) => instrument === row.instrument && urgency === row.urgency)
    .map(({ hours, norm }) => {
      const kind = row.instrument === 'EU_PRESERVATION_ORDER' ? ('PRESERVE' as const) : ('ANSWER' as const);
      return clock({ kind, norm, dueMs: row.receivedMs + hours * HOUR_MS }, row, nowMs);
    });
  if (row.answerBy !== undefined) {
    const dueMs = endOfDay(policy.zone, row.answerBy);
    clocks.push(clock({ kind: 'ANSWER', norm: null, dueMs }, row, nowMs));
  }
  return clocks.toSorted((one, other) => one.dueMs - other.dueMs);
}

/** The first moment that is not this day any more, by the clocks of the zone. */
export function endOfDay(zone: string, day: CalendarDay): number {
  const dayAt = calendarOf(zone);
  const noon = Date.parse(`${day}T12:00:00Z`);
  let [inside, outside] = [noon - ZONE_MS, noon + DAY_MS + ZONE_MS];
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (dayAt(middle) > day) outside = middle;
    else inside = middle;
  }
  return outside;
}

function clock(of: Omit<Deadline, 'state'>, { receivedMs }: Pick<FilingRow, 'receivedMs'>, nowMs: number): Deadline {
  const left = of.dueMs - nowMs;
  const isSoon = left < (of.dueMs - receivedMs) / 4;
  return { ...of, state: left <= 0 ? 'OVERDUE' : isSoon ? 'SOON' : 'RUNNING' };
}

function isToldOfRejection({ outcome, letters }: FilingRow): boolean {
  return (outcome === 'REJECTED' || outcome === 'REJECTED_FORMAL') && letters.includes('REJECTION');
}
