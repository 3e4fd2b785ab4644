// What the rest of the vault may ask of a journal; the files behind it are in this room (decision 0002).

import type { AccountId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { Command } from './commands.ts';
import type { LetterRecord } from './letter-record.ts';
import type { Actor, RecordHeader } from './record.ts';

/** Where a record lies. (journal, lane, seq) is its name; segment and offset are a hint that readers check. */
export interface Place {
  readonly journal: number;
  readonly seq: number;
  readonly segment: number;
  readonly offset: number;
}

export type ErasedContent = {
  readonly lane: 'body' | 'key';
  readonly journal: number;
  readonly seq: number;
  readonly reason: 'removed' | 'expired' | 'closed' | 'superseded';
  /** The seq of the command that decided it. */
  readonly command: number;
  /** Further records of the same lane, for the same reason. */
  readonly also?: readonly number[];
};

/** All records that an `erased` record names. */
export function erasedSeqs({ seq, also = [] }: ErasedContent): readonly number[] {
  return [seq, ...also];
}
/** `undone`: a change left it out; from then on every rebuild does. */
export type VoidedContent =
  | { readonly seq: number; readonly reason: 'applyFailed' }
  | { readonly seq: number; readonly reason: 'undone'; readonly change: number };
export type RecoveredContent = { readonly segment: number; readonly validBytes: number; readonly lastSeq: number };

/** What a key-lane record says. `gone`: its payload was erased, header and hash remain. */
export type RecordContent =
  | { readonly kind: 'letter'; readonly letter: LetterRecord; readonly bodyPlace: Place | undefined }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'erased'; readonly erased: ErasedContent }
  | { readonly kind: 'voided'; readonly voided: VoidedContent }
  | { readonly kind: 'recovered'; readonly recovered: RecoveredContent }
  | { readonly kind: 'gone' };

/** A key-lane record as the database and the directory apply it. */
export interface KeyRecord {
  readonly header: RecordHeader;
  readonly place: Place;
  readonly content: RecordContent;
}

/** One letter for one or more readers: one body record and a key record each, in one batch. */
export interface LetterEntry {
  readonly packet: Uint8Array;
  readonly packetDigest: Uint8Array;
  readonly copies: readonly {
    readonly accountId: AccountId;
    readonly actor: Actor;
    readonly record: Omit<LetterRecord, 'bodyJournal' | 'bodySeq' | 'packetDigest' | 'packetBytes'>;
  }[];
}

export interface CommandEntry {
  readonly accountId: AccountId | undefined;
  readonly actor: Actor;
  readonly command: Command;
}

export type AppendRefusal =
  { readonly kind: 'diskFull' } | { readonly kind: 'journalFailed' } | { readonly kind: 'tooLarge' };

export interface Journal {
  readonly journal: number;
  /** The last key-lane seq that is synced. */
  readonly durableSeq: number;
  /** Resolves after both lanes are synced; the key records in order of `copies`, without their sealed bytes (those are read by place). */
  appendLetter(entry: LetterEntry): Promise<Result<readonly KeyRecord[], AppendRefusal>>;
  appendCommand(entry: CommandEntry): Promise<Result<KeyRecord, AppendRefusal>>;
  /** Whether intake may go on: false below the disk reserve or after a failed sync. */
  mayAccept(): Result<void, { kind: 'diskFull' } | { kind: 'journalFailed' }>;
  /** Key-lane records with seq > `afterSeq`, in order, up to what is durable when reached; letters without their sealed bytes. */
  readKeyRecords(afterSeq: number): AsyncIterable<readonly KeyRecord[]>;
  /** Payload of one record, digest checked; `erased` when only its header remains. */
  readBody(place: Place): Promise<Result<Uint8Array, ReadRefusal>>;
  readLetterRecord(place: Place): Promise<Result<LetterRecord, ReadRefusal>>;
  readCommand(place: Place): Promise<Result<Command, ReadRefusal>>;
  close(): Promise<void>;
}

export type ReadRefusal = { readonly kind: 'erased' } | { readonly kind: 'damaged' } | { readonly kind: 'notFound' };
