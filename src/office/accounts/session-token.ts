// Where a session's token travels: a cookie no script can read, or an Authorization header (RFC 6265bis §4.1.3, RFC 6750 §2.1).

import { limits } from '#base/limits.ts';

const SECURE_COOKIE = '__Host-siegel-session';
/** Plain HTTP is served on loopback alone; browsers keep no Secure cookie there under every name. */
const PLAIN_COOKIE = 'siegel-session';

/** The token a request carries; Authorization goes before the cookie. */
export function readSessionToken(headers: Headers, isSecure: boolean): string | undefined {
  const bearer = /^Bearer ([A-Za-z0-9_-]+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const name = cookieName(isSecure);
  for (const pair of (headers.get('cookie') ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value;
  }
  return undefined;
}

export function sessionCookie(token: string, isSecure: boolean): string {
  return cookie(token, limits.login.sessionDays * 86_400, isSecure);
}

export function endedCookie(isSecure: boolean): string {
  return cookie('', 0, isSecure);
}

function cookie(value: string, maxAgeSeconds: number, isSecure: boolean): string {
  const attributes = `Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Strict`;
  return `${cookieName(isSecure)}=${value}; ${attributes}${isSecure ? '; Secure' : ''}`;
}

function cookieName(isSecure: boolean): string {
  return isSecure ? SECURE_COOKIE : PLAIN_COOKIE;
}
