// What the page asks of the client behind it: types only. The client (src/web/client/) runs in a worker and holds the keys; the page never sees one.

import type { AppPasswordId, AccountId, ItemId, LetterId, MailboxId, SessionId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { HouseReport } from '#formats/zone/house-report.ts';
import type { Sharing } from './shared.ts';
import type { Writing } from './writing.ts';

// ---- who is signed in ----------------------------------------------------------------------------------------------

export type Role = 'member' | 'operator' | 'second' | 'clerk' | 'officer' | 'lawyer';

export interface SessionInfo {
  readonly address: string;
  readonly accountId: AccountId;
  readonly role: Role;
  readonly expiresMs: number;
}

/** Everything a client needs to go on without a password: the keys, as bytes only the client understands. Kept sealed on the device, see worker/device-keep.ts. */
export interface SignedIn {
  readonly session: SessionInfo;
  readonly secrets: Uint8Array<ArrayBuffer>;
}

/** `kind` is what the page has a sentence for; `retryAfterMs` when waiting helps. */
export interface EntryRefusal {
  readonly kind:
    | 'invitation-unknown' // never was, used, or too old
    | 'address-taken'
    | 'address-invalid'
    | 'password-too-short'
    | 'wrong-credentials' // the same for unknown addresses and wrong passwords
    | 'wrong-code'
    | 'wrong-phrase'
    | 'too-many-tries'
    | 'handle-expired' // more than five minutes between password and code
    | 'no-connection'
    | 'server-unavailable';
  readonly retryAfterMs?: number;
}

export type SignInStep =
  | { readonly step: 'done'; readonly signedIn: SignedIn }
  | { readonly step: 'code' } // a TOTP code is asked for; the pending handle stays in the client
  | { readonly step: 'wait'; readonly untilMs: number } // lost second factor: announced, 72 hours
  | { readonly step: 'closed'; readonly reopenUntilMs: number }; // the mailbox was closed: `reopen` takes that back

/** The side with OPAQUE: runs in a worker of its own, loaded only where a password is typed (sign-in document, password change). */
export interface Entry {
  invitation(code: string): Promise<Result<{ readonly domain: string }, EntryRefusal>>;
  signUp(of: {
    readonly code: string;
    readonly localPart: string;
    readonly plainPassword: string;
  }): Promise<Result<SignedIn, EntryRefusal>>;
  signIn(of: { readonly address: string; readonly plainPassword: string }): Promise<Result<SignInStep, EntryRefusal>>;
  /** Second step after `code`, for signIn and for recover. */
  giveCode(code: string): Promise<Result<SignInStep, EntryRefusal>>;
  /** After `closed`: the mailbox is open again, and signed in to. */
  reopen(): Promise<Result<SignInStep, EntryRefusal>>;
  /** Instead of a code after recover: the second factor falls away in 72 hours, unless an open session cancels. */
  codeLost(): Promise<Result<SignInStep, EntryRefusal>>;
  recover(of: {
    readonly address: string;
    readonly plainPhrase: string;
    readonly plainNewPassword: string;
  }): Promise<Result<SignInStep, EntryRefusal>>;
  /** Fresh login with the old password, then the pending credential, then promotion; other sessions end. */
  changePassword(of: {
    readonly signedIn: SignedIn;
    readonly plainOldPassword: string;
    readonly plainNewPassword: string;
  }): Promise<Result<SignedIn, EntryRefusal>>;
}

// ---- mailboxes and letters -----------------------------------------------------------------------------------------

export type MailboxRole = 'inbox' | 'archive' | 'drafts' | 'sent' | 'trash' | 'junk';

export interface MailboxInfo {
  readonly id: MailboxId;
  readonly role: MailboxRole | undefined;
  /** Opened name; for mailboxes with a role the page uses its own word. */
  readonly name: string;
  readonly parentId: MailboxId | undefined;
  readonly sortOrder: number;
  readonly total: number;
  readonly unread: number;
}

export type Keyword = '$seen' | '$flagged' | '$answered' | '$forwarded' | '$draft' | (string & {});

/** end-to-end: inner OpenPGP and a valid signature by the pinned key · encrypted: inner encryption, sender not proven · on-arrival: sealed by the door · open: not sealed. */
export type Sign = 'end-to-end' | 'encrypted' | 'on-arrival' | 'open';

export interface Person {
  /** Display name, '' when the letter has none. */
  readonly name: string;
  readonly address: string;
}

export interface ListRow {
  readonly id: LetterId;
  readonly mailboxIds: readonly MailboxId[];
  readonly keywords: readonly Keyword[];
  readonly from: readonly Person[];
  readonly to: readonly Person[];
  readonly subject: string;
  readonly snippet: string;
  readonly receivedMs: number;
  readonly sizeBytes: number;
  readonly attachmentsCount: number;
  readonly sign: Sign;
  /** The letter expires at this time (mortal letters); undefined for most. */
  readonly expiresMs: number | undefined;
  /** The summary could not be opened or does not belong to this letter. */
  readonly altered: boolean;
  /** Letters of its conversation, itself included, as far as this client has opened them. */
  readonly threadCount: number;
}

/** The messages of one conversation, each with its copies; two letters or more. */
export type Conversation = readonly (readonly LetterId[])[];

/** What the door saw: fills the provenance panel. Unknown facts are undefined, never guessed. */
export interface Provenance {
  /** How the letter came: TLS version, none (in the clear), or inside this machine. */
  readonly transport: { readonly kind: 'tls'; readonly version: string } | { readonly kind: 'clear' | 'local' };
  readonly arrivedMs: number;
  /** Milliseconds the plain text stood in the door's memory. */
  readonly plainInMemoryMs: number | undefined;
  readonly authentication: {
    readonly spf: 'pass' | 'fail' | 'none';
    readonly dkim: 'pass' | 'fail' | 'none';
    readonly dmarc: 'pass' | 'fail' | 'none';
  };
  /** Domain that vouched for the sender, if one did. */
  readonly signedByDomain: string | undefined;
  /** End-to-end only: since when this sender's key is known. */
  readonly keyKnownSinceMs: number | undefined;
}

export interface Attachment {
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export interface InlineImage {
  /** Content-ID without angle brackets. */
  readonly contentId: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Ways out of the list a letter came from. */
export interface Unsubscribe {
  readonly https: string | undefined;
  readonly mailto: string | undefined;
  /** The sender signed for a POST to `https` that asks nothing more (RFC 8058). */
  readonly isOneClick: boolean;
}

export interface OpenedLetter {
  readonly id: LetterId;
  readonly from: readonly Person[];
  readonly to: readonly Person[];
  readonly cc: readonly Person[];
  readonly replyTo: readonly Person[];
  readonly subject: string;
  /** The Date field; receivedMs of the row is the door's own time. */
  readonly sentMs: number | undefined;
  readonly plainHtml: string | undefined;
  readonly plainText: string | undefined;
  readonly inlineImages: readonly InlineImage[];
  readonly attachments: readonly Attachment[];
  /** The letter as SMTP brought it, byte for byte. */
  readonly plainOriginal: Uint8Array<ArrayBuffer>;
  readonly provenance: Provenance;
  /** Undefined: it names none. */
  readonly unsubscribe?: Unsubscribe | undefined;
  readonly sign: Sign;
}

export type OpenRefusal = {
  readonly kind: 'altered' | 'no-key' | 'gone' | 'no-connection' | 'server-unavailable' | 'unreadable';
};

export interface LetterPatch {
  readonly addKeywords?: readonly Keyword[];
  readonly removeKeywords?: readonly Keyword[];
  /** The mailboxes the letters lie in afterwards. */
  readonly mailboxIds?: readonly MailboxId[];
}

export type ChangeRefusal = {
  readonly kind: 'no-connection' | 'server-unavailable' | 'gone' | 'not-allowed' | 'too-many' | 'signed-out';
};

export type PageEvent =
  | { readonly kind: 'mailboxes' } // counts, names or order changed: ask again
  | { readonly kind: 'letters'; readonly mailboxIds: readonly MailboxId[]; readonly arrived: readonly LetterId[] }
  | { readonly kind: 'rows'; readonly ids: readonly LetterId[] } // keywords, places or summaries of these changed
  | { readonly kind: 'items' } // sealed items changed, here or elsewhere: drafts among them
  | { readonly kind: 'conversations' } // others than when last asked
  | { readonly kind: 'connection'; readonly online: boolean }
  | { readonly kind: 'signed-out' };

/** The bytes the server returned for one thing, as text and unchanged (JSON or base64 as it came). */
export interface ServerRow {
  readonly id: string;
  readonly text: string;
}

// ---- settings ------------------------------------------------------------------------------------------------------

export interface SessionRow {
  readonly id: SessionId;
  readonly startedMs: number;
  readonly lastSeenMs: number;
  readonly current: boolean;
}

export interface Rule {
  readonly id: ItemId | undefined;
  readonly field: 'from' | 'to' | 'subject';
  readonly contains: string;
  readonly action:
    { readonly kind: 'move'; readonly mailboxId: MailboxId } | { readonly kind: 'star' } | { readonly kind: 'read' };
}

/** The three messages the page writes for an account without letters. */
export type WelcomeKey = 'sealed' | 'safety' | 'try';

export interface Preferences {
  readonly language: 'de' | 'en' | undefined;
  readonly theme: 'light' | 'dark' | undefined;
  readonly density: 'cosy' | 'compact';
  /** The list shows one row for each conversation. */
  readonly grouped: boolean;
  /** Welcome messages that were put away. */
  readonly welcomeGone: readonly WelcomeKey[];
  /** Open letters load nothing from elsewhere; this is not a choice yet. */
}

export interface SecurityState {
  readonly phraseSet: boolean;
  readonly codeSet: boolean;
  readonly passwordChangedMs: number | undefined;
}

export interface OwnAddresses {
  readonly addresses: readonly { readonly address: string; readonly isAlias: boolean }[];
  /** Where an alias may be; the house's main domain first. */
  readonly domains: readonly string[];
  /** How many aliases more. */
  readonly left: number;
}

export type AliasRefusal = { readonly kind: ChangeRefusal['kind'] | 'address-taken' | 'address-invalid' };

/** What a mail program signs in with; it can only send. */
export interface AppPassword {
  readonly id: AppPasswordId;
  /** Empty when it does not open. */
  readonly name: string;
  readonly createdMs: number;
  /** The day of the last use, as its first millisecond in UTC; undefined: never used. */
  readonly usedMs: number | undefined;
}

export interface NewAppPassword {
  readonly id: AppPasswordId;
  /** In groups of four; nobody can show it again. */
  readonly plainSecret: string;
}

export interface DisclosureRow {
  readonly key: string;
  readonly what: { readonly en: string; readonly de: string };
  readonly operatorSees: { readonly en: string; readonly de: string };
}

export interface Disclosure {
  readonly rows: readonly DisclosureRow[];
}

export interface DeletedLetters {
  readonly ids: readonly LetterId[];
  /** When the first of them is erased; undefined: there is none. */
  readonly nextPurgeMs: number | undefined;
}

// ---- the mailbox side ----------------------------------------------------------------------------------------------

/** Made by `openBackend(secrets)` in the mailbox worker. Every argument and result can be structured-cloned. */
export interface Backend extends Sharing {
  session(): Promise<SessionInfo | undefined>;
  signOut(): Promise<void>;

  mailboxes(): Promise<readonly MailboxInfo[]>;
  /** Ids of the whole mailbox, newest first; 100,000 are fine. */
  list(mailboxId: MailboxId): Promise<readonly LetterId[]>;
  /** Letters of every mailbox that carry this keyword, newest first (Starred). */
  listKeyword(keyword: Keyword): Promise<readonly LetterId[]>;
  /** Opened summaries, in the order asked; letters that are gone are left out. */
  rows(ids: readonly LetterId[]): Promise<readonly ListRow[]>;
  open(id: LetterId): Promise<Result<OpenedLetter, OpenRefusal>>;
  /** The letter and the others of its conversation that are known here, in no order. */
  thread(id: LetterId): Promise<readonly LetterId[]>;
  /** Every conversation known here; a letter stands in one at most. */
  conversations(): Promise<readonly Conversation[]>;
  /** Opens the summaries of the newest letters, so that conversations are whole; asked once the list stands. Changed counts come as `rows`, others as `conversations`. */
  learnThreads(): Promise<void>;
  change(ids: readonly LetterId[], patch: LetterPatch): Promise<Result<undefined, ChangeRefusal>>;
  destroy(ids: readonly LetterId[]): Promise<Result<undefined, ChangeRefusal>>;
  /** Destroyed in the last seven days. */
  deleted(): Promise<DeletedLetters>;
  bringBack(ids: readonly LetterId[], to: MailboxId): Promise<Result<undefined, ChangeRefusal>>;
  /** Living ones too; no way back. */
  destroyNow(ids: readonly LetterId[]): Promise<Result<undefined, ChangeRefusal>>;
  /** The own account: hidden at once, 14 days to reopen it by signing in, then erased. Shared mailboxes are left; `last-holder`: one has nobody else. */
  closeMailbox(): Promise<Result<undefined, ChangeRefusal | { readonly kind: 'last-holder' }>>;
  createMailbox(
    name: string,
    parentId: MailboxId | undefined,
  ): Promise<Result<{ readonly id: MailboxId }, ChangeRefusal>>;
  renameMailbox(id: MailboxId, name: string): Promise<Result<undefined, ChangeRefusal>>;
  removeMailbox(id: MailboxId): Promise<Result<undefined, ChangeRefusal>>;
  search(text: string): Promise<readonly LetterId[]>;
  /** Push: returns a function that stops it. */
  onChange(listener: (event: PageEvent) => void): () => void;

  serverRows(ids: readonly LetterId[]): Promise<readonly ServerRow[]>;
  serverMailboxes(): Promise<readonly ServerRow[]>;
  /** The stored form of one letter as the server sends it (armoured or base64 text, may be cut at 64 kB). */
  serverLetter(id: LetterId): Promise<ServerRow>;

  disclosure(): Promise<Disclosure>;
  storage(): Promise<{ readonly usedBytes: number; readonly limitBytes: number }>;
  preferences(): Promise<Preferences>;
  setPreferences(preferences: Preferences): Promise<Result<undefined, ChangeRefusal>>;
  rules(): Promise<readonly Rule[]>;
  setRules(rules: readonly Rule[]): Promise<Result<undefined, ChangeRefusal>>;
  sessions(): Promise<readonly SessionRow[]>;
  endSession(id: SessionId): Promise<Result<undefined, ChangeRefusal>>;
  security(): Promise<SecurityState>;
  /** Somebody with the phrase said the second factor is lost: when it falls away; undefined: nothing is due. */
  recoveryDueMs(): Promise<number | undefined>;
  cancelRecovery(): Promise<Result<undefined, ChangeRefusal>>;
  /** Oldest first; empty too when nobody answers. */
  appPasswords(): Promise<readonly AppPassword[]>;
  makeAppPassword(plainName: string): Promise<Result<NewAppPassword, ChangeRefusal>>;
  removeAppPassword(id: AppPasswordId): Promise<Result<undefined, ChangeRefusal>>;
  /** For the operator alone; undefined when nobody answers. */
  domains(): Promise<readonly string[] | undefined>;
  domainReport(domain: string): Promise<HouseReport | undefined>;
  /** Undefined when nobody answers. */
  addresses(): Promise<OwnAddresses | undefined>;
  addAlias(address: string): Promise<Result<{ readonly address: string }, AliasRefusal>>;
  /** It takes no letters any more and stays taken. */
  removeAlias(address: string): Promise<Result<undefined, AliasRefusal>>;
  /** Makes a new phrase; nothing changes until confirmPhrase. */
  newPhrase(): Promise<readonly string[]>;
  confirmPhrase(words: readonly string[]): Promise<Result<undefined, ChangeRefusal>>;
  /** otpauth:// URI and the secret in base32; nothing changes until confirmCode. */
  newCodeSecret(): Promise<{ readonly uri: string; readonly secretBase32: string }>;
  confirmCode(code: string): Promise<Result<undefined, ChangeRefusal | { readonly kind: 'wrong-code' }>>;
  removeCode(code: string): Promise<Result<undefined, ChangeRefusal | { readonly kind: 'wrong-code' }>>;
}

/**
 * What src/web/client/ exports for the two workers. `fetch` is the only way out; the session travels as a cookie.
 * `deviceShare` asks `GET /auth/share`: 32 bytes given only to a live session (HMAC(settings key, session)), the server's half of the device secret.
 */
export interface ClientDoor {
  createEntry(of: { readonly fetch: typeof fetch }): Entry;
  openBackend(of: {
    readonly fetch: typeof fetch;
    readonly signedIn: SignedIn;
    readonly eventSource: typeof EventSource;
    /** A mailbox the person holds beside their own, to be opened in its place. */
    readonly shared?: AccountId | undefined;
  }): Promise<Backend & Writing>;
  deviceShare(of: { readonly fetch: typeof fetch }): Promise<Uint8Array<ArrayBuffer> | undefined>;
}
