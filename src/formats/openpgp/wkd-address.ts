// Where the key of an address stands in its domain's Web Key Directory (draft-koch-openpgp-webkey-service §3.1).

import { sha1 } from '@noble/hashes/legacy.js';

const ALPHABET = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** SHA-1 of the lower-case local part in z-base-32: 32 characters. */
export function wkdHash(local: string): string {
  const digest = sha1(new TextEncoder().encode(local.toLowerCase()));
  let text = '';
  for (let bit = 0; bit < 160; bit += 5) {
    const at = bit >> 3;
    const pair = ((digest[at] ?? 0) << 8) | (digest[at + 1] ?? 0);
    text += ALPHABET.charAt((pair >> (11 - (bit & 7))) & 31);
  }
  return text;
}

/** The advanced method, then the direct one. `domain` in A-labels. */
export function wkdUrls({
  local,
  domain,
}: {
  readonly local: string;
  readonly domain: string;
}): readonly [string, string] {
  const tail = `hu/${wkdHash(local)}?l=${encodeURIComponent(local)}`;
  return [
    `https://openpgpkey.${domain}/.well-known/openpgpkey/${domain}/${tail}`,
    `https://${domain}/.well-known/openpgpkey/${tail}`,
  ];
}
