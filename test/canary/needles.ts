// The forms in which a text could lie on a disk: raw, either case, hex, UTF-16, base64 and base32 in every phase.

import { toBase64Url } from '#formats/base64/base64.ts';

export interface Needle {
  /** What was looked for, and in which form. */
  readonly token: string;
  readonly form: string;
  readonly bytes: Buffer;
}

/** `token`: ASCII in lower case, at least 8 characters, so that chance finds none of its forms. */
export function needlesOf(token: string): readonly Needle[] {
  const raw = Buffer.from(token);
  const utf16 = Buffer.from(token, 'utf16le');
  const forms: [string, Buffer][] = [
    ['raw', raw],
    ['upper case', Buffer.from(token.toUpperCase())],
    ['hex', Buffer.from(raw.toString('hex'))],
    ['hex in upper case', Buffer.from(raw.toString('hex').toUpperCase())],
    // without the last zero it is a part of both byte orders
    ['UTF-16', utf16.subarray(0, -1)],
    ...phases(raw, { unitBytes: 3, bits: 6, encode: (bytes) => bytes.toString('base64'), form: 'base64' }),
    ...phases(raw, { unitBytes: 3, bits: 6, encode: (bytes) => toBase64Url(bytes), form: 'base64url' }),
    ...phases(raw, { unitBytes: 5, bits: 5, encode: base32, form: 'base32' }),
    ...phases(raw, { unitBytes: 5, bits: 5, encode: (bytes) => base32(bytes).toUpperCase(), form: 'BASE32' }),
  ];
  const seen = new Set<string>();
  return forms
    .filter(([, bytes]) => !seen.has(bytes.toString('latin1')) && seen.add(bytes.toString('latin1')))
    .map(([form, bytes]) => ({ token, form, bytes }));
}

interface Code {
  readonly unitBytes: number;
  readonly bits: number;
  readonly encode: (bytes: Buffer) => string;
  readonly form: string;
}

/** The characters that the token alone decides, for every place at which it can begin within a unit. */
function phases(raw: Buffer, { unitBytes, bits, encode, form }: Code): [string, Buffer][] {
  return Array.from({ length: unitBytes }, (_, before) => {
    const text = encode(Buffer.concat([Buffer.alloc(before), raw]));
    const from = Math.ceil((before * 8) / bits);
    const to = Math.floor(((before + raw.length) * 8) / bits);
    return [`${form}, phase ${before}`, Buffer.from(text.slice(from, to))];
  });
}

function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = bits.match(/.{1,5}/g) ?? [];
  return digits.map((digit) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(digit.padEnd(5, '0'), 2)]).join('');
}
