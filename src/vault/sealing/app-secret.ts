// App passwords: 120 random bits as 24 letters and digits, and what a client tells the server of one (decision 0009).

import { ascii } from './bytes.ts';
import { labelled, sha256 } from './derive.ts';

export const APP_SECRET_BYTES = 15;
const SECRET = /^[a-z2-7]{24}$/;

/** As a program sends it or a person types it: blanks, hyphens and capitals are no matter. Undefined: nothing that was made here. */
export function parseAppSecret(text: string): string | undefined {
  if (text.length > 100) return undefined;
  const plain = text.replaceAll(/[\s-]/g, '').toLowerCase();
  return SECRET.test(plain) ? plain : undefined;
}

/** In six groups of four. */
export function showAppSecret(plainSecret: string): string {
  return plainSecret.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** 32 bytes that the server is given in place of the secret when it is made; it keeps an HMAC of them. */
export function appSecretVerifier(plainSecret: string): Uint8Array<ArrayBuffer> {
  return sha256(labelled('siegel/app-password/v1', ascii(plainSecret)));
}
