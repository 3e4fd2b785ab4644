// What reception needs from the rest of the house, as functions it is handed; and the letter it hands back.

import type { AccountId, LetterId, MailboxId, TraceId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { Address } from '#formats/smtp/address.ts';
import type { ReaderKeys } from '#vault/sealing/reader-keys.ts';
import type { LetterPlace } from '../wire/letter-place.ts';
import type { Rule } from './rules.ts';

/** One account a letter goes to, with all that the door must know about it. */
export interface Recipient {
  readonly accountId: AccountId;
  readonly keys: ReaderKeys;
  readonly rules: readonly Rule[];
  readonly inbox: MailboxId;
  readonly junk: MailboxId;
}

export type RecipientRefusal =
  | { readonly kind: 'unknown' }
  /** Not known, but the directory may be behind: never a final no. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'overQuota' }
  /** The domain is not served here. */
  | { readonly kind: 'notOurs' };

export type Found = Result<readonly Recipient[], RecipientRefusal>;
export type KeepRefusal = { readonly kind: 'diskFull' } | { readonly kind: 'journalFailed' };

/** What `siegel trace ID` shows; nothing here names a person. */
export type TraceStep =
  | 'received'
  | 'sealed'
  | 'kept'
  | 'refusedLoop'
  | 'refusedByDmarc'
  | 'refusedByFilter'
  | 'putOffByFilter'
  | 'refusedDiskFull'
  | 'refusedJournalFailed'
  | 'refusedInternal'
  | 'movedToJunk';

export interface ReceptionNeighbours {
  /**
   * Resolves one exact, normalised address; the candidates (suffix cut off, postmaster, catch-all `*@domain`) are tried by
   * reception. One address may fan out to several accounts.
   */
  findRecipients(address: Address): Found | Promise<Found>;
  /** Disk and journal state, asked at MAIL. */
  mayAccept(): Result<void, KeepRefusal>;
  /** Resolves after both lanes of the journal are synced. */
  keep(letter: LetterToKeep): Promise<Result<void, KeepRefusal>>;
  /** The steps of one letter, kept for some days under its trace id. */
  trace(id: TraceId, step: TraceStep): void;
  /** Letters to their addresses go there and into no mailbox: the room for documents, the desk. */
  readonly places?: readonly LetterPlace[];
}

export interface LetterToKeep {
  readonly packet: Uint8Array;
  readonly packetDigest: Uint8Array;
  readonly receivedMs: number;
  readonly copies: readonly CopyToKeep[];
}

export interface CopyToKeep {
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  readonly mailboxId: MailboxId;
  readonly keywords: readonly string[];
  readonly keyPacket: Uint8Array;
  readonly summary: Uint8Array;
  /** Empty when the letter came encrypted: then there are none. */
  readonly terms: Uint8Array;
  readonly renderVersion: number;
  readonly renderSizeBytes: number;
}
