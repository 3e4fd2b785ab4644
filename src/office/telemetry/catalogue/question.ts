// What a question is, how its answers are told apart from those to any other, and what it is to be a choice among its answers.

import { createHash } from 'node:crypto';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';

export interface Spoken {
  readonly de: string;
  readonly en: string;
}

/** One question with at most six answers: no free text, no numbers, no times. */
export interface Question {
  readonly id: string;
  readonly text: Spoken;
  /** Two to BUCKETS_MAX, in the order they are shown. */
  readonly buckets: readonly Spoken[];
  /** What the answers are for. */
  readonly why: Spoken;
  /** First and, where it is set, last quarter it is asked in: "2026-Q4". */
  readonly since: string;
  readonly retire?: string;
}

export const BUCKETS_MAX = 6;

/** SHA-256 of all that stands in it, 64 hex digits: another word makes it another question. */
export function hashQuestion(question: Question): string {
  return createHash('sha256').update(canonicalBytes(question)).digest('hex');
}

/** Whether it is asked in this quarter. */
export function isAsked({ since, retire }: Question, quarter: string): boolean {
  return since <= quarter && (retire === undefined || quarter <= retire);
}
