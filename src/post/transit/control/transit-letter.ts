// A letter as the controller takes it, the answer that goes back, and what the door hears.

import type { Result } from '#base/result.ts';
import type { JobReport, Profile, ReturnedFile, SentFile } from '../contract.ts';
import type { FileSalts } from '../report/receipt.ts';

export type Language = 'de' | 'en';

/** A letter whose sender may send it; its files are parsed out of it and not looked at yet. */
export interface TransitLetter {
  /** Normalised: it goes back there and nowhere else. */
  readonly sender: string;
  readonly messageId: string;
  readonly plainSubject: string;
  readonly plainBody: Uint8Array;
  readonly files: readonly SentFile[];
  readonly profile: Profile;
  readonly language: Language;
  /** A mail server comes again after 451; a mail program does not, and is told another way. */
  readonly comesAgain: boolean;
}

export type AnswerRefusal = {
  readonly kind:
    /** It takes longer than the sender waits; the result will wait for the next try. */
    | 'overBudget'
    /** It takes longer than a mail program waits; everything is erased. */
    | 'tooLongForProgram'
    | 'noRoom'
    | 'crashed'
    /** Whoever takes the result cannot now. */
    | 'outboundLater'
    | 'outboundRefused'
    | 'closed';
};

export interface Returned {
  /** Id of the job and of its receipt. */
  readonly receipt: string;
}

export type LetterAnswer = Result<Returned, AnswerRefusal>;

/** All that the answer is written from. */
export interface AnswerOrder {
  readonly job: string;
  readonly to: string;
  readonly inReplyTo: string;
  readonly plainSubject: string;
  readonly messageId: string;
  readonly language: Language;
  readonly files: readonly ReturnedFile[];
  readonly report: JobReport;
  readonly salts: FileSalts;
  readonly receivedMs: number;
  readonly nowMs: number;
  /** Erased by then at the latest, whatever fails. */
  readonly erasedByMs: number;
}

/** A result on its way to the sender. */
export interface OutgoingAnswer {
  readonly to: string;
  /** Names the letter: where a mailbox here has it already, it is not put there again. */
  readonly messageId: string;
  readonly plainLetter: Uint8Array;
  readonly language: Language;
}

/** What the server that takes the result has said, or the mailbox of this house. */
export type HandOver = 'taken' | 'later' | 'refused';
