// What the office and SMTP submission may ask of the queue: hand in a letter, take it back, see how far it is.

import type { AccountId, LetterId, SubmissionId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { Actor } from '#vault/journal/record.ts';

/** One letter with one envelope; the caller has checked that `identity` is the account's own address. */
export interface LetterToSend {
  readonly accountId: AccountId;
  readonly actor: Actor;
  /** The Sent copy; null when none is kept. */
  readonly letterId: LetterId | null;
  /** The own address the letter is sent as. */
  readonly identity: string;
  /** The envelope's sender, usually `identity`. */
  readonly mailFrom: string;
  /** The envelope's recipients, `local@domain`, each once. */
  readonly recipients: readonly string[];
  /** The letter as it leaves, CRLF line ends, without Bcc. */
  readonly plainLetter: Uint8Array;
  /** Not before; 0: at once. Until then it can be cancelled. */
  readonly dueMs: number;
}

/** `held`: the account's letters are held, the operator knows. While the whole queue is held, letters are taken and wait. */
export type SubmitRefusal = {
  readonly kind: 'tooManyRecipients' | 'tooManyToday' | 'held' | 'diskFull' | 'unavailable';
};

/** `left`: a peer may have it by now, or it is over. */
export type CancelRefusal = { readonly kind: 'left' | 'unknown' | 'unavailable' };

/** How far a letter is for one recipient. */
export interface RecipientProgress {
  readonly address: string;
  readonly state: 'queued' | 'delivered' | 'failed';
  /** The peer's last answer: 0, '' and '' before there was one. */
  readonly code: number;
  readonly enhanced: string;
  readonly plainText: string;
}

export interface Outbox {
  /** Resolves when the letter is durable: from then on it leaves or its sender is told why not. Rows follow (`settled`). */
  submit(
    letter: LetterToSend,
  ): Promise<Result<{ readonly submissionId: SubmissionId; readonly dueMs: number }, SubmitRefusal>>;
  cancel(accountId: AccountId, submissionId: SubmissionId): Promise<Result<void, CancelRefusal>>;
  /** Each recipient, while the letter is in the live store; undefined when it is over or never was. */
  progress(accountId: AccountId, submissionId: SubmissionId): Promise<readonly RecipientProgress[] | undefined>;
}
