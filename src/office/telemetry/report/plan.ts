// When a machine reports and what: one moment a week, one question or none; decided from its seed and what it has answered.

import { choose, drawUnits, type Seed } from './chance.ts';
import { beginOfWeek, quarterOf, weekOf, weeksLeft, WEEK_MS } from './weeks.ts';

export interface Answered {
  /** The newest week that a report was begun or passed over in; −1 before the first. */
  readonly lastWeek: number;
  readonly quarter: string;
  /** Hashes of the questions answered in that quarter. */
  readonly questions: readonly string[];
  /** Cover reports only up to the end of this quarter: answers of it were forgotten when all was switched off. */
  readonly quietQuarter?: string;
}

export const NOTHING_ANSWERED: Answered = { lastWeek: -1, quarter: '', questions: [] };

/** How late a report may be. Later ones are left out: when a machine was started again is nobody's business. */
const LATE_MS = 10 * 60_000;

/**
 * The moment of the week, to the millisecond: any of them alike, another one each week. At full minutes every report would show
 * by how much its home's clock is wrong, and how far away it is, which stays from week to week. So a sender waits for this moment,
 * it does not look once a minute.
 */
export function momentOf(seed: Seed, week: number): number {
  const [unit = 0] = drawUnits(seed, 'moment', String(week), 1);
  return beginOfWeek(week) + choose(unit, WEEK_MS);
}

export type Due = 'early' | 'now' | 'missed' | 'done';

/** Of the week of now. `done`: it reported in this week, or in one that the clock has since left backwards. */
export function dueAt(seed: Seed, { lastWeek }: Answered, nowMs: number): Due {
  const week = weekOf(nowMs);
  if (week <= lastWeek) return 'done';
  const lateMs = nowMs - momentOf(seed, week);
  if (lateMs < 0) return 'early';
  return lateMs <= LATE_MS ? 'now' : 'missed';
}

/** When the next report is due: in this week, if its moment is still to come and it has had none; else in a later one. */
export function nextMomentOf(seed: Seed, { lastWeek }: Answered, nowMs: number): number {
  const week = weekOf(nowMs);
  const moment = momentOf(seed, week);
  return week > lastWeek && moment > nowMs ? moment : momentOf(seed, Math.max(week, lastWeek) + 1);
}

/**
 * The question to answer in this week, by its hash; undefined: a cover report. As many weeks as there are questions left carry
 * one, whichever; each at most once a quarter.
 */
export function questionOf(seed: Seed, answered: Answered, week: number, asked: readonly string[]): string | undefined {
  const quarter = quarterOf(week);
  if (answered.quietQuarter !== undefined && quarter <= answered.quietQuarter) return undefined;
  const before = answered.quarter === quarter ? answered.questions : [];
  const open = asked.filter((hash) => !before.includes(hash)).toSorted();
  const [whether = 0, which = 0] = drawUnits(seed, 'question', String(week), 2);
  return whether * weeksLeft(week) < open.length ? open[choose(which, open.length)] : undefined;
}

/** What is remembered before a report leaves: a machine that falls in between has answered all the same. */
export function noteReport(answered: Answered, week: number, question: string | undefined): Answered {
  const quarter = quarterOf(week);
  const before = answered.quarter === quarter ? answered.questions : [];
  const { quietQuarter } = answered;
  return {
    lastWeek: week,
    quarter,
    questions: question === undefined ? before : [...before, question],
    ...(quietQuarter === undefined || quietQuarter < quarter ? {} : { quietQuarter }),
  };
}

/** What remains when all is switched off: nothing of the answers, but that this quarter has none to give any more. */
export function forgetAnswers(answered: Answered): Answered {
  const { lastWeek, quarter, questions, quietQuarter } = answered;
  const quiet = questions.length > 0 ? quarter : quietQuarter;
  return { lastWeek, quarter: '', questions: [], ...(quiet === undefined ? {} : { quietQuarter: quiet }) };
}
