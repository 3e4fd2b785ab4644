// What a dialogue says to one line, and what its connection does next.

import type { PieceSink } from '#formats/smtp/data-scanner.ts';
import type { SmtpReply } from '#formats/smtp/smtp-reply.ts';
import type { RefusalKind } from './refusals.ts';

/** What the connection does next. */
export type Next =
  | { readonly kind: 'command' }
  | { readonly kind: 'data'; readonly sink: PieceSink }
  /** `sink` undefined: the bytes are counted and dropped, then `chunkEnded` answers. */
  | { readonly kind: 'chunk'; readonly sizeBytes: number; readonly sink: PieceSink | undefined }
  | { readonly kind: 'startTls' }
  | { readonly kind: 'close' };

export interface Step {
  readonly replies: readonly SmtpReply[];
  readonly next: Next;
}

/** One connection's dialogue, as its connection leads it. */
export interface Dialogue {
  greeting(): SmtpReply;
  /** `line` without its CRLF; undefined when it was not valid UTF-8. */
  command(line: string | undefined): Step | Promise<Step>;
  /** Something the connection itself found wrong with a line. */
  refuseLine(kind: RefusalKind): Step;
  /** The connection is encrypted now: all that was said before is forgotten (RFC 3207 §4.2). */
  becameSecure(tlsVersion: string): void;
  /** Forgets the letter at hand. */
  reset(): void;
  /** A whole DATA was read; `fault`: a line end another server could take for something else. */
  dataEnded(fault: 'bareCr' | 'bareLf' | undefined): Step | Promise<Step>;
  /** All bytes of a BDAT were read. */
  chunkEnded(): Step | Promise<Step>;
}
