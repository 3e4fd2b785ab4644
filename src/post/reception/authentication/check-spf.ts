// SPF: may this peer send for the domain of MAIL FROM (or, for the null sender, of EHLO)? (RFC 7208 §4, §5)

import { expandMacros, nibbles, type MacroFacts } from '#formats/dkim/spf-macros.ts';
import {
  isInNetwork,
  isSpfRecord,
  parseIp,
  parseSpfRecord,
  type SpfMechanism,
  type SpfRecord,
} from '#formats/dkim/spf-record.ts';
import { parseDomain, type Address } from '#formats/smtp/address.ts';
import { lookUpTexts, type Dns, type DnsType } from '#base/dns/dns.ts';

export type SpfStatus = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'temperror' | 'permerror';

export interface SpfResult {
  readonly status: SpfStatus;
  /** The domain that was asked; of MAIL FROM, else of EHLO. */
  readonly domain: string;
  readonly of: 'mailfrom' | 'helo';
}

export interface SpfQuestion {
  readonly peer: string;
  readonly greetingName: string;
  readonly sender: Address | undefined;
}

const LOOKUPS_MAX = 10; // §4.6.4
const VOID_LOOKUPS_MAX = 2;
const NAMES_MAX = 10;

/** Never rejects. */
export async function checkSpf(question: SpfQuestion, dns: Dns): Promise<SpfResult> {
  const { peer, greetingName, sender } = question;
  const of = sender === undefined ? 'helo' : 'mailfrom';
  const domain = sender?.domain ?? parseDomain(greetingName) ?? '';
  const ip = parseIp(peer);
  if (ip === undefined || !domain.includes('.') || domain.startsWith('[')) return { status: 'none', domain, of };
  const senderLocal = sender?.local ?? 'postmaster';
  const check = new SpfCheck(dns, { senderLocal, senderDomain: domain, domain, ip, greetingName });
  try {
    return { status: await check.ofDomain(domain), domain, of };
  } catch (ending) {
    if (ending instanceof SpfEnding) return { status: ending.status, domain, of };
    throw ending;
  }
}

/** Ends a check at any depth: an error of the record or of DNS is the answer of the whole. */
class SpfEnding extends Error {
  readonly status: 'temperror' | 'permerror';

  constructor(status: 'temperror' | 'permerror') {
    super(status);
    this.status = status;
  }
}

class SpfCheck {
  readonly #dns: Dns;
  readonly #facts: MacroFacts;
  #lookups = 0;
  #voidLookups = 0;
  #peerNames: readonly string[] | undefined;

  constructor(dns: Dns, facts: MacroFacts) {
    this.#dns = dns;
    this.#facts = facts;
  }

  async ofDomain(domain: string): Promise<SpfStatus> {
    const record = await this.#recordOf(domain);
    if (record === undefined) return 'none';
    for (const { qualifier, mechanism } of record.directives)
      if (await this.#matches(mechanism, domain)) return qualifier;
    if (record.redirect === undefined) return 'neutral';
    this.#countLookup();
    const status = await this.ofDomain(this.#expand(record.redirect, domain));
    if (status === 'none') throw new SpfEnding('permerror');
    return status;
  }

  async #recordOf(domain: string): Promise<SpfRecord | undefined> {
    const found = await lookUpTexts(this.#dns, domain);
    if (!found.ok) {
      if (found.error.kind === 'noAnswer') throw new SpfEnding('temperror');
      return undefined;
    }
    const texts = found.value.filter(isSpfRecord);
    const [text] = texts;
    if (text === undefined) return undefined;
    const record = parseSpfRecord(text);
    if (texts.length > 1 || !record.ok) throw new SpfEnding('permerror');
    return record.value;
  }

  async #matches(mechanism: SpfMechanism, domain: string): Promise<boolean> {
    switch (mechanism.kind) {
      case 'all':
        return true;
      case 'ip4':
      case 'ip6':
        return isInNetwork(this.#facts.ip, mechanism.network, mechanism.bits);
      case 'include':
        return this.#includes(this.#expand(mechanism.domain, domain));
      case 'exists': {
        this.#countLookup();
        return (await this.#ask(this.#expand(mechanism.domain, domain), 'A')).length > 0;
      }
      case 'a': {
        this.#countLookup();
        return this.#isAddressOf(this.#expand(mechanism.domain ?? '%{d}', domain), mechanism);
      }
      case 'mx':
        return this.#isMailServerOf(this.#expand(mechanism.domain ?? '%{d}', domain), mechanism);
      default:
        return this.#isNamedIn(this.#expand(mechanism.domain ?? '%{d}', domain));
    }
  }

  async #includes(domain: string): Promise<boolean> {
    this.#countLookup();
    const status = await this.ofDomain(domain);
    if (status === 'none') throw new SpfEnding('permerror');
    return status === 'pass';
  }

  async #isAddressOf(name: string, bits: { readonly bits4: number; readonly bits6: number }): Promise<boolean> {
    const { ip } = this.#facts;
    const addresses = await this.#ask(name, ip.length === 4 ? 'A' : 'AAAA');
    return addresses.some((address) => {
      const bytes = parseIp(String(address));
      return bytes !== undefined && isInNetwork(ip, bytes, ip.length === 4 ? bits.bits4 : bits.bits6);
    });
  }

  async #isMailServerOf(name: string, bits: { readonly bits4: number; readonly bits6: number }): Promise<boolean> {
    this.#countLookup();
    const names = (await this.#ask(name, 'MX')).map(exchangeOf).filter((exchange) => exchange !== '');
    if (names.length > NAMES_MAX) throw new SpfEnding('permerror');
    for (const exchange of names) if (await this.#isAddressOf(exchange, bits)) return true;
    return false;
  }

  /** ptr: slow and discouraged (§5.5), but published. */
  async #isNamedIn(domain: string): Promise<boolean> {
    this.#countLookup();
    const { ip } = this.#facts;
    const reverse =
      ip.length === 4
        ? `${[...ip].toReversed().join('.')}.in-addr.arpa`
        : `${nibbles(ip).split('.').toReversed().join('.')}.ip6.arpa`;
    this.#peerNames ??= (await this.#ask(reverse, 'PTR', 'noMatch')).map(String);
    const names = this.#peerNames;
    for (const name of names.slice(0, NAMES_MAX)) {
      const lower = name.toLowerCase().replace(/\.$/, '');
      if (lower !== domain.toLowerCase() && !lower.endsWith(`.${domain.toLowerCase()}`)) continue;
      const addresses = await this.#ask(lower, ip.length === 4 ? 'A' : 'AAAA', 'noMatch');
      if (addresses.some((address) => isSameIp(ip, String(address)))) return true;
    }
    return false;
  }

  /** `noMatch`: DNS that fails is no match instead of the end (§5.5). */
  async #ask(name: string, type: DnsType, failure: 'ends' | 'noMatch' = 'ends'): Promise<readonly unknown[]> {
    const found = this.#dns.lookUp(name, type);
    const answer = found instanceof Promise ? await found : found;
    if (answer.ok && answer.value.length > 0) return answer.value;
    if (!answer.ok && answer.error.kind === 'noAnswer') {
      if (failure === 'noMatch') return [];
      throw new SpfEnding('temperror');
    }
    // a name that has only addresses of the other kind is no sign of a wrong record, nor is a peer's name that has none
    const isAddress = type === 'A' || type === 'AAAA';
    const isHarmless = isAddress && (failure === 'noMatch' || (!answer.ok && answer.error.kind === 'noSuchRecord'));
    if (!isHarmless && ++this.#voidLookups > VOID_LOOKUPS_MAX) throw new SpfEnding('permerror');
    return [];
  }

  #countLookup(): void {
    if (++this.#lookups > LOOKUPS_MAX) throw new SpfEnding('permerror');
  }

  #expand(text: string, domain: string): string {
    return expandMacros(text, { ...this.#facts, domain });
  }
}

function isSameIp(ip: Uint8Array, text: string): boolean {
  const other = parseIp(text);
  return other !== undefined && isInNetwork(ip, other, ip.length * 8);
}

function exchangeOf(record: unknown): string {
  return typeof record === 'object' && record !== null && 'exchange' in record ? String(record.exchange) : '';
}
