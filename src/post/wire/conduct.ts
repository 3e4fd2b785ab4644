// What one kind of door does differently from another: whom it lets begin, whom a letter may go to, who takes it.

import type { TraceId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { Address } from '#formats/smtp/address.ts';
import type { MailFrom } from '#formats/smtp/smtp-path.ts';
import type { RefusalKind } from './refusals.ts';

/** Where a letter came from. `peer` and `greetingName` live in RAM only and go into nothing that is kept. */
export interface LetterSource {
  readonly protocol: 'smtp' | 'lmtp' | 'submission';
  readonly peer: string;
  readonly greetingName: string;
  /** `TLSv1.3`; undefined: in the clear. */
  readonly tlsVersion: string | undefined;
  /** Our own networks and LMTP: no sender checks, no limits for errors. */
  readonly trusted: boolean;
}

/** A letter as the wire brought it, before anything was decided about its contents. */
export interface WireLetter<R> {
  readonly traceId: TraceId;
  readonly receivedMs: number;
  /** When its first byte was asked for: since then its plain text is in memory. */
  readonly beganMs: number;
  /** Behind DATA without stuffed dots, or the chunks of BDAT: byte for byte what the client sent. Its buffer may be transferred. */
  readonly plainLetter: Uint8Array<ArrayBuffer>;
  /** undefined: the null sender. */
  readonly sender: Address | undefined;
  readonly smtpUtf8: boolean;
  /** What `findRecipient` found, one for each accepted RCPT. */
  readonly accepted: readonly R[];
  /** As the client wrote them. In RAM only, like `source`. */
  readonly recipientAddresses: readonly Address[];
  readonly source: LetterSource;
  /** The bytes are somewhere else now: their place among the letters in flight is free again. */
  readonly giveBack?: () => void;
}

export interface WireRefusal {
  readonly kind: RefusalKind;
  /** A page of ours where a person can go on. */
  readonly where?: string;
}
export type MaybeSoon<T> = T | Promise<T>;

/** Made for each connection. */
export interface Conduct<R> {
  /** Lines of EHLO beside those that every door has. */
  extensions(source: LetterSource): readonly string[];
  checkSender(from: MailFrom, source: LetterSource): MaybeSoon<RefusalKind | undefined>;
  findRecipient(recipient: Address | 'postmaster'): MaybeSoon<Result<R, WireRefusal>>;
  /** Resolves once the letter is safe, with what stands behind 250, or says why it is not taken. */
  takeLetter(letter: WireLetter<R>): Promise<Result<string, WireRefusal>>;
  /** Undefined: nobody signs in here. */
  readonly signIn?: SignIn;
}

/** An exchange of AUTH (RFC 4954); the door holds one for each connection. */
export interface SignIn {
  /** `initial` undefined: the client waits to be asked; `=` is the empty answer. */
  begin(mechanism: string, initial: string | undefined, source: LetterSource): MaybeSoon<SignInStep>;
  /** A line of the client, without its CRLF. */
  go(line: string): MaybeSoon<SignInStep>;
  /** What was begun and who was known are forgotten: the connection became secure, or a line was broken. */
  forget(): void;
}

export type SignInStep =
  | { readonly kind: 'ask'; readonly challenge: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly refusal: RefusalKind };
