// What can happen in the register. Events are only ever added; everything else is computed from them (fold.ts).

import type {
  ArrivalId,
  Channel,
  Decision,
  Digest,
  Dismissal,
  Disclosure,
  Filing,
  FilingNumber,
  Fingerprint,
  Look,
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
  /** What would be handed over was put together and sealed; no field: nothing is held, and that is what would be said. */
  | ({ readonly kind: 'COLLECTED'; readonly filing: FilingNumber } & Collected)
  /** One of the two has opened the copy for the second look. */
  | { readonly kind: 'LOOKED'; readonly filing: FilingNumber; readonly look: Look; readonly signature: string }
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
    }
  /** What the house has not been made to do, up to a day, in canonical JSON, signed by both. */
  | { readonly kind: 'STATED'; readonly statement: string; readonly signatures: readonly string[] }
  /** Something came in by itself, sealed at once: a person says what it is. Which way it came the house has seen. */
  | {
      readonly kind: 'ARRIVED';
      readonly arrival: ArrivalId;
      readonly receivedMs: number;
      readonly channel: Channel;
      readonly file: Digest;
      readonly bytes: number;
      readonly to: readonly Fingerprint[];
    }
  /** The machine said that it came, and by which way; never what becomes of it. `letter`: SHA-256 of what was sent. */
  | {
      readonly kind: 'AUTO_REPLIED';
      readonly arrival: ArrivalId;
      readonly letter: Digest;
      readonly policy: Digest;
      readonly rule: string;
    }
  /** It is this filing, which has its channel and its time. */
  | { readonly kind: 'TAKEN'; readonly arrival: ArrivalId; readonly filing: FilingNumber; readonly by: Fingerprint }
  | { readonly kind: 'DISMISSED'; readonly arrival: ArrivalId; readonly why: Dismissal; readonly by: Fingerprint };

/** Of something that came in and is no filing yet. */
export type ArrivalEvent = Extract<DeskEvent, { readonly arrival: ArrivalId }>;
/** Of the house: neither of a filing nor of an arrival. */
export type HouseEvent = Extract<DeskEvent, { readonly kind: 'POLICY_PUT' | 'REPORTED' | 'STATED' }>;
export type FilingEvent = Exclude<DeskEvent, ArrivalEvent | HouseEvent>;

export interface Collected {
  readonly disclosure: Disclosure;
  /** SHA-256 of the copy that is sealed to the roster. */
  readonly look: Digest;
  /** SHA-256 of the copy that is sealed to the authority. */
  readonly sealed: Digest;
  /** Of the package before it was sealed. */
  readonly bytes: number;
  readonly by: Fingerprint;
}

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

export function isArrivalEvent(event: DeskEvent): event is ArrivalEvent {
  return 'arrival' in event;
}

export function isHouseEvent(event: DeskEvent): event is HouseEvent {
  return event.kind === 'POLICY_PUT' || event.kind === 'REPORTED' || event.kind === 'STATED';
}

export function isFilingEvent(event: DeskEvent): event is FilingEvent {
  return !isArrivalEvent(event) && !isHouseEvent(event);
}

export function filingOf(event: FilingEvent): FilingNumber {
  return event.kind === 'FILED' || event.kind === 'IMPORTED' ? event.filing.filing : event.filing;
}

/** What its entries are found by. */
export function subjectOf(event: DeskEvent): FilingNumber | ArrivalId | null {
  if (isHouseEvent(event)) return null;
  return isArrivalEvent(event) ? event.arrival : filingOf(event);
}
