// What a job can read, and nothing else: there is no way from here to folders, contacts, settings, keys, sessions or the text of a letter.

import type { AccountId } from '#base/ids.ts';

export interface Subscriber {
  readonly addresses: readonly string[];
  readonly aliases: readonly string[];
  /** Addresses and aliases that the person gave up; they are never given again. */
  readonly givenUp: readonly string[];
  readonly createdMs: number;
  readonly closedMs: number | null;
}

/** A letter as it lies here. */
export interface SealedLetter {
  readonly receivedMs: number;
  /** 0: never. */
  readonly expiresMs: number;
  /** An OpenPGP message to the person: one key packet, one data packet. */
  readonly sealed: Uint8Array;
}

/** The envelope of what has not left yet, without the recipients who have it. */
export interface Waiting {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly queuedMs: number;
  readonly dueMs: number;
}

export interface DisclosureReader {
  /** `several`: a group reads it, so it is nobody’s own. */
  findAccount(address: string): Promise<AccountId | 'several' | undefined>;
  /** Undefined: nothing of the account is left. */
  subscriber(account: AccountId): Promise<Subscriber | undefined>;
  /** Of those that are there and have not expired, oldest first. Throws DamagedLetter. */
  letters(account: AccountId): AsyncIterable<SealedLetter>;
  waiting(account: AccountId): Promise<readonly Waiting[]>;
}

/** The row is there, its record is not readable: an operator must look. */
export class DamagedLetter extends Error {
  constructor() {
    super('the record of a letter is not readable');
    this.name = 'DamagedLetter';
  }
}
