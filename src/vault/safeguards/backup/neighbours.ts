// What backups need of others; programs/server hands it over.

import type { Result } from '#base/result.ts';
import type { Database } from '../../database/open-database.ts';
import type { JournalCopy } from './journal-copy.ts';

/** What another room refuses, told as it says it. */
export interface Refused {
  readonly kind: string;
  readonly sentence: string;
}

export interface BaseFacts {
  readonly systemIdentifier: string;
  /** Every record up to this one has its effect in it; later ones may. */
  readonly appliedSeq: number;
  /** Number of its newest migration; left out: the program’s newest. */
  readonly schema?: number;
}

/** Rows in a database beside everything, gone afterwards. */
export interface RowsBeside extends AsyncDisposable {
  readonly database: Database;
  readonly systemIdentifier: string;
}

export interface Neighbours {
  /** Copies the live rows into `folder`, which is there and empty. Undefined: there is nothing that could be copied (a database of the operator’s own). */
  readonly takeBase: ((folder: string) => Promise<Result<BaseFacts, Refused>>) | undefined;
  /** A database beside made of such a copy; without one an empty database. */
  readonly openRows: (baseFolder: string | undefined) => Promise<Result<RowsBeside, Refused>>;
  /** Compares rows with the journal’s copy: a head over both sums, and how many letters and places differ. */
  readonly checkLedger: (way: {
    readonly database: Database;
    readonly journal: JournalCopy;
    readonly ledgerKey: Uint8Array;
  }) => Promise<LedgerFindings>;
}

export interface LedgerFindings {
  readonly isEqual: boolean;
  readonly accounts: number;
  readonly letters: number;
  readonly placements: number;
  /** 64 hex digits over both sums. */
  readonly head: string;
}
