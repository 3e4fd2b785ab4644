// What submission needs from the rest of the house, as functions it is handed.

import type { AccountId, AppPasswordId, LetterId, SubmissionId, TraceId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { Address } from '#formats/smtp/address.ts';
import type { MaybeSoon } from '../wire/conduct.ts';
import type { LetterPlace } from '../wire/letter-place.ts';
import type { Actor } from '#vault/journal/record.ts';

export interface SignedInProgram {
  readonly accountId: AccountId;
  readonly appPasswordId: AppPasswordId;
}

/** `wrong`: to be answered only after `waitMs`. */
export type SignInRefusal = { readonly kind: 'wrong'; readonly waitMs: number } | { readonly kind: 'unavailable' };

/** `elsewhere`: not of this house; `unknown`: of this house, and nobody has it. */
export type RecipientPlace = 'here' | 'elsewhere' | 'unknown';

export interface SentCopy {
  readonly traceId: TraceId;
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  /** An own address of the account. */
  readonly mailFrom: string;
  readonly plainLetter: Uint8Array;
  /** Since when its text is in memory. */
  readonly plainSinceMs: number;
}

export type SentRefusal = {
  readonly kind: 'overQuota' | 'loop' | 'notSealed' | 'diskFull' | 'journalFailed' | 'tooLarge';
};

export interface LeavingLetter {
  readonly accountId: AccountId;
  readonly actor: Actor;
  readonly letterId: LetterId;
  /** The own address of From. */
  readonly identity: string;
  readonly mailFrom: string;
  readonly recipients: readonly string[];
  readonly plainLetter: Uint8Array;
  readonly dueMs: number;
}

export type LeavingRefusal = {
  readonly kind: 'tooManyRecipients' | 'tooManyToday' | 'held' | 'diskFull' | 'unavailable';
};

/** What became of a letter that a client may be handing in for the second time. */
export interface EarlierTry {
  /** Its Sent copy lies in the mailbox, or lay there. */
  readonly copy: 'none' | 'kept' | 'removed';
  /** When it went to the queue; undefined: it did not. */
  readonly queuedMs: number | undefined;
}

export interface SubmissionNeighbours {
  /** Letters to their addresses go there and not through the queue: the room for documents, the desk. */
  readonly places?: readonly LetterPlace[];
  /** Equal in time for names that nobody has. `plainSecret` undefined: what came cannot be one. */
  signIn(name: string, plainSecret: string | undefined): Promise<Result<SignedInProgram, SignInRefusal>>;
  /** Whether its app password is still there. Rejects while the database is away, as the next two do. */
  isLiving(program: SignedInProgram): Promise<boolean>;
  /** Normalised `local@domain`. */
  ownAddresses(accountId: AccountId): Promise<readonly string[]>;
  findEarlier(accountId: AccountId, letterId: LetterId): Promise<EarlierTry>;
  placeOf(recipient: Address): MaybeSoon<RecipientPlace>;
  /** Disk and journal state, asked at MAIL. */
  mayAccept(): Result<void, { readonly kind: 'diskFull' | 'journalFailed' }>;
  /** Seals the copy for its sender, into Sent; resolves when both lanes are synced. */
  keepSent(copy: SentCopy): Promise<Result<void, SentRefusal>>;
  /** Takes a Sent copy back whose letter did not leave; false: it could not be now. */
  dropSent(accountId: AccountId, letterId: LetterId, actor: Actor): Promise<boolean>;
  /** Resolves when it is durable that the letter leaves. */
  send(letter: LeavingLetter): Promise<Result<{ readonly submissionId: SubmissionId }, LeavingRefusal>>;
}
