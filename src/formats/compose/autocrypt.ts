// The Autocrypt field: a certificate that travels with a letter (Autocrypt Level 1 §2.1).

import { fromBase64, toBase64 } from '../base64/base64.ts';
import { limits } from '#base/limits.ts';

const LINE_CHARACTERS = 76;

/** The field with its CRLF. */
export function autocryptField(address: string, certificate: Uint8Array): string {
  const lines = toBase64(certificate).match(new RegExp(`.{1,${LINE_CHARACTERS}}`, 'g')) ?? [];
  return ['Autocrypt: addr=' + address + '; prefer-encrypt=mutual; keydata=', ...lines].join('\r\n ') + '\r\n';
}

export interface AutocryptHeader {
  readonly address: string;
  readonly prefersEncryption: boolean;
  readonly certificate: Uint8Array<ArrayBuffer>;
}

/** The unfolded text of one field; undefined when it is not one. Unknown attributes count unless they begin with "_" (§2.1). */
export function parseAutocrypt(text: string): AutocryptHeader | undefined {
  if (text.length > limits.openpgp.publicKeyBytes * 1.5) return undefined;
  const attributes = new Map<string, string>();
  for (const piece of text.split(';')) {
    const equals = piece.indexOf('=');
    const name = piece.slice(0, Math.max(0, equals)).trim().toLowerCase();
    if (equals < 1 || attributes.has(name)) return undefined;
    const isKnown = ['addr', 'prefer-encrypt', 'keydata'].includes(name);
    if (!isKnown && !name.startsWith('_')) return undefined;
    attributes.set(name, piece.slice(equals + 1).trim());
  }
  const address = attributes.get('addr')?.toLowerCase();
  const certificate = fromBase64((attributes.get('keydata') ?? '').replaceAll(/\s+/g, ''));
  if (address === undefined || !address.includes('@') || certificate === undefined || certificate.length === 0) {
    return undefined;
  }
  return { address, prefersEncryption: attributes.get('prefer-encrypt') === 'mutual', certificate };
}
