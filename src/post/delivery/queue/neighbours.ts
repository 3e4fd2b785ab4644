// What the queue needs from the rest of the house, as functions it is handed.

import type { AccountId, SubmissionId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { SubmissionCommand } from '#vault/journal/commands.ts';
import type { AppendRefusal, KeyRecord } from '#vault/journal/journal.ts';
import type { Actor } from '#vault/journal/record.ts';
import type { RecipientOutcome } from '../transport.ts';

/** A letter for people of this house, or a notice of the house to one of them. */
export interface LetterHere {
  /** '' for notices. */
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly plainLetter: Uint8Array;
  /** Whose letter it is; null: a notice of the house. */
  readonly accountId: AccountId | null;
}

/** Seals and keeps; `delivered` means that the journal has it. */
export type DeliverHere = (letter: LetterHere) => Promise<readonly RecipientOutcome[]>;

export interface QueueJournal {
  readonly durableSeq: number;
  mayAccept(): Result<void, { readonly kind: 'diskFull' } | { readonly kind: 'journalFailed' }>;
  note(accountId: AccountId, actor: Actor, command: SubmissionCommand): Promise<Result<KeyRecord, AppendRefusal>>;
}

export interface QueuedRow {
  readonly accountId: AccountId;
  readonly submissionId: SubmissionId;
  readonly identity: string;
  readonly queuedMs: number;
}

/** The rows; each question rejects while the database does not answer. */
export interface QueueRows {
  /** Whether everything up to this record of the journal is in the rows. */
  hasApplied(seq: number): boolean;
  /** Raised when an older position was restored. */
  era(): Promise<number>;
  outbound(): Promise<readonly QueuedRow[]>;
  known(
    ids: readonly { readonly accountId: AccountId; readonly submissionId: SubmissionId }[],
  ): Promise<ReadonlyMap<SubmissionId, { readonly isOver: boolean; readonly delivered: number }>>;
  recipientsByHour(accountId: AccountId, sinceMs: number): Promise<ReadonlyMap<number, number>>;
  createdMs(accountId: AccountId): Promise<number | undefined>;
}
