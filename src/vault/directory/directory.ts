// What the door and the safeguards may ask of the directory snapshot.

import type { AccountId, MailboxId } from '#base/ids.ts';
import type { JsonObject, Role } from '../journal/commands.ts';
import type { KeyRecord } from '../journal/journal.ts';

/** What intake needs of one account; keys as the account handed them in. */
export interface DirectoryAccount {
  readonly accountId: AccountId;
  readonly role: Role;
  readonly keysVersion: number;
  readonly certificate: Uint8Array<ArrayBuffer>;
  readonly summaryKey: Uint8Array<ArrayBuffer>;
  readonly inbox: MailboxId;
  readonly junk: MailboxId;
  /** Under the settings key; undefined: no rules. */
  readonly rules: Uint8Array<ArrayBuffer> | undefined;
  readonly usedBytes: number;
  readonly quotaBytes: number;
}

export interface CountedUse {
  readonly accountId: AccountId;
  readonly accountSeq: number;
  readonly usedBytes: number;
}

export type RegisterKind = 'operator' | 'change' | 'incident';

/** What the safeguards keep for the whole house, readable while the database is down (decision 0015). */
export interface RegisterEntry {
  readonly id: string;
  readonly seq: number;
  readonly timeMs: number;
  /** As the record holds it; the room that reads it checks the shape. */
  readonly content: JsonObject;
}

export interface Directory {
  /** Operators and incidents as they stand; of changes every step, in the journal's order. */
  register(kind: RegisterKind): readonly RegisterEntry[];
  /** The last journal record whose effect stands here. */
  readonly appliedSeq: number;
  /** In journal order; records already applied are passed over. */
  apply(records: readonly KeyRecord[]): void;
  findByAddress(address: string): DirectoryAccount | undefined;
  /** The open accounts that read a group's address, as they were listed; empty where there is no group. */
  findGroup(address: string): readonly DirectoryAccount[];
  findByAccount(accountId: AccountId): DirectoryAccount | undefined;
  /** The account that takes what no address of the domain takes. */
  findCatchAll(domain: string): DirectoryAccount | undefined;
  hasDomain(domain: string): boolean;
  domains(): readonly string[];
  /** Accounts of role operator, oldest first: they read postmaster@ and abuse@. */
  operators(): readonly DirectoryAccount[];
  lastAccountSeq(accountId: AccountId): number;
  countAccounts(): number;
  /**
   * What rows counted letter by letter, for accounts that stand at the same number. A journal cannot say it alone: letters that were
   * erased have no size any more, and what freed theirs still does. Returns how many were otherwise.
   */
  correctUsed(counted: readonly CountedUse[]): number;
  /** All of it at once what another one holds that stands at least as far: after commands were undone. */
  takeOver(other: Directory): void;
  close(): void;
}
