// What the signed policy says: who may give verdicts and read case files, which channels are admissible since when, which norms there are. Law lives here, with dates and sources, never in code.

import type {
  CalendarDay,
  Channel,
  Decision,
  DeskRole,
  Digest,
  Fingerprint,
  Instrument,
  Kind,
  Reason,
} from './model.ts';

export interface Spoken {
  readonly de: string;
  readonly en: string;
}

/** A law, or a part of one, as it stood in a time. */
export interface Norm {
  /** "stpo-100g" */
  readonly id: string;
  /** "§ 100g StPO" */
  readonly cite: string;
  readonly title: Spoken;
  /** Public address of its text. */
  readonly source: string;
  readonly from: CalendarDay | null;
  /** The last day it was in force; null: it is. */
  readonly until: CalendarDay | null;
  /** What may be asked for by it, and what is needed. */
  readonly kinds: readonly Kind[];
  readonly instruments: readonly Instrument[];
}

/** The first that fits decides; none fits: HUMAN. Null: any. */
export interface AdmissibilityRule {
  readonly id: string;
  readonly channels: readonly Channel[] | null;
  readonly kinds: readonly Kind[] | null;
  readonly instruments: readonly Instrument[] | null;
  readonly from: CalendarDay | null;
  readonly until: CalendarDay | null;
  readonly decision: Decision;
  /** With REJECT_FORMAL: what the draft says. */
  readonly reason: Reason | null;
  readonly norm: string | null;
  readonly why: Spoken;
}

export interface RosterMember {
  readonly name: string;
  readonly role: DeskRole;
  readonly fingerprint: Fingerprint;
  /** OpenPGP public key, armored: signs verdicts, and case files are sealed to it. */
  readonly certificate: string;
}

export interface Policy {
  readonly v: 1;
  readonly title: Spoken;
  readonly dated: CalendarDay;
  /** SHA-256 of the policy before it, in canonical JSON; null: the first. */
  readonly before: Digest | null;
  /** ISO 3166-1 alpha-2 of the house; its authorities are HOME. */
  readonly country: string;
  /** Whose authorities count as EU, without the house's own country. */
  readonly union: readonly string[];
  /** IANA name: days begin by it. */
  readonly zone: string;
  /** Who the house is, in its letters. */
  readonly house: { readonly name: string; readonly replyTo: string };
  readonly roster: readonly RosterMember[];
  readonly admissibility: readonly AdmissibilityRule[];
  readonly norms: readonly Norm[];
  /** How many interceptions are said: the number, or the smallest of these bands that holds it ("0–99"). */
  readonly interceptions: { readonly bands: readonly number[] | null };
  readonly deadlines: readonly {
    readonly instrument: Instrument;
    readonly urgency: 'NORMAL' | 'EMERGENCY';
    readonly hours: number;
    readonly norm: string;
  }[];
}

/** Stand where a rule's id would: an emergency, no rule that fits, kinds of which the rules say different things. */
export const reservedRules = ['emergency', 'none', 'kinds-differ'] as const;
