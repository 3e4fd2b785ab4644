// What a peer answers, from bytes to replies (RFC 5321 §4.2, §4.5.3.1.5; enhanced codes RFC 2034, RFC 3463).

import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import type { SmtpReply } from './smtp-reply.ts';

export type ReplyFault =
  | { readonly kind: 'replyLineTooLong' }
  | { readonly kind: 'replyTooLong' }
  /** No three digits in front, or another code than in the lines before. */
  | { readonly kind: 'notAReply' };

export interface ReplyReader {
  /** The replies that `chunk` completes. After a fault nothing more can be read from this peer. */
  push(chunk: Uint8Array): Result<readonly SmtpReply[], ReplyFault>;
  /** Bytes of a reply that is not complete yet. */
  readonly pendingBytes: number;
}

const LF = 10;
const LINE = /^([2-5][0-9]{2})(?:([ -])(.*))?$/s;
const ENHANCED = /^([245]\.\d{1,3}\.\d{1,3})(?:[ \t]+|$)/;
const utf8 = new TextDecoder('utf-8');

/** Lines may end in LF alone: nothing can be smuggled to a client that reads no letters. */
export function createReplyReader(): ReplyReader {
  let tail: Uint8Array = new Uint8Array();
  let open: OpenReply | undefined;
  return {
    get pendingBytes() {
      return tail.length + (open === undefined ? 0 : 1);
    },
    push(chunk) {
      const bytes = tail.length === 0 ? chunk : join(tail, chunk);
      const replies: SmtpReply[] = [];
      let at = 0;
      for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, at)) {
        if (end - at > limits.delivery.replyLineBytes) return err({ kind: 'replyLineTooLong' });
        const line = parseLine(bytes.subarray(at, end));
        at = end + 1;
        if (line === undefined || (open !== undefined && open.code !== line.code)) return err({ kind: 'notAReply' });
        open ??= { code: line.code, enhanced: undefined, lines: [] };
        if (open.lines.length >= limits.delivery.replyLinesMax) return err({ kind: 'replyTooLong' });
        addLine(open, line.text);
        if (!line.isLast) continue;
        replies.push(closed(open));
        open = undefined;
      }
      // a copy: the socket's buffer is used again
      tail = at === bytes.length ? new Uint8Array() : bytes.slice(at);
      return tail.length > limits.delivery.replyLineBytes ? err({ kind: 'replyLineTooLong' }) : ok(replies);
    },
  };
}

interface OpenReply {
  readonly code: number;
  enhanced: string | undefined;
  readonly lines: string[];
}

function parseLine(bytes: Uint8Array): { code: number; isLast: boolean; text: string } | undefined {
  const match = LINE.exec(utf8.decode(bytes).replace(/\r$/, ''));
  if (match === null) return undefined;
  return { code: Number(match[1]), isLast: match[2] !== '-', text: match[3] ?? '' };
}

/** The enhanced code stands in every line of a reply; it counts only when its class is that of the code (RFC 2034 §4). */
function addLine(open: OpenReply, text: string): void {
  const enhanced = ENHANCED.exec(text);
  const isMeant = enhanced?.[1]?.charAt(0) === String(open.code).charAt(0);
  if (isMeant) open.enhanced ??= enhanced?.[1];
  // controls have no business in words that a person will read
  open.lines.push((isMeant ? text.slice(enhanced?.[0].length) : text).replace(/\p{Cc}+/gu, ' ').trim());
}

function closed({ code, enhanced, lines }: OpenReply): SmtpReply {
  return enhanced === undefined ? { code, lines } : { code, enhanced, lines };
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
