// A DKIM-Signature field in the making: which fields it covers, what is to be signed, and how it is written (RFC 6376 §3.5, §5.4; RFC 8463).

import { toBase64 } from '../base64/base64.ts';
import { signedHeader, type RawField } from './canonical-header.ts';

export interface SignatureClaims {
  readonly algorithm: 'rsa-sha256' | 'ed25519-sha256';
  readonly domain: string;
  readonly selector: string;
  readonly signedAtSeconds: number;
  /** SHA-256 of the relaxed body. */
  readonly bodyHash: Uint8Array;
}

/** Each of these is named once more than it occurs, so that nobody can add one in front (RFC 6376 §8.15). */
const OVERSIGNED = [
  'from',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'reply-to',
  'in-reply-to',
  'references',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
];
/** These as often as they occur: whoever passes a letter on may add his own. */
const SIGNED = [
  'sender',
  'auto-submitted',
  'autocrypt',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'list-id',
  'tls-report-domain', // RFC 8460 §5.3
  'tls-report-submitter',
];
const NAMES_OF_ONE_FIELD_MAX = 20;
const LINE_CHARACTERS = 76;

/** For h=, in a fixed order. */
export function signedFieldNames(fields: readonly RawField[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { name } of fields) counts.set(name, (counts.get(name) ?? 0) + 1);
  const times = (name: string, more: number): readonly string[] =>
    Array.from({ length: Math.min(NAMES_OF_ONE_FIELD_MAX, counts.get(name) ?? 0) + more }, () => name);
  return [...OVERSIGNED.flatMap((name) => times(name, 1)), ...SIGNED.flatMap((name) => times(name, 0))];
}

export interface UnsignedField {
  /** The field up to and with `b=`. */
  readonly text: string;
  /** What is signed, one character a byte; for Ed25519 its SHA-256 is (RFC 8463 §3). */
  readonly input: string;
}

export function unsignedField(fields: readonly RawField[], claims: SignatureClaims): UnsignedField {
  const names = signedFieldNames(fields);
  const text = [
    `DKIM-Signature: v=1; a=${claims.algorithm}; c=relaxed/relaxed;`,
    `\td=${claims.domain}; s=${claims.selector}; t=${claims.signedAtSeconds};`,
    `\th=${fold(names, ':', LINE_CHARACTERS)};`,
    `\tbh=${toBase64(claims.bodyHash)};`,
    '\tb=',
  ].join('\r\n');
  return { text, input: signedHeader(fields, names, { name: 'dkim-signature', text }, 'relaxed') };
}

/** The whole field with its line end, to be put in front of the letter. */
export function signedField(unsigned: UnsignedField, signature: Uint8Array): string {
  const lines = toBase64(signature).match(/.{1,72}/g) ?? [];
  return `${unsigned.text}${lines.join('\r\n\t')}\r\n`;
}

function fold(words: readonly string[], separator: string, lineMax: number): string {
  let text = '';
  let line = 0;
  for (const [index, word] of words.entries()) {
    const piece = index === words.length - 1 ? word : word + separator;
    if (line + piece.length > lineMax) {
      text += '\r\n\t';
      line = 0;
    }
    text += piece;
    line += piece.length;
  }
  return text;
}
