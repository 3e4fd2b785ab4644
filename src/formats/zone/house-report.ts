// What a check of a domain says: each record with its state, the record to set and why it matters.

import type { ProblemKind, WhyKind } from './report-words.ts';
import type { ZoneType } from './zone-record.ts';

/** green: as it should be · red: to be set · hint: cannot be judged from here, or is a matter of taste. */
export type FindingState = 'green' | 'red' | 'hint';

export interface RecordFinding {
  /** Names the kind in tests and on the page. */
  readonly id: string;
  readonly state: FindingState;
  /** The record to set; null where it is not a record that is looked at. */
  readonly record: {
    readonly name: string;
    readonly type: ZoneType;
    /** For a panel: a text without quotes. */
    readonly value: string;
    /** For a zone file. */
    readonly line: string;
  } | null;
  /** What is there now. */
  readonly found: readonly string[];
  /** null: nothing is wrong. Sentences stand in report-words.ts. */
  readonly problem: { readonly kind: ProblemKind; readonly facts: readonly string[] } | null;
  readonly why: WhyKind;
}

export interface HouseReport {
  readonly domain: string;
  readonly mxHost: string;
  readonly isGreen: boolean;
  readonly findings: readonly RecordFinding[];
}
