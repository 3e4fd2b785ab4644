// Every change of lasting state as an absolute effect: the payloads of key-lane records with codes ≥ 16 (decision 0002).
// Bytes stand as base64url text, times in milliseconds since 1970. The account a command belongs to stands in the header.

import type {
  AccountId,
  AppPasswordId,
  InstanceId,
  InviteId,
  ItemId,
  LetterId,
  MailboxId,
  OperatorId,
  SessionId,
  SubmissionId,
} from '#base/ids.ts';

/** base64url without padding. */
export type Base64Url = string;
/** Normalised `local@domain`, lower-case. */
export type AddressText = string;

export type Role = 'member' | 'operator' | 'second' | 'clerk' | 'officer' | 'lawyer';
export type MailboxRole = 'inbox' | 'drafts' | 'sent' | 'archive' | 'junk' | 'trash';

export interface PublicKeys {
  readonly version: number;
  /** Transferable OpenPGP public key, binary. */
  readonly certificate: Base64Url;
  /** X25519 public key that summaries and terms are sealed to. */
  readonly summaryKey: Base64Url;
  /** Ed25519 public key derived from the account root key: signs changes of the account. */
  readonly authKey: Base64Url;
}

/** OPAQUE record, stretching and password wrap switch as one. */
export interface Credential {
  readonly version: number;
  /** Names the OPAQUE server setup the record was made with. */
  readonly setupId: string;
  readonly record: Base64Url;
  readonly stretching: {
    readonly suite: 'argon2id';
    readonly version: number;
    readonly iterations: number;
    readonly memoryKib: number;
    readonly parallelism: number;
  };
  /** The account root key under the password's export key. */
  readonly wrap: Base64Url;
  readonly arkVersion: number;
}

export interface Wrap {
  readonly wrapId: string;
  readonly kind: 'phrase' | 'passkey' | 'device' | 'holder' | 'organisation';
  readonly arkVersion: number;
  /** X25519 public half the root key is sealed to. */
  readonly publicKey: Base64Url;
  readonly sealed: Base64Url;
  /** SHA-256 of the phrase's auth token, for kind phrase. */
  readonly tokenHash?: Base64Url;
}

export interface MailboxState {
  readonly id: MailboxId;
  readonly parentId: MailboxId | null;
  readonly role: MailboxRole | null;
  /** Sealed name; empty for the six mailboxes with a role. */
  readonly sealedName: Base64Url;
  readonly sortOrder: number;
}

export interface LetterChange {
  readonly id: LetterId;
  /** The whole new set of keywords; undefined: unchanged. */
  readonly keywords?: readonly string[];
  /** The whole new set of mailboxes; undefined: unchanged. */
  readonly mailboxes?: readonly MailboxId[];
}

/** What a room of the safeguards keeps in a record; its own reader checks the shape. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

interface Commands {
  instanceCreated: { readonly instanceId: InstanceId };
  domainAdded: { readonly domain: string };
  domainRemoved: { readonly domain: string };
  /** The account that takes what no address takes; null ends it. */
  catchAllPut: { readonly domain: string; readonly accountId: AccountId | null };
  /** An address that several accounts read, each with a copy of its own; the whole new list. */
  groupPut: { readonly address: AddressText; readonly accountIds: readonly AccountId[] };
  /** Takes no letters any more; the address stays taken. */
  groupRemoved: { readonly address: AddressText };
  inviteCreated: {
    readonly inviteId: InviteId;
    readonly codeHash: Base64Url;
    readonly role: Role;
    readonly expiresMs: number;
  };

  accountCreated: {
    readonly role: Role;
    readonly address: AddressText;
    readonly inviteId: InviteId | null;
    readonly keys: PublicKeys;
    /** Null where it is restated: another took its place since. */
    readonly credential: Credential | null;
    readonly wraps: readonly Wrap[];
    readonly keyring: { readonly version: number; readonly sealed: Base64Url };
    readonly manifest: { readonly version: number; readonly bytes: Base64Url };
    readonly mailboxes: readonly MailboxState[];
    readonly quotaBytes: number;
  };
  roleChanged: { readonly role: Role };
  accountClosed: { readonly closedMs: number };
  /**
   * What records of the account say from now on, whose own payloads are erased: the same effects without what is superseded.
   * Replay meets them where the records stand (decision 0015, Forgetting).
   */
  accountRestated: { readonly records: readonly { readonly seq: number; readonly effect: JsonObject }[] };
  /** The end of an account after its grace, as a command of the house: its rows go, its addresses stay taken for ever. */
  accountErased: { readonly accountId: AccountId; readonly addresses: readonly AddressText[] };
  /** A closure taken back within its grace. */
  accountReopened: Record<string, never>;
  /** A new credential waits beside the active one; a login is answered against both. */
  credentialPending: {
    readonly credential: Credential;
    readonly manifest?: { readonly version: number; readonly bytes: Base64Url };
  };
  /** The pending credential becomes the only one; all sessions except those named end, and app passwords where it says so. */
  credentialPromoted: {
    readonly version: number;
    readonly keepSessions: readonly SessionId[];
    readonly endsAppPasswords?: true;
  };
  wrapPut: { readonly wrap: Wrap; readonly manifest: { readonly version: number; readonly bytes: Base64Url } };
  wrapRemoved: { readonly wrapId: string; readonly manifest: { readonly version: number; readonly bytes: Base64Url } };
  keyringPut: {
    readonly version: number;
    readonly sealed: Base64Url;
    readonly manifest?: { readonly version: number; readonly bytes: Base64Url };
  };
  manifestPut: { readonly version: number; readonly bytes: Base64Url };
  keysPut: { readonly keys: PublicKeys };
  /** TOTP secret under the settings key, and the step whose code showed that the person has it: used up, as by `secondFactorStep`. */
  secondFactorPut: { readonly sealed: Base64Url; readonly step?: number };
  secondFactorRemoved: Record<string, never>;
  /** The last time step that was used: each opens once. */
  secondFactorStep: { readonly step: number };
  /** Failed logins since the last good one, and when the next try is answered. */
  loginCounted: { readonly failures: number; readonly untilMs: number };
  sessionOpened: { readonly sessionId: SessionId; readonly hash: Base64Url; readonly expiresMs: number };
  sessionsClosed: { readonly sessionIds: readonly SessionId[] };
  addressAdded: { readonly address: AddressText; readonly kind: 'address' | 'alias' };
  addressRemoved: { readonly address: AddressText };
  /** The rules that act at the door, under the settings key. */
  rulesPut: { readonly sealed: Base64Url };
  quotaPut: { readonly quotaBytes: number };
  /** A lost second factor: removed at `dueMs` unless cancelled (dueMs 0). */
  recoveryReset: { readonly dueMs: number };
  /** What a mail program signs in with, and may only send with. `usedDay`: days since 1970 (UTC), when it last signed in. */
  appPasswordPut: {
    readonly id: AppPasswordId;
    /** HMAC of what the client says of its secret, under a key of the kit. */
    readonly hash: Base64Url;
    readonly sealedName: Base64Url;
    readonly createdMs: number;
    readonly usedDay?: number;
  };
  appPasswordRemoved: { readonly id: AppPasswordId };
  /** Another account opens this one: the root key is sealed to it by `wrap`, of kind holder. */
  holderPut: {
    readonly holderId: AccountId;
    readonly wrap: Wrap;
    readonly manifest: { readonly version: number; readonly bytes: Base64Url };
  };
  /** It left by itself and opens it no more; until the next `holderRemoved` the account has the keys it knew. `wrapId`: of the wrap that was its own. */
  holderLeft: { readonly holderId: AccountId; readonly wrapId: string };
  /** It opens it no more; what the account is sealed with from now on, and the wraps of those who stay, all at once. */
  holderRemoved: {
    readonly holderId: AccountId;
    /** Of kind holder: these and no others. */
    readonly wraps: readonly Wrap[];
    readonly keys: PublicKeys;
    readonly keyring: { readonly version: number; readonly sealed: Base64Url };
    readonly manifest: { readonly version: number; readonly bytes: Base64Url };
  };

  mailboxPut: MailboxState;
  /** `to`: where letters that lie only here go; null: they are removed like lettersRemoved (all at this one account number). */
  mailboxRemoved: {
    readonly id: MailboxId;
    readonly to: MailboxId | null;
    readonly freedBytes: number;
    readonly purgeMs: number;
  };
  /** Takes as many account numbers as it has letters: letter i changes at accountSeq + i. */
  lettersChanged: { readonly letters: readonly LetterChange[] };
  /** Hidden at once, erased after `purgeMs`; `freedBytes` leave the quota (Σ size_bytes of the letters). Takes as many account numbers as it has letters. */
  lettersRemoved: { readonly ids: readonly LetterId[]; readonly purgeMs: number; readonly freedBytes: number };
  /** A summary or terms rebuilt by the recipient's client. */
  summaryPut: {
    readonly id: LetterId;
    readonly version: number;
    readonly summary: Base64Url;
    readonly terms: Base64Url;
  };

  itemPut: { readonly collection: string; readonly id: ItemId; readonly version: number; readonly sealed: Base64Url };
  itemRemoved: { readonly collection: string; readonly id: ItemId };
  /** A sealed page of summaries or a sealed search segment: a cache, never a reason to delete anything. */
  blobPut: { readonly kind: 'page' | 'segment'; readonly id: ItemId; readonly sealed: Base64Url };
  blobRemoved: { readonly kind: 'page' | 'segment'; readonly id: ItemId };
  cacheManifestPut: { readonly counter: number; readonly sealed: Base64Url };

  /** `identity`: an own address; how many recipients, never who. */
  submissionQueued: {
    readonly submissionId: SubmissionId;
    readonly letterId: LetterId | null;
    readonly identity: AddressText;
    readonly dueMs: number;
    readonly recipients: number;
  };
  submissionCanceled: { readonly submissionId: SubmissionId };
  /** Final answers for some of the recipients; `hash`: HMAC(outbound key, submission ‖ address). */
  deliveryOutcome: {
    readonly submissionId: SubmissionId;
    readonly timeMs: number;
    readonly outcomes: readonly {
      readonly hash: Base64Url;
      readonly outcome: 'delivered' | 'failed' | 'expired';
      readonly code: number;
    }[];
  };
  /** `lost`: the live store did not know it, its sender was told. */
  submissionDone: {
    readonly submissionId: SubmissionId;
    readonly result: 'delivered' | 'failed' | 'expired' | 'lost';
    readonly delivered: number;
    readonly failed: number;
  };

  /** Somebody who may answer for changes, with the SSH key that signs for them; the whole new entry (decision 0015). */
  operatorPut: { readonly operatorId: OperatorId; readonly content: JsonObject };
  operatorRemoved: { readonly operatorId: OperatorId };
  /** One step of change `change`, numbered from 1; steps are never taken back. */
  changeStepped: { readonly change: number; readonly step: string; readonly facts: JsonObject };
  /** The whole new content of an incident, numbered from 1. */
  incidentPut: { readonly incident: number; readonly content: JsonObject };
  /**
   * Entries of the register of authorities' requests and the filings as they stand after them: all of one decision, so that they
   * stand or fall together (decision 0018). `event` and `row` are canonical JSON; digests lower-case hex.
   */
  deskNoted: {
    readonly entries: readonly {
      readonly nth: number;
      readonly atMs: number;
      readonly filing: string | null;
      readonly kind: string;
      readonly blind: string;
      readonly event: string;
      readonly leaf: string;
      readonly head: string;
    }[];
    readonly rows: readonly {
      readonly filing: string;
      readonly year: number;
      readonly receivedMs: number;
      readonly state: string;
      readonly row: string;
    }[];
  };
  /** A case file, sealed to the roster; `file`: SHA-256 of the sealed bytes, hex, by which an entry names it afterwards. */
  deskFilePut: { readonly file: string; readonly sealed: Base64Url };
  /** Other rows from here on: clients load again. `lostTail`: records after the copy are lost, so UIDs get a new validity. */
  eraRaised: {
    readonly era: number;
    readonly reason: 'restored' | 'undone' | 'rebuilt';
    readonly lostTail: boolean;
    readonly endsSessions: boolean;
  };

  /** A promise that follows from no other record; without an account it is the house's own. */
  receiptRecorded: {
    readonly kind: string;
    readonly facts: Readonly<Record<string, string | number | boolean | null>>;
  };
}

export type CommandKind = keyof Commands;
export type Command = { readonly [K in CommandKind]: { readonly kind: K; readonly effect: Commands[K] } }[CommandKind];
export type SubmissionKind = 'submissionQueued' | 'submissionCanceled' | 'deliveryOutcome' | 'submissionDone';
export type SubmissionCommand = { readonly [K in SubmissionKind]: CommandOf<K> }[SubmissionKind];
export type CommandOf<K extends CommandKind> = { readonly kind: K; readonly effect: Commands[K] };

/** How many account numbers a command takes. */
export function commandSpan(command: Command): number {
  if (command.kind === 'lettersChanged') return Math.max(1, command.effect.letters.length);
  if (command.kind === 'lettersRemoved') return Math.max(1, command.effect.ids.length);
  return 1;
}
