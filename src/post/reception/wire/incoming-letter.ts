// A letter as the wire brought it, before anything was decided about its contents.

import type { TraceId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { Address } from '#formats/smtp/address.ts';
import type { Recipient } from '../neighbours.ts';

/** Where a letter came from. `peer` and `greetingName` live in RAM only and go into nothing that is kept. */
export interface LetterSource {
  readonly protocol: 'smtp' | 'lmtp';
  readonly peer: string;
  readonly greetingName: string;
  /** `TLSv1.3`; undefined: in the clear. */
  readonly tlsVersion: string | undefined;
  /** Our own networks and LMTP: no sender checks. */
  readonly trusted: boolean;
}

export interface IncomingLetter {
  readonly traceId: TraceId;
  readonly receivedMs: number;
  /** When its first byte was asked for: since then its plain text is in memory. */
  readonly beganMs: number;
  /** Behind DATA without stuffed dots, or the chunks of BDAT: byte for byte what the client sent. Its buffer may be transferred. */
  readonly plainLetter: Uint8Array<ArrayBuffer>;
  /** undefined: the null sender. */
  readonly sender: Address | undefined;
  readonly smtpUtf8: boolean;
  readonly recipients: readonly Recipient[];
  /** As the client wrote them. In RAM only, like `source`. */
  readonly recipientAddresses: readonly Address[];
  readonly source: LetterSource;
}

export type LetterRefusal = {
  readonly kind: 'loop' | 'dmarcReject' | 'filterRefuse' | 'filterLater' | 'notSealed' | 'diskFull' | 'journalFailed';
};

/** Answers once the letter is safe, or says why it is not taken. Never rejects for anything the letter contains. */
export type TakeLetter = (letter: IncomingLetter) => Promise<Result<void, LetterRefusal>>;
