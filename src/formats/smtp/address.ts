// Mail addresses in an envelope: parse, compare, write (RFC 5321 §4.1.2, RFC 6531 §3.3, RFC 5890 for domains).

import { err, ok, type Result } from '#base/result.ts';

/** `local` is unquoted and unescaped; `domain` is lower-case A-labels, or a literal in square brackets. */
export interface Address {
  readonly local: string;
  readonly domain: string;
}

export type AddressRefusal = { readonly kind: 'badAddress' };

const LOCAL_BYTES_MAX = 64; // RFC 5321 §4.5.3.1.1
const DOMAIN_BYTES_MAX = 255; // RFC 5321 §4.5.3.1.2
// atext of RFC 5321, and everything above ASCII (RFC 6531); controls of C1 are no letters
const DOT_STRING =
  /^[\w!#$%&'*+/=?^`{|}~\-\u{a0}-\u{d7ff}\u{e000}-\u{10ffff}]+(\.[\w!#$%&'*+/=?^`{|}~\-\u{a0}-\u{d7ff}\u{e000}-\u{10ffff}]+)*$/u;
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e\u{a0}-\u{d7ff}\u{e000}-\u{10ffff}]|\\[\x20-\x7e])*)"$/u;
const DOMAIN = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;
const LITERAL = /^\[(?:\d{1,3}(?:\.\d{1,3}){3}|ipv6:[0-9a-f:.]{2,45})\]$/;
const utf8 = new TextEncoder();

const badAddress = err({ kind: 'badAddress' });

/** `local@domain`, with the local part quoted or not. The part behind the last @ is the domain. */
export function parseAddress(text: string): Result<Address, AddressRefusal> {
  const at = text.lastIndexOf('@');
  if (at < 1) return badAddress;
  const local = parseLocalPart(text.slice(0, at));
  const domain = parseDomain(text.slice(at + 1));
  if (local === undefined || domain === undefined) return badAddress;
  return ok({ local, domain });
}

/** The unquoted local part, or undefined. */
export function parseLocalPart(text: string): string | undefined {
  const quoted = text.startsWith('"') ? QUOTED.exec(text)?.[1]?.replace(/\\(.)/gu, '$1') : undefined;
  const local = quoted ?? (DOT_STRING.test(text) ? text : undefined);
  if (local === undefined || local.length === 0) return undefined;
  return byteLength(local) <= LOCAL_BYTES_MAX ? local : undefined;
}

/** Lower case, A-labels (IDNA by the platform's URL parser), no dot at the end; an address literal stays one. */
export function parseDomain(text: string): string | undefined {
  const lower = text.toLowerCase();
  if (lower.length > DOMAIN_BYTES_MAX) return undefined;
  if (lower.startsWith('[')) return LITERAL.test(lower) ? lower : undefined;
  if (DOMAIN.test(lower)) return lower;
  if (isAscii(lower)) return undefined;
  return domainFromUnicode(lower);
}

function domainFromUnicode(text: string): string | undefined {
  // The URL parser would also read a port, a path or a user from these.
  if (/[\s/\\?#@:%<>[\]^|]/u.test(text)) return undefined;
  try {
    const ascii = new URL(`http://${text}/`).hostname;
    // An all-numeric host becomes an IPv4 address there: not a mail domain.
    return DOMAIN.test(ascii) && ascii.length <= DOMAIN_BYTES_MAX && !/^[\d.]+$/.test(ascii) ? ascii : undefined;
  } catch {
    return undefined;
  }
}

/** The form two addresses are compared in: NFC and lower case in the local part too, as every mail service does. */
export function normaliseAddress(address: Address): Address {
  const local = isAscii(address.local)
    ? address.local.toLowerCase()
    : address.local.normalize('NFC').toLowerCase().normalize('NFC');
  return { local, domain: address.domain };
}

/** `anna+shop` → base `anna`, suffix `shop`; without a suffix the base is the whole. */
export function splitSuffix(local: string): { readonly base: string; readonly suffix: string | undefined } {
  const plus = local.indexOf('+');
  if (plus < 1) return { base: local, suffix: undefined };
  return { base: local.slice(0, plus), suffix: local.slice(plus + 1) };
}

/** As it stands between angle brackets; quotes the local part where it must be. */
export function formatAddress(address: Address): string {
  const local = DOT_STRING.test(address.local) ? address.local : `"${address.local.replace(/["\\]/g, '\\$&')}"`;
  return `${local}@${address.domain}`;
}

/** Whether a text needs SMTPUTF8. */
export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 127) return false;
  return true;
}

function byteLength(text: string): number {
  return isAscii(text) ? text.length : utf8.encode(text).length;
}
