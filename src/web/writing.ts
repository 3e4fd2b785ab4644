// What the composer and the contacts ask of the client behind them: types only, like backend.ts; decision 0013.

import type { ItemId, LetterId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { ChangeRefusal, OpenRefusal, Person } from './backend.ts';

/** What is known of a recipient's key. house: same house · verified: compared by the person · first-use: pinned when first seen · changed: another key than the pinned one · none: would get it unsealed. */
export type RecipientKeyState = 'house' | 'verified' | 'first-use' | 'changed' | 'none';

export interface RecipientState {
  readonly address: string;
  readonly state: RecipientKeyState;
  /** Lower-case hex of the key that would be used. */
  readonly fingerprint: string | undefined;
  /** changed: the pinned key's. */
  readonly formerFingerprint: string | undefined;
  /** False: an address of this house that nobody has. */
  readonly deliverable: boolean;
  /** Why there is no key to use, where that is known. shared: several people read this address · documents: the room works on what is sent there · unreachable: their directory did not answer. */
  readonly reason: 'expired' | 'revoked' | 'weak' | 'unreadable' | 'shared' | 'documents' | 'unreachable' | undefined;
}

export interface SenderIdentity {
  readonly id: string;
  readonly address: string;
  readonly name: string;
}

export interface DraftFile {
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Content-ID of an image inside the text. */
  readonly contentId: string | undefined;
}

/** Everything the composer holds. */
export interface Draft {
  readonly id: ItemId | undefined;
  readonly identityId: string;
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly bcc: readonly Person[];
  readonly subject: string;
  /** undefined: written as plain text. */
  readonly plainHtml: string | undefined;
  readonly plainText: string;
  readonly files: readonly DraftFile[];
  /** What it answers or forwards. */
  readonly answers: { readonly id: LetterId; readonly how: 'reply' | 'forward' } | undefined;
}

export interface DraftRow {
  readonly id: ItemId;
  readonly to: readonly Person[];
  readonly subject: string;
  readonly snippet: string;
  readonly savedMs: number;
}

/** What another device did to a draft that is open here. */
export type DraftNews = 'same' | 'changed' | 'sent' | 'gone';

/** changed-elsewhere: another device wrote it since it was opened here; nothing of either is lost. */
export type DraftRefusal = { readonly kind: ChangeRefusal['kind'] | 'changed-elsewhere' };

export interface SendOptions {
  /** 0–60,000: how long it can be taken back. */
  readonly undoMs: number;
  /** Send later: not before this time. */
  readonly sendAtMs: number | undefined;
  /** The addresses the button named as unsealed: sending refuses when there are others. */
  readonly unsealed: readonly string[];
}

export interface Sent {
  readonly submissionIds: readonly string[];
  readonly letterId: LetterId;
  readonly leavesMs: number;
  /** It is gone already: nothing of it can be taken back. */
  readonly isFinal: boolean;
}

export type SendRefusal =
  | { readonly kind: 'no-recipient' | 'too-large' | 'too-many-recipients' | 'too-many-today' | 'not-allowed' }
  /** Of the place for documents: it takes nothing beside, nothing without files, nothing that lasts; later: try again · refused: such a letter never. */
  | {
      readonly kind:
        'documents-alone' | 'documents-none' | 'documents-too-long' | 'documents-later' | 'documents-refused';
    }
  | { readonly kind: 'unknown-recipients' | 'key-changed' | 'would-be-unsealed'; readonly addresses: readonly string[] }
  | { readonly kind: 'no-connection' | 'server-unavailable' | 'signed-out' | 'changed-elsewhere' };

/** A send later that still waits, or one whose letter has not left. */
export interface WaitingLetter {
  readonly submissionIds: readonly string[];
  readonly letterId: LetterId | undefined;
  readonly leavesMs: number;
}

export interface PinnedKey {
  readonly fingerprint: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly verified: boolean;
  readonly source: 'house' | 'wkd' | 'autocrypt' | 'letter' | 'file';
}

export interface Contact {
  readonly id: ItemId | undefined;
  readonly name: string;
  readonly addresses: readonly string[];
  readonly phones: readonly string[];
  readonly organisation: string;
  readonly note: string;
  /** Newest first; the first one is used. */
  readonly keys: readonly PinnedKey[];
}

/** The part of the client that writes, sends and knows people. Loaded when first needed. */
export interface Writing {
  identities(): Promise<readonly SenderIdentity[]>;
  setIdentityName(id: string, name: string): Promise<Result<undefined, ChangeRefusal>>;
  recipientStates(addresses: readonly string[]): Promise<readonly RecipientState[]>;
  /** The person compared it, or accepts it: this key is used from now on. An empty fingerprint: go on without one, where the former key is gone. */
  trustKey(
    address: string,
    fingerprint: string,
    how: 'compared' | 'accepted',
  ): Promise<Result<undefined, ChangeRefusal>>;
  send(draft: Draft, options: SendOptions): Promise<Result<Sent, SendRefusal>>;
  /** Takes back what has not left; the letter is a draft again. */
  unsend(
    submissionIds: readonly string[],
  ): Promise<Result<{ readonly draftId: ItemId }, { readonly kind: 'left' } | ChangeRefusal>>;
  waiting(): Promise<readonly WaitingLetter[]>;
  drafts(): Promise<readonly DraftRow[]>;
  openDraft(id: ItemId): Promise<Result<Draft, OpenRefusal>>;
  /** Under another id when it was thrown away elsewhere. */
  saveDraft(draft: Draft): Promise<Result<{ readonly id: ItemId; readonly savedMs: number }, DraftRefusal>>;
  lookAtDraft(id: ItemId): Promise<DraftNews>;
  dropDraft(id: ItemId): Promise<Result<undefined, ChangeRefusal>>;
  contacts(): Promise<readonly Contact[]>;
  putContact(contact: Contact): Promise<Result<{ readonly id: ItemId }, ChangeRefusal>>;
  removeContact(id: ItemId): Promise<Result<undefined, ChangeRefusal>>;
  /** vCard 3.0/4.0 or a CSV as address books export it; doubles are joined by address. */
  importContacts(
    bytes: Uint8Array<ArrayBuffer>,
  ): Promise<
    Result<
      { readonly added: number; readonly joined: number; readonly skipped: readonly string[] },
      { readonly kind: 'not-understood' } | ChangeRefusal
    >
  >;
  /** The whole address book as one vCard 4.0 file. */
  exportContacts(): Promise<Uint8Array<ArrayBuffer>>;
  /** Names and addresses that fit what was typed: contacts first, then people of opened letters. */
  suggest(text: string): Promise<readonly Person[]>;
}
