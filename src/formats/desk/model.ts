// What the register of requests holds: a filing and what became of it. Words are the field's; the text in other languages stands with the pages.

import type { Branded } from '#base/ids.ts';

/** "2026-0007": the year it was received, and its number in that year. */
export type FilingNumber = Branded<string, 'FilingNumber'>;
/** "arrival-k7x2m5q4tz3d": a letter or form that came in and is no filing yet; random, so that it says nothing about how many came. */
export type ArrivalId = Branded<string, 'ArrivalId'>;
/** "2026-11-23", in the zone of the policy. */
export type CalendarDay = Branded<string, 'CalendarDay'>;
/** 32 bytes as lower-case hex. */
export type Digest = Branded<string, 'Digest'>;
/** OpenPGP fingerprint, lower-case hex: 40 (v4) or 64 (v6) digits. */
export type Fingerprint = Branded<string, 'Fingerprint'>;

/** How it came, decided by content and not by header. ESB: the authorities' own e-mail procedure. */
export const channels = ['ESB', 'PGP', 'SMIME', 'POST', 'FAX', 'PLAIN_MAIL', 'MIXED', 'WEB', 'OTHER'] as const;
export type Channel = (typeof channels)[number];

/** What is asked for: subscriber data, seizure of a mailbox, traffic data, interception, preservation. */
export const kinds = ['SUBSCRIBER', 'SEIZURE', 'TRAFFIC', 'INTERCEPTION', 'PRESERVATION', 'OTHER'] as const;
export type Kind = (typeof kinds)[number];

/** By what it is asked. */
export const instruments = [
  'REQUEST',
  'PROSECUTOR_ORDER',
  'COURT_ORDER',
  'EU_PRODUCTION_ORDER',
  'EU_PRESERVATION_ORDER',
  'MUTUAL_ASSISTANCE',
  'OTHER',
] as const;
export type Instrument = (typeof instruments)[number];

export const urgencies = ['NORMAL', 'EMERGENCY'] as const;
export type Urgency = (typeof urgencies)[number];

export const authorityClasses = ['PROSECUTION', 'POLICE', 'COURT', 'INTELLIGENCE', 'CUSTOMS_TAX', 'OTHER'] as const;
export type AuthorityClass = (typeof authorityClasses)[number];

/** Where the authority stands, seen from the house. */
export const origins = ['HOME', 'EU', 'OTHER'] as const;
export type Origin = (typeof origins)[number];

export const reasons = [
  'INADMISSIBLE_CHANNEL',
  'NO_LEGAL_BASIS',
  'WRONG_OR_REPEALED_NORM',
  'NO_COURT_ORDER',
  'ORDER_EXPIRED',
  'WRONG_ADDRESSEE',
  'UNKNOWN_TARGET_FORM',
  'OVERBROAD',
  'DATA_CLASS_NOT_COVERED',
  'NOT_COMPETENT',
  'NOT_VIA_MUTUAL_ASSISTANCE',
  'NO_SECURE_REPLY_CHANNEL',
  'UNAUTHENTICATED',
  'INCOMPLETE',
  'LANGUAGE',
] as const;
export type Reason = (typeof reasons)[number];

/** OFFICER: the data protection officer. CLERK: files and writes letters, gives no verdict. */
export const reviewRoles = ['OFFICER', 'LAWYER'] as const;
export type ReviewRole = (typeof reviewRoles)[number];
export const deskRoles = [...reviewRoles, 'CLERK'] as const;
export type DeskRole = (typeof deskRoles)[number];

/** What one of the two says. NARROW: only some of what is asked for. */
export const verdicts = ['REJECT', 'NARROW', 'ADMIT'] as const;
export type Verdict = (typeof verdicts)[number];

export const states = [
  'RECEIVED',
  /** The channel is admissible, or a person has to say; nobody has looked at it yet. */
  'CHANNEL_CHECKED',
  /** The policy says that this channel is not admissible here; two people confirm or do not. */
  'FORMAL_CHECK',
  'EMERGENCY_DESK',
  /** One of the two has signed. */
  'LEGAL_REVIEW',
  /** The two do not say the same: both look again. */
  'ESCALATED',
  'REJECTED_FORMAL',
  'REJECTED',
  /** Rejected, and the authority filed again: see `correctedBy`. */
  'CORRECTED',
  'NARROWED',
  'COLLECT',
  /** Something was collected, or nothing is held: two people look at exactly what would be handed over. */
  'SECOND_LOOK',
  'DISCLOSED',
  'NO_DATA_HELD',
  'CLOSED',
] as const;
export type State = (typeof states)[number];

/** What became of it; null while it is open. CORRECTED filings keep REJECTED_FORMAL or REJECTED here. */
export const outcomes = ['REJECTED_FORMAL', 'REJECTED', 'NARROWED', 'DISCLOSED', 'NO_DATA_HELD'] as const;
export type Outcome = (typeof outcomes)[number];

export interface FilingItem {
  readonly kind: Kind;
  /** Id of a norm of the policy; null: none was named. */
  readonly basis: string | null;
  readonly from: CalendarDay | null;
  readonly until: CalendarDay | null;
  /** commitTarget(): whom it is about stands in the sealed case file only; null: nobody in particular. */
  readonly target: Digest | null;
}

/** What is written down when a request comes in. Nothing in it says whom it is about. */
export interface Filing {
  readonly filing: FilingNumber;
  /** The rejected filing that this one puts right. */
  readonly corrects: FilingNumber | null;
  readonly receivedMs: number;
  readonly receivedOn: CalendarDay;
  readonly authority: { readonly class: AuthorityClass; /** ISO 3166-1 alpha-2 */ readonly country: string };
  /** By the policy of that day. */
  readonly origin: Origin;
  readonly channel: Channel;
  readonly instrument: Instrument;
  readonly urgency: Urgency;
  readonly items: readonly FilingItem[];
  /** Distinct people or mailboxes it is about, at least one. */
  readonly targets: number;
  /** The last day on which the authority wants its answer, where it named one. */
  readonly answerBy?: CalendarDay;
}

/** What the policy said of it. HUMAN: a person decides. */
export const decisions = ['ADMIT', 'REJECT_FORMAL', 'HUMAN'] as const;
export type Decision = (typeof decisions)[number];

/** One verdict with its signature, over statementOf(review) in canonical JSON (OpenPGP detached, armored). */
export interface Review {
  readonly filing: FilingNumber;
  readonly role: ReviewRole;
  readonly fingerprint: Fingerprint;
  readonly verdict: Verdict;
  readonly reasons: readonly Reason[];
  /** With NARROW: positions in `items` that are admitted. */
  readonly items: readonly number[] | null;
  /** SHA-256 of the policy in canonical JSON. */
  readonly policy: Digest;
  /** SHA-256 of each sealed case file, as they were then. */
  readonly caseFiles: readonly Digest[];
  /** The head of the chain that the reviewer saw, and how many entries stood before it. */
  readonly head: { readonly entries: number; readonly hash: Digest };
  /** ISO 8601, UTC, to the second. */
  readonly signedAt: string;
}

/** What was handed over: which fields, never what stood in them. */
export interface Disclosure {
  readonly fields: readonly string[];
  /** SHA-256 of the package before it was sealed. */
  readonly package: Digest;
  /** Whom it was sealed to. */
  readonly recipient: Fingerprint;
}

/** Why somebody who looked does not agree: more or less than was admitted, somebody else’s, sealed to somebody else, not to be read. */
export const lookFaults = ['TOO_MUCH', 'TOO_LITTLE', 'OTHER_TARGET', 'OTHER_RECIPIENT', 'UNREADABLE'] as const;
export type LookFault = (typeof lookFaults)[number];

/** What one of the two says who opened the package, over statementOfLook() in canonical JSON. */
export interface Look {
  readonly filing: FilingNumber;
  readonly role: ReviewRole;
  readonly fingerprint: Fingerprint;
  readonly agrees: boolean;
  /** Null when they agree. */
  readonly fault: LookFault | null;
  /** As in the disclosure: SHA-256 of the package before it was sealed. */
  readonly package: Digest;
  readonly fields: readonly string[];
  readonly recipient: Fingerprint;
  /** SHA-256 of the copy that was opened. */
  readonly look: Digest;
  readonly policy: Digest;
  /** The head of the chain that they saw, and how many entries stood before it. */
  readonly head: { readonly entries: number; readonly hash: Digest };
  /** ISO 8601, UTC, to the second. */
  readonly signedAt: string;
}

/** Why what came in is no filing: not a request, unwanted, the same as an earlier one, sent to be answered by somebody else. */
export const dismissals = ['NOT_A_REQUEST', 'SPAM', 'DUPLICATE', 'MISDIRECTED'] as const;
export type Dismissal = (typeof dismissals)[number];
