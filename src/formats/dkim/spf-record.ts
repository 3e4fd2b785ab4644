// One SPF record → its terms (RFC 7208 §4.6, §5, §6, grammar in §12).

import { err, ok, type Result } from '#base/result.ts';
import { isDomainSpec, isMacroString } from './spf-macros.ts';

export type SpfQualifier = 'pass' | 'fail' | 'softfail' | 'neutral';

export type SpfMechanism =
  | { readonly kind: 'all' }
  | { readonly kind: 'include' | 'exists'; readonly domain: string }
  | { readonly kind: 'ptr'; readonly domain: string | undefined }
  | {
      readonly kind: 'a' | 'mx';
      readonly domain: string | undefined;
      readonly bits4: number;
      readonly bits6: number;
    }
  | { readonly kind: 'ip4' | 'ip6'; readonly network: Uint8Array; readonly bits: number };

export interface SpfDirective {
  readonly qualifier: SpfQualifier;
  readonly mechanism: SpfMechanism;
}

export interface SpfRecord {
  readonly directives: readonly SpfDirective[];
  /** With macros. */
  readonly redirect: string | undefined;
}

const RECORD_CHARACTERS_MAX = 4_096; // §3.4 asks for 450
const MODIFIER = /^([a-z][\w.-]*)=(.*)$/i;
const DIRECTIVE = /^([+\-~?]?)([a-z0-9]+)(?::([^/].*?|))?((?:\/\d{1,3})?(?:\/\/\d{1,3})?)$/i;
const QUALIFIERS: Readonly<Record<string, SpfQualifier>> = {
  '+': 'pass',
  '-': 'fail',
  '~': 'softfail',
  '?': 'neutral',
};

/** Whether a TXT record is an SPF record at all. */
export function isSpfRecord(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text);
}

/** One wrong term makes the whole record void (§4.6). */
export function parseSpfRecord(text: string): Result<SpfRecord, { kind: 'badRecord' }> {
  const directives: SpfDirective[] = [];
  let redirect: string | undefined;
  const seen = new Set<string>();
  if (text.length > RECORD_CHARACTERS_MAX) return err({ kind: 'badRecord' });
  for (const term of text.slice('v=spf1'.length).split(' ').filter(Boolean)) {
    const modifier = MODIFIER.exec(term);
    if (modifier !== null) {
      const name = (modifier[1] ?? '').toLowerCase();
      const value = modifier[2] ?? '';
      if (name === 'redirect' || name === 'exp') {
        if (seen.has(name) || !isDomainSpec(value)) return err({ kind: 'badRecord' });
        seen.add(name);
        if (name === 'redirect') redirect = value;
      } else if (!isMacroString(value)) return err({ kind: 'badRecord' });
      continue;
    }
    const directive = parseDirective(term);
    if (directive === undefined) return err({ kind: 'badRecord' });
    directives.push(directive);
  }
  return ok({ directives, redirect });
}

function parseDirective(term: string): SpfDirective | undefined {
  if (/^[+\-~?]?ip[46]:/i.test(term)) return parseNetworkTerm(term);
  const match = DIRECTIVE.exec(term);
  if (match === null) return undefined;
  const [, sign = '', name = '', domain, cidr = ''] = match;
  const qualifier = QUALIFIERS[sign] ?? 'pass';
  const kind = name.toLowerCase();
  if (domain !== undefined && !isDomainSpec(domain)) return undefined;
  switch (kind) {
    case 'all':
      return domain === undefined && cidr === '' ? { qualifier, mechanism: { kind } } : undefined;
    case 'include':
    case 'exists':
      return domain !== undefined && cidr === '' ? { qualifier, mechanism: { kind, domain } } : undefined;
    case 'ptr':
      return cidr === '' ? { qualifier, mechanism: { kind, domain } } : undefined;
    case 'a':
    case 'mx': {
      const bits = parseCidr(cidr);
      return bits === undefined ? undefined : { qualifier, mechanism: { kind, domain, ...bits } };
    }
    default:
      return undefined;
  }
}

function parseNetworkTerm(term: string): SpfDirective | undefined {
  const [, sign = '', version = '', address = '', bitsText] =
    /^([+\-~?]?)ip([46]):([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i.exec(term) ?? [];
  const network = parseIp(address);
  const bytes = version === '4' ? 4 : 16;
  if (network?.length !== bytes || isZeroPadded(bitsText)) return undefined;
  const bits = bitsText === undefined ? bytes * 8 : Number(bitsText);
  if (bits > bytes * 8) return undefined;
  return { qualifier: QUALIFIERS[sign] ?? 'pass', mechanism: { kind: version === '4' ? 'ip4' : 'ip6', network, bits } };
}

function parseCidr(text: string): { readonly bits4: number; readonly bits6: number } | undefined {
  const [, four, six] = /^(?:\/(\d+))?(?:\/\/(\d+))?$/.exec(text) ?? [];
  if (isZeroPadded(four) || isZeroPadded(six)) return undefined;
  const bits4 = four === undefined ? 32 : Number(four);
  const bits6 = six === undefined ? 128 : Number(six);
  return bits4 <= 32 && bits6 <= 128 ? { bits4, bits6 } : undefined;
}

function isZeroPadded(text: string | undefined): boolean {
  return text !== undefined && text.length > 1 && text.startsWith('0');
}

/** 4 or 16 bytes, or undefined. */
export function parseIp(text: string): Uint8Array | undefined {
  if (!text.includes(':')) return parseIp4(text);
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '');
  const tail = parseGroups(halves[1] ?? '');
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return Uint8Array.from([...head, ...Array.from({ length: missing }, () => 0), ...tail]);
}

function parseGroups(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const bytes: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    if (index === groups.length - 1 && group.includes('.')) {
      const four = parseIp4(group);
      if (four === undefined) return undefined;
      bytes.push(...four);
    } else if (/^[0-9a-f]{1,4}$/i.test(group)) bytes.push(parseInt(group, 16) >> 8, parseInt(group, 16) & 255);
    else return undefined;
  }
  return bytes;
}

function parseIp4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined;
  return Uint8Array.from(parts, Number);
}

/** Whether the first `bits` of both are equal; addresses of different kinds never are. */
export function isInNetwork(ip: Uint8Array, network: Uint8Array, bits: number): boolean {
  if (ip.length !== network.length) return false;
  for (let at = 0; at * 8 < bits; at++) {
    const mask = bits - at * 8 >= 8 ? 0xff : (0xff << (8 - (bits - at * 8))) & 0xff;
    if (((ip[at] ?? 0) & mask) !== ((network[at] ?? 0) & mask)) return false;
  }
  return true;
}
