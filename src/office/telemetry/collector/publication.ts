// What is said of a quarter: the questions that enough reports answered, whole and with their errors; of the others that they are not told.

import { hashQuestion, isAsked, type Question } from '../catalogue/question.ts';
import { estimate, REPORTS_MIN } from '../report/estimate.ts';
import { mailboxAverage, type MailboxAverage } from './mailbox-average.ts';
import type { QuarterCounts } from './tally.ts';

export interface PublishedShare {
  /** How many reports said so, as they came: randomised. */
  readonly reported: number;
  /** Of all, within 0 and 1. */
  readonly share: number;
  /** As the counts say, before it is brought within 0 and 1; the error is around this. */
  readonly raw: number;
  /** Half the 95 % interval. */
  readonly error: number;
}

export interface PublishedQuestion {
  readonly hash: string;
  readonly question: Question;
  readonly reports: number;
  /** In the order of the question’s answers. */
  readonly answers: readonly PublishedShare[];
}

export interface Publication {
  readonly v: 1;
  readonly quarter: string;
  readonly questions: readonly PublishedQuestion[];
  /** Asked in that quarter, and answered by too few: their ids, without any number. */
  readonly withheld: readonly string[];
  readonly mailbox: MailboxAverage | null;
}

const MAILBOX_QUESTION = 'mailbox-size';
const DIGITS = 1e6;

/** Undefined: no question was answered by enough, so nothing is said at all. */
export function publicationOf(
  quarter: string,
  counts: QuarterCounts,
  questions: readonly Question[],
): Publication | undefined {
  const asked = questions.filter((question) => isAsked(question, quarter));
  const published = asked.flatMap((question) => {
    const told = tell(question, counts[hashQuestion(question)] ?? []);
    return told === undefined ? [] : [told];
  });
  if (published.length === 0) return undefined;
  const withheld = asked.filter(({ id }) => !published.some((one) => one.question.id === id)).map(({ id }) => id);
  const sizes = published.find(({ question }) => question.id === MAILBOX_QUESTION);
  const mailbox = sizes === undefined ? null : mailboxAverage(sizes.answers.map(({ reported }) => reported));
  return { v: 1, quarter, questions: published, withheld, mailbox };
}

function tell(question: Question, counts: readonly number[]): PublishedQuestion | undefined {
  const reports = counts.reduce((sum, count) => sum + count, 0);
  if (reports < REPORTS_MIN) return undefined;
  const answers = estimate(counts).map(({ share, raw, error }, nth) => ({
    reported: counts[nth] ?? 0,
    share: rounded(share),
    raw: rounded(raw),
    error: rounded(error),
  }));
  return { hash: hashQuestion(question), question, reports, answers };
}

function rounded(value: number): number {
  return Math.round(value * DIGITS) / DIGITS + 0; // −0 becomes 0
}
