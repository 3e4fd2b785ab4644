// The header fields as a DKIM signature covers them (RFC 6376 §3.4.1, §3.4.2, §3.7, §5.4.2).

import type { Canonicalization } from './dkim-signature.ts';

/** A field as it stands in the letter, one character a byte, without its final line end. */
export interface RawField {
  /** Lower case. */
  readonly name: string;
  readonly text: string;
}

/**
 * What is signed: the fields named in h=, each name taking the lowest field of that name not yet taken; names without a
 * field count as nothing; then the signature's own field with an empty b=, without a line end.
 */
export function signedHeader(
  fields: readonly RawField[],
  signedFields: readonly string[],
  signature: RawField,
  how: Canonicalization,
): string {
  const left = new Map<string, number>(); // for each name, below which index the next field is looked for
  let text = '';
  for (const name of signedFields) {
    const at = lastIndexOf(fields, name, left.get(name) ?? fields.length);
    left.set(name, Math.max(at, 0));
    const field = fields[at];
    if (field !== undefined) text += `${canonicalField(field.text, how)}\r\n`;
  }
  return text + canonicalField(withoutSignatureValue(signature.text), how);
}

export function canonicalField(text: string, how: Canonicalization): string {
  if (how === 'simple') return text;
  const colon = text.indexOf(':');
  const name = lowerAscii(text.slice(0, colon).replace(/[ \t\r\n]+$/, ''));
  const value = text
    .slice(colon + 1)
    .replace(/\r?\n/g, '')
    .replace(/[ \t]+/g, ' ');
  return `${name}:${value.replace(/^ | $/g, '')}`;
}

/** b= is treated as empty, and bh= left alone. */
function withoutSignatureValue(text: string): string {
  const colon = text.indexOf(':') + 1;
  return text.slice(0, colon) + text.slice(colon).replace(/(^|;)([ \t\r\n]*b[ \t\r\n]*=)[^;]*/, '$1$2');
}

function lastIndexOf(fields: readonly RawField[], name: string, below: number): number {
  for (let at = below - 1; at >= 0; at--) if (fields[at]?.name === name) return at;
  return -1;
}

/** Not `toLowerCase`: these are bytes, and only A–Z have a lower case there. */
function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
