// What incidents need of others; programs/server/open-incidents.ts hands it over.

import type { AccountId, LetterId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { RegisterEntry } from '../../directory/directory.ts';
import type { CommandOf } from '../../journal/commands.ts';

/** What another room refuses, told as it says it. */
export interface Refused {
  readonly kind: string;
  readonly sentence: string;
}

/** Letters that the journal says an account has, and those of them that its rows show. */
export interface AccountCount {
  readonly accountId: AccountId;
  readonly expected: number;
  readonly found: number;
  /** Mailboxes in which something is missing or too much. */
  readonly mailboxes: number;
  /** All letters are there; only what lies in the mailboxes that differ is counted. */
  readonly isOfPlaces?: boolean;
  /** The journal’s last record that is counted. */
  readonly throughSeq: number;
}

export interface Notice {
  readonly subject: string;
  readonly plainText: string;
}

export type ReceiptKind = 'incident-opened' | 'incident-closed';

/** What an earlier run of the program has done already, as the journal has it. */
export interface Kept {
  /** With the record of each. */
  readonly letters: ReadonlyMap<LetterId, number>;
  /** Numbers of incidents, by kind. */
  readonly receipts: ReadonlySet<`${ReceiptKind} ${number}`>;
}

export interface IncidentNeighbours {
  /** The register’s incidents at the start; from then on we alone write to it. */
  readonly entries: () => readonly RegisterEntry[];
  /** Resolves when it is durable; works without the database. */
  readonly note: (command: CommandOf<'incidentPut'>) => Promise<Result<{ readonly seq: number }, Refused>>;
  /** The journal’s newest record. */
  readonly lastSeq: () => number;
  /** Which of these letters, and which receipts of incidents, were kept after a record. */
  readonly keptSince: (seq: number, letters: ReadonlySet<LetterId>) => Promise<Kept>;
  /** Every account that differs, and each of `watched`, whether it differs or not. */
  readonly count: (watched: readonly AccountId[]) => Promise<Result<readonly AccountCount[], Refused>>;
  /** Sealed into the mailbox under exactly this id. `later`: not now; `never`: there is no such mailbox any more. */
  readonly send: (of: {
    readonly accountId: AccountId;
    readonly letterId: LetterId;
    readonly notice: Notice;
  }) => Promise<'kept' | 'later' | 'never'>;
  /** False: not now. */
  readonly receipt: (kind: ReceiptKind, facts: Readonly<Record<string, string | number>>) => Promise<boolean>;
}
