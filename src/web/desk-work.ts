// What the desk's page asks of the client that holds the keys: types only, like backend.ts.

import type { Result } from '#base/result.ts';

/**
 * not-trusted: the people who brought the policy into force are not confirmed on this account yet · policy-altered: the chain of policies
 * does not hold from the people confirmed · not-in-roster: this account's key · other-statement: what the server wants signed is not
 * what was asked for · not-openable: sealed to other keys, or damaged.
 */
export type DeskTrouble = {
  readonly kind:
    | 'signed-out'
    | 'no-connection'
    | 'server-unavailable'
    | 'not-allowed'
    | 'gone'
    | 'not-trusted'
    | 'policy-altered'
    | 'not-in-roster'
    | 'other-statement'
    | 'not-openable';
};

export interface DeskPerson {
  readonly name: string;
  readonly role: 'OFFICER' | 'LAWYER' | 'CLERK';
  /** Lower-case hex. */
  readonly fingerprint: string;
}

/** What the client itself has checked. */
export interface CheckedPolicy {
  readonly sha256: string;
  readonly dated: string;
  readonly roster: readonly DeskPerson[];
  /** Who signed the first one: all others follow from them. */
  readonly founders: readonly DeskPerson[];
}

export interface PlainDocument {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of a letter that came by mail. */
  readonly letter?: PlainLetter;
}

export interface PlainLetter {
  /** "Frau Lang <lang@sta.example>", as it says of itself; empty: nobody. */
  readonly from: string;
  readonly subject: string;
  /** As it says of itself. */
  readonly dateMs: number | undefined;
  /** Whether the domain of From stood behind it when it came, as the door found; unasked: it came from our own network. */
  readonly origin: 'proven' | 'unproven' | 'unasked';
  /** Its own encryption, beside the desk's; closed: to keys that this account does not have. */
  readonly seal: 'none' | 'opened' | 'closed';
  readonly text: string;
  readonly files: readonly PlainDocument[];
}

export interface PlainCase {
  readonly targets: readonly {
    readonly target: string;
    /** It is the one that the register is committed to. */
    readonly isCommitted: boolean;
  }[];
  readonly documents: readonly PlainDocument[];
}

/** Exactly what is signed is made from this; the client compares it with what the server hands it. */
export interface PlainVerdict {
  readonly filing: string;
  readonly verdict: 'REJECT' | 'NARROW' | 'ADMIT';
  readonly reasons: readonly string[];
  readonly items: readonly number[] | null;
}

/** Answered by a worker of its own (worker/desk-worker.ts): what few ever use weighs nothing in the mailbox's. */
export interface DeskWork {
  /** The chain of policies as the server shows it, checked from the founders confirmed on this account; not-trusted: see deskFounders(). */
  deskPolicy(): Promise<Result<CheckedPolicy, DeskTrouble>>;
  /** Who signed the first policy, for a person to compare with what they were told by another way. */
  deskFounders(): Promise<Result<readonly DeskPerson[], DeskTrouble>>;
  /** Kept sealed with the account. */
  confirmDeskFounders(fingerprints: readonly string[]): Promise<Result<undefined, DeskTrouble>>;
  /** Asks the server for the statement, checks that it says exactly this, signs it with the account's key and hands it in. */
  giveVerdict(verdict: PlainVerdict): Promise<Result<{ readonly state: string }, DeskTrouble | DeskRefused>>;
  /** Seals whom it is about and the documents to the checked roster, then files it. `given` as the server's reader wants it; `target` of its items is filled in here. */
  fileRequest(of: {
    readonly given: unknown;
    /** Empty: nobody in particular. */
    readonly plainTarget: string;
    readonly documents: readonly PlainDocument[];
    /** It came in by itself. */
    readonly arrival?: string | undefined;
  }): Promise<Result<{ readonly filing: string }, DeskTrouble | DeskRefused>>;
  /** A document that came later. */
  addToCase(filing: string, documents: readonly PlainDocument[]): Promise<Result<undefined, DeskTrouble | DeskRefused>>;
  /** What came in by itself, opened; `file`: its SHA-256, as the register names it. */
  openArrival(file: string): Promise<Result<readonly PlainDocument[], DeskTrouble>>;
  /** Every case file of this filing, opened. */
  openCase(filing: string): Promise<Result<PlainCase, DeskTrouble>>;
}

/** The register refuses, and says why and what to do. */
export interface DeskRefused {
  readonly kind: 'refused';
  readonly sentence: string;
}
