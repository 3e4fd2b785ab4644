// What can happen in the register. Events are only ever added; everything else is computed from them (fold.ts).

import type {
  Decision,
  Digest,
  Disclosure,
  Filing,
  FilingNumber,
  Fingerprint,
  Outcome,
  Reason,
  Review,
} from '#formats/desk/model.ts';

/** A letter to the authority, drafted from the reasons: REJECTION says how to file again, CORRECTION asks for what is missing. */
export const letterKinds = ['REJECTION', 'CORRECTION', 'ANSWER'] as const;
export type LetterKind = (typeof letterKinds)[number];

export type DeskEvent =
  /** A policy is in force from here on; signatures are armored, over its canonical JSON. */
  | {
      readonly kind: 'POLICY_PUT';
      readonly policy: Digest;
      readonly text: string;
      readonly signatures: readonly string[];
    }
  | { readonly kind: 'FILED'; readonly filing: Filing; readonly by: Fingerprint }
  /** From a register kept elsewhere: what became of it was decided there. */
  | { readonly kind: 'IMPORTED'; readonly filing: Filing; readonly past: Past }
  | {
      readonly kind: 'CASE_FILE_PUT';
      readonly filing: FilingNumber;
      readonly file: Digest;
      readonly bytes: number;
      readonly to: readonly Fingerprint[];
    }
  | {
      readonly kind: 'CHANNEL_CHECKED';
      readonly filing: FilingNumber;
      readonly decision: Decision;
      readonly rule: string;
      readonly policy: Digest;
    }
  | { readonly kind: 'REVIEWED'; readonly filing: FilingNumber; readonly review: Review; readonly signature: string }
  /** Both said REJECT; `isFormal`: for INADMISSIBLE_CHANNEL alone. */
  | {
      readonly kind: 'REFUSED';
      readonly filing: FilingNumber;
      readonly reasons: readonly Reason[];
      readonly isFormal: boolean;
    }
  /** Both said NARROW for the same items. */
  | { readonly kind: 'NARROWED'; readonly filing: FilingNumber; readonly items: readonly number[] }
  | { readonly kind: 'ADMITTED'; readonly filing: FilingNumber }
  /** `letter`: SHA-256 of what was sent. */
  | {
      readonly kind: 'ANSWERED';
      readonly filing: FilingNumber;
      readonly letter: Digest;
      readonly letterKind: LetterKind;
      readonly language: 'de' | 'en';
      readonly by: string;
    }
  /** A later filing puts this one right. */
  | { readonly kind: 'CORRECTED'; readonly filing: FilingNumber; readonly correctedBy: FilingNumber }
  | { readonly kind: 'DISCLOSED'; readonly filing: FilingNumber; readonly disclosure: Disclosure }
  | { readonly kind: 'NO_DATA'; readonly filing: FilingNumber }
  | { readonly kind: 'CLOSED'; readonly filing: FilingNumber }
  /** The report of a year in canonical JSON, signed by both; `errata`: 0, then 1, 2 … for the same year. */
  | {
      readonly kind: 'REPORTED';
      readonly year: number;
      readonly erratum: number;
      readonly report: string;
      readonly signatures: readonly string[];
    };

export interface Past {
  readonly outcome: Outcome | null;
  readonly reasons: readonly Reason[];
  readonly decidedMs: number | null;
}

/** As it stands in the journal and in the table of entries. */
export interface Entry {
  /** From 0, without a gap. */
  readonly nth: number;
  readonly atMs: number;
  /** 32 random bytes: without them nobody finds what an erased event said by trying. */
  readonly blind: Digest;
  readonly event: DeskEvent;
}

export function filingOf(event: DeskEvent): FilingNumber | null {
  switch (event.kind) {
    case 'POLICY_PUT':
    case 'REPORTED':
      return null;
    case 'FILED':
    case 'IMPORTED':
      return event.filing.filing;
    default:
      return event.filing;
  }
}
