// What verification can find, each with its place: "entry 17", "filing 2026-0007 · channel", "report 2023/0 · figures.total".

import type { IllegalStep } from '../../register/fold.ts';

export const findingKinds = [
  // of the chain
  'gap',
  'timeBack',
  'unreadable',
  'erased',
  'otherLeaf',
  'otherHead',
  'otherColumn',
  'otherThanKnown',
  'shorterThanKnown',
  // of policies
  'otherDigest',
  'badPolicy',
  'noPolicy',
  // of filings
  'illegal',
  'numberGap',
  'otherOrigin',
  'otherDecision',
  'notInRoster',
  'badReview',
  'badLook',
  'headNotSeen',
  'consequenceMissing',
  'correctionUnpaired',
  // of what came in
  'otherFiling',
  // of reports
  'badReport',
  'badReportSignatures',
  'otherErratum',
  'otherCutOff',
  'otherTime',
  'otherFigure',
  // of standing statements
  'badStatement',
  // of the rows of the database
  'rowMissing',
  'rowTwice',
  'rowUnknown',
  'columnDiffers',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  readonly place: string;
  readonly what: FindingKind;
  /** Which rule of the fold, which refusal of the policy, which sentence of a signature. */
  readonly more?: string;
}

export type Note = (place: string, what: FindingKind, more?: string) => void;

export function atEntry(nth: number): string {
  return `entry ${nth}`;
}

export function stepWords({ kind, state }: IllegalStep): string {
  return state === null ? kind : `${kind} in ${state}`;
}
