// What settings and commands ask about mailboxes that several people hold: types only, like backend.ts.

import type { AccountId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { ChangeRefusal, EntryRefusal } from './backend.ts';

export interface Holder {
  readonly accountId: AccountId;
  /** Empty when it has none any more. */
  readonly address: string;
  readonly addedMs: number;
  readonly isSelf: boolean;
  /** Out since `addedMs`; the mailbox has the keys they knew until somebody opens it. */
  readonly hasLeft: boolean;
}

export interface SharedMailbox {
  readonly accountId: AccountId;
  readonly address: string;
  /** False: offered, and not taken up yet. */
  readonly isAccepted: boolean;
  readonly holders: readonly Holder[];
}

/** no-key: nobody of this house, or several people, have the address · key-changed: another key than the pinned one is shown · keys-altered: what the server shows does not fit the keys · self: whoever goes cannot make the keys that are kept from them · last-holder: nobody could open it any more. */
export type SharedRefusal = {
  readonly kind:
    | ChangeRefusal['kind']
    | EntryRefusal['kind']
    | 'no-key'
    | 'key-changed'
    | 'keys-altered'
    | 'not-accepted'
    | 'self'
    | 'last-holder';
};

/** What makes a shared mailbox: an invitation like anybody's, given by the operator. */
export interface NewShared {
  readonly code: string;
  readonly localPart: string;
  /** Shown as the sender of its letters; may be empty. */
  readonly name: string;
  /** Where the script is that may run OPAQUE. */
  readonly keyWorker: string;
}

type Answer<T> = Promise<Result<T, SharedRefusal>>;

export interface Sharing {
  /** Empty too when nobody answers. */
  sharedMailboxes(): Promise<readonly SharedMailbox[]>;
  /** Held by its maker alone at first. */
  makeShared(of: NewShared): Answer<{ readonly accountId: AccountId; readonly address: string }>;
  acceptShared(accountId: AccountId): Answer<undefined>;
  addHolder(accountId: AccountId, address: string): Answer<undefined>;
  /** Also of somebody who left: the mailbox gets its new keys now. */
  removeHolder(accountId: AccountId, holder: AccountId): Answer<undefined>;
  /** One's own access, or an offer that was not taken up. The next of the others who opens it changes its keys. */
  leaveShared(accountId: AccountId): Answer<undefined>;
  /** Whose mail is shown: one's own address, and the shared mailbox if it is one. */
  shownMailbox(): Promise<{ readonly own: string; readonly shared: AccountId | undefined }>;
}
