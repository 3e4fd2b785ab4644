// What /trust is made from: counted by the rooms, declared by the operator, never by the page itself.

import type { ConnectionKind } from '#base/outgoing/egress.ts';

export type Language = 'de' | 'en';
export type TwoLanguages = Readonly<Record<Language, string>>;

export interface OperatorWords {
  /** Undefined: not declared. */
  readonly name: string | undefined;
  readonly country: string | undefined;
  readonly machine: string | undefined;
}

export interface BookFacts {
  /** Ed25519, base64url; and SHA-256 of its bytes in hex. */
  readonly key: string;
  readonly fingerprint: string;
  readonly heads: number;
  readonly newestHeadMs: number;
  readonly letters: number;
  readonly lettersUntilMs: number | undefined;
}

export interface ToldRow {
  readonly key: string;
  readonly what: TwoLanguages;
  readonly operatorSees: TwoLanguages;
}

export interface CountedConnections {
  readonly atMs: number;
  readonly sinceMs: number;
  /** A kind that is not in it is not counted one by one. */
  readonly made: ReadonlyMap<ConnectionKind, number>;
}

/** What keeps letters from being lost, as last checked; still within the hour. */
export interface KeptFacts {
  readonly atMs: number;
  /** Undefined: the operator has named no place for backups. `verifiedMs` undefined: none counts yet. */
  readonly backup: { readonly verifiedMs: number | undefined } | undefined;
  /** Undefined: not compared since the start of the program. */
  readonly ledger:
    | { readonly atMs: number; readonly letters: number; readonly missing: number; readonly isEqual: boolean }
    | undefined;
}

/** Of the newest transparency report. */
export interface RequestFacts {
  readonly year: number;
  readonly requests: number;
  readonly rejected: number;
}

export interface TrustFacts {
  readonly domain: string;
  readonly nowMs: number;
  readonly operator: OperatorWords;
  /** Undefined: the book is damaged and closed. */
  readonly book: BookFacts | undefined;
  readonly told: readonly ToldRow[];
  readonly connections: CountedConnections;
  readonly kept: KeptFacts;
  /** Undefined: no report is published. */
  readonly requests: RequestFacts | undefined;
  /** Set up in this house. */
  readonly isOn: (kind: ConnectionKind) => boolean;
}
