// The tables of the migrations as Kysely sees them. uuids travel as text (8-4-4-4-12), bigint as number, bytea as Buffer.

import type { ColumnType, Generated, Selectable } from 'kysely';
import type { MailboxRole, Role } from '../journal/commands.ts';

/** Text form 8-4-4-4-12; ids.ts turns it into our ids and back. */
export type Uuid = string;
type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>;
type BytesOrNull = ColumnType<Buffer | null, Uint8Array | null | undefined, Uint8Array | null>;
type OrNull<T> = ColumnType<T | null, T | null | undefined, T | null>;

export interface InstanceTable {
  readonly only_one: Generated<boolean>;
  readonly instance_id: Uuid;
  readonly era: Generated<number>;
}

export interface AppliedTable {
  readonly journal: number;
  readonly seq: number;
}

export interface DomainTable {
  readonly domain: string;
  readonly catch_all: OrNull<Uuid>;
}

export interface InviteTable {
  readonly invite_id: Uuid;
  readonly code_hash: Bytes;
  readonly role: Role;
  readonly expires_ms: number;
  readonly used_by: OrNull<Uuid>;
}

export interface AddressTable {
  readonly address: string;
  readonly account_id: Uuid;
  readonly kind: 'address' | 'alias';
  readonly removed_ms: OrNull<number>;
}

/** An address that several accounts read. */
export interface GroupAddressTable {
  readonly address: string;
  readonly account_ids: readonly Uuid[];
  readonly removed_ms: OrNull<number>;
}

/** Who else opens an account. */
export interface HolderTable {
  readonly account_id: Uuid;
  readonly holder_id: Uuid;
  /** '': it left, and the account has no new keys yet. */
  readonly wrap_id: string;
  readonly added_ms: number;
}

export interface AccountTable {
  readonly account_id: Uuid;
  readonly role: Role;
  readonly created_ms: number;
  readonly closed_ms: OrNull<number>;
  readonly quota_bytes: number;
  readonly keys_version: number;
  readonly certificate: Bytes;
  readonly summary_key: Bytes;
  readonly auth_key: Bytes;
  readonly keyring_version: number;
  readonly keyring: Bytes;
  readonly manifest_version: number;
  readonly manifest: Bytes;
  readonly rules: BytesOrNull;
  readonly second_factor: BytesOrNull;
  readonly second_factor_step: Generated<number>;
  /** 0: no reset is waiting. */
  readonly recovery_due_ms: Generated<number>;
  readonly login_failures: Generated<number>;
  readonly login_until_ms: Generated<number>;
  readonly cache_counter: Generated<number>;
  readonly cache_manifest: BytesOrNull;
}

/** What changes with every letter: narrow, so that a busy house rewrites few bytes. */
export interface AccountCounterTable {
  readonly account_id: Uuid;
  /** The last account number whose record is applied. */
  readonly account_seq: number;
  readonly email_modseq: Generated<number>;
  /** Changes since a state below this cannot be told any more: an erased letter's row is gone. */
  readonly email_floor_modseq: Generated<number>;
  readonly mailbox_modseq: Generated<number>;
  readonly item_modseq: Generated<number>;
  readonly submission_modseq: Generated<number>;
  /** Sum of size_bytes of the letters that are not removed. */
  readonly used_bytes: Generated<number>;
  /** Number of letters that are not removed. */
  readonly letters: Generated<number>;
}

export interface CredentialTable {
  readonly account_id: Uuid;
  readonly version: number;
  readonly is_active: boolean;
  readonly setup_id: string;
  readonly record: Bytes;
  /** Parsed JSON as pg hands it out: Credential['stretching']. */
  readonly stretching: ColumnType<unknown, string, string>;
  readonly wrap: Bytes;
  readonly ark_version: number;
}

export interface WrapTable {
  readonly account_id: Uuid;
  readonly wrap_id: string;
  readonly kind: 'phrase' | 'passkey' | 'device' | 'holder' | 'organisation';
  readonly ark_version: number;
  readonly public_key: Bytes;
  readonly sealed: Bytes;
  readonly token_hash: BytesOrNull;
}

export interface SessionTable {
  readonly account_id: Uuid;
  readonly session_id: Uuid;
  readonly hash: Bytes;
  readonly opened_ms: number;
  readonly expires_ms: number;
}

/** What mail programs sign in with. */
export interface AppPasswordTable {
  readonly account_id: Uuid;
  readonly app_password_id: Uuid;
  readonly hash: Bytes;
  readonly sealed_name: Bytes;
  readonly created_ms: number;
  /** Days since 1970, UTC. */
  readonly used_day: OrNull<number>;
}

export interface MailboxTable {
  readonly account_id: Uuid;
  readonly mailbox_id: Uuid;
  readonly parent_id: OrNull<Uuid>;
  readonly role: OrNull<MailboxRole>;
  readonly sealed_name: Bytes;
  readonly sort_order: number;
  readonly uid_validity: number;
  readonly total: Generated<number>;
  /** Letters with neither $seen nor $draft (RFC 8621 §2). */
  readonly unread: Generated<number>;
  readonly created_modseq: number;
  /** Last change of name, parent, role, order or existence; counts_modseq: of total or unread. */
  readonly modseq: number;
  readonly counts_modseq: number;
  readonly removed_modseq: OrNull<number>;
}

export interface LetterTable {
  readonly account_id: Uuid;
  readonly letter_id: Uuid;
  readonly journal: number;
  readonly key_seq: number;
  readonly key_segment: number;
  readonly key_offset: number;
  readonly body_journal: number;
  readonly body_seq: number;
  readonly body_segment: number;
  readonly body_offset: number;
  readonly digest: Bytes;
  readonly e0: number;
  readonly e1: number;
  readonly e2: number;
  readonly e3: number;
  readonly e4: number;
  readonly e5: number;
  readonly e6: number;
  readonly e7: number;
  /** 0 ordinary, 1 mortal. */
  readonly class: number;
  readonly chain_day: number;
  readonly epoch: number;
  /** 0: never. */
  readonly expires_ms: number;
  readonly received_ms: number;
  readonly size_bytes: number;
  readonly render_version: number;
  /** 0: the door's summary in the key record; above: the record at (journal, summary_seq). */
  readonly summary_version: Generated<number>;
  readonly summary_seq: OrNull<number>;
  readonly summary_segment: OrNull<number>;
  readonly summary_offset: OrNull<number>;
  /** Sorted, each once. */
  readonly keywords: readonly string[];
  readonly created_modseq: number;
  /** Number of the last change, removal included. */
  readonly modseq: number;
  readonly removed_modseq: OrNull<number>;
  readonly purge_ms: OrNull<number>;
}

export interface PlacementTable {
  readonly account_id: Uuid;
  readonly mailbox_id: Uuid;
  /** Account number of the record that placed the letter: names one letter in the whole account. */
  readonly uid: number;
  readonly letter_id: Uuid;
  readonly received_ms: number;
  /** Number of the placing, or of the removal once removed_modseq is set. A flag change moves letter.modseq only. */
  readonly modseq: number;
  readonly removed_modseq: OrNull<number>;
}

export interface ItemTable {
  readonly account_id: Uuid;
  readonly collection: string;
  readonly item_id: Uuid;
  readonly version: number;
  /** Empty once removed. */
  readonly sealed: Bytes;
  readonly created_modseq: number;
  readonly modseq: number;
  readonly removed_modseq: OrNull<number>;
}

export interface BlobTable {
  readonly account_id: Uuid;
  readonly kind: 'page' | 'segment';
  readonly blob_id: Uuid;
  readonly journal: number;
  readonly seq: number;
  readonly segment: number;
  readonly offset: number;
  readonly size_bytes: number;
  readonly modseq: number;
}

/** A letter on its way out, or one that was. */
export interface SubmissionTable {
  readonly account_id: Uuid;
  readonly submission_id: Uuid;
  readonly letter_id: OrNull<Uuid>;
  /** An own address; recipients stand nowhere. */
  readonly identity: string;
  readonly queued_ms: number;
  readonly send_at_ms: number;
  readonly recipients: number;
  readonly is_canceled: Generated<boolean>;
  readonly done_ms: OrNull<number>;
  readonly delivered: Generated<number>;
  readonly failed: Generated<number>;
  readonly created_modseq: number;
  readonly modseq: number;
}

export interface OutboundTable {
  readonly account_id: Uuid;
  readonly submission_id: Uuid;
  readonly due_ms: number;
}

/** An entry of the register of requests; digests as hex. */
export interface DeskEntryTable {
  readonly nth: number;
  readonly at_ms: number;
  readonly filing: OrNull<string>;
  readonly kind: string;
  /** Null: erased, with its event. */
  readonly blind: OrNull<string>;
  /** Canonical JSON. */
  readonly event: OrNull<string>;
  readonly leaf: string;
  readonly head: string;
  readonly journal: number;
  readonly seq: number;
}

export interface DeskFilingTable {
  readonly filing: string;
  readonly year: number;
  readonly received_ms: number;
  readonly state: string;
  /** Canonical JSON. */
  readonly contents: string;
}

export interface DeskFileTable {
  /** SHA-256 of the sealed bytes, hex. */
  readonly file: string;
  readonly put_ms: number;
  readonly sealed: Bytes;
}

export interface ReceiptTable {
  /** All zero: a promise of the house itself. */
  readonly account_id: Uuid;
  readonly journal: number;
  readonly seq: number;
  /** A record can be several promises. */
  readonly nth: number;
  readonly kind: string;
  readonly time_ms: number;
  /** Canonical JSON. */
  readonly facts: string;
}

export interface SchemaMigrationTable {
  readonly number: number;
  readonly name: string;
  readonly digest: string;
  readonly applied_at: Generated<Date>;
}

export interface Tables {
  readonly instance: InstanceTable;
  readonly applied: AppliedTable;
  readonly domain: DomainTable;
  readonly invite: InviteTable;
  readonly address: AddressTable;
  readonly group_address: GroupAddressTable;
  readonly holder: HolderTable;
  readonly account: AccountTable;
  readonly account_counter: AccountCounterTable;
  readonly credential: CredentialTable;
  readonly wrap: WrapTable;
  readonly session: SessionTable;
  readonly app_password: AppPasswordTable;
  readonly mailbox: MailboxTable;
  readonly letter: LetterTable;
  readonly placement: PlacementTable;
  readonly item: ItemTable;
  readonly blob: BlobTable;
  readonly submission: SubmissionTable;
  readonly outbound: OutboundTable;
  readonly receipt: ReceiptTable;
  readonly desk_entry: DeskEntryTable;
  readonly desk_filing: DeskFilingTable;
  readonly desk_file: DeskFileTable;
  readonly schema_migration: SchemaMigrationTable;
}

export type Row<T extends keyof Tables> = Selectable<Tables[T]>;
