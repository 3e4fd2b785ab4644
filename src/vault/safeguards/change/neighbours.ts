// What changes need of others; programs/server/open-safeguards.ts hands it over. Whatever waits or fails there comes back as a refusal with a sentence.

import type { Result } from '#base/result.ts';
import type { Session } from '../../database/session.ts';
import type { RegisterEntry } from '../../directory/directory.ts';
import type { CommandOf } from '../../journal/commands.ts';
import type { ClusterFacts, LeaveOut, LedgerHeads } from './plan.ts';

/** What another room refuses, told as it says it. */
export interface Refused {
  readonly kind: string;
  readonly sentence: string;
}

export type HouseNote = CommandOf<'operatorPut'> | CommandOf<'operatorRemoved'> | CommandOf<'changeStepped'>;

/** The journal's register: read at the start, and then kept by us, who alone write to it. */
export interface RegisterNeighbour {
  read(kind: 'operator' | 'change'): readonly RegisterEntry[];
  /** Resolves when it is durable; works without the database. `timeMs` never goes back. */
  note(command: HouseNote): Promise<Result<{ readonly seq: number; readonly timeMs: number }, Refused>>;
  /** Time of the journal's newest record. */
  readonly lastMs: number;
}

/** Rows beside the live ones, as they are now; gone after `close`. */
export interface Shadow {
  connect(): Promise<Session>;
  /** Whether the letters of its rows are those of the journal. */
  checkLedger(): Promise<LedgerFinding>;
  close(): Promise<void>;
}

export interface LedgerFinding {
  readonly isEqual: boolean;
  /** For people: `41,214 letters in 12 accounts`, or what differs. */
  readonly sentence: string;
}

export interface RowsNeighbour {
  cluster(): Promise<Result<ClusterFacts, Refused>>;
  /** As the tables' owner. */
  connect(): Promise<Session>;
  heads(): Promise<LedgerHeads>;
  checkLedger(): Promise<LedgerFinding>;
  /** Indexes against their tables; a sentence about what is wrong. */
  checkIndexes(): Promise<Result<void, Refused>>;
  /** Everything durable now is in the rows; false after a while without. */
  settled(): Promise<boolean>;
  /** Undefined: a database of the operator's own, beside which nothing can be kept. */
  readonly generations: GenerationsNeighbour | undefined;
}

export interface Restored {
  readonly generation: string;
  readonly seconds: number;
}

export interface ShadowOrder {
  /** `live`: the live rows as they are. `again`: the copy that the last one began with. `journal`: made anew of the journal, and so is all where there are no copies. */
  readonly from: 'live' | 'again' | 'journal';
  readonly leaveOut: readonly number[];
}

export interface GenerationsNeighbour {
  /** False: the server is the operator's, and all rows beside are made of the journal, without what changes did to the live ones. */
  readonly hasCopies: boolean;
  openShadow(order: ShadowOrder): Promise<Result<Shadow, Refused>>;
  /** A copy of the live rows for this change, from which `restore` begins; its name. */
  takePoint(change: number): Promise<Result<{ readonly name: string; readonly seq: number }, Refused>>;
  dropPoint(change: number): Promise<void>;
  /** The point of the change, or the newest fitting copy, or the journal alone; then the journal to its end, without what is left out; checked; switched to. */
  restore(order: {
    readonly change: number;
    readonly leaveOut: readonly number[];
    /** Only copies whose position is at most this record; undefined: any. */
    readonly before: number | undefined;
    /** Statements of other changes in force, which the journal does not know; throws where the copy is no beginning, and the journal alone is taken. */
    readonly again: (session: Session) => Promise<void>;
    readonly why: string;
  }): Promise<Result<Restored, Refused>>;
}

export interface BackupNeighbour {
  /** Undefined: no place is named. */
  readonly place: string | undefined;
  newest(): Promise<{ readonly id: string; readonly verifiedMs: number } | undefined>;
  take(
    onProgress: (done: number, total: number) => void,
  ): Promise<Result<{ readonly id: string; readonly verifiedMs: number }, Refused>>;
}

/** Which commands a choice means, and what they are, by kind. */
export interface CommandsNeighbour {
  find(
    choice: LeaveOut,
  ): Promise<Result<{ readonly seqs: readonly number[]; readonly byKind: Readonly<Record<string, number>> }, Refused>>;
}

export interface TellNeighbour {
  /** A sealed notice to the mailbox of each operator that has one; how many it reached. Never refuses. */
  tell(notice: { readonly subject: string; readonly text: string }): Promise<number>;
  /** A letter through the door into a mailbox, found again in the rows. */
  tryLetter(): Promise<Result<string, Refused>>;
  receipt(kind: 'change-applied' | 'change-undone', facts: Readonly<Record<string, string | number>>): Promise<void>;
}
