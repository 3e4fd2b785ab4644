// DNS for the doors: a bounded cache over the platform's resolver, and a time budget for each letter.

import { Resolver } from 'node:dns/promises';
import type { DnsServer } from '../config/values.ts';
import type { Clock } from '../clock.ts';
import { limits } from '../limits.ts';
import { err, ok, type Result } from '../result.ts';

export type DnsType = 'TXT' | 'A' | 'AAAA' | 'MX' | 'PTR' | 'SRV' | 'CAA';
export type DnsRefusal =
  { readonly kind: 'noSuchName' } | { readonly kind: 'noSuchRecord' } | { readonly kind: 'noAnswer' };
/** As `node:dns` gives them: TXT a list of lists, MX, SRV and CAA objects, the rest texts. */
export type DnsAnswer = Result<readonly unknown[], DnsRefusal>;

export interface Dns {
  /** At once when the answer is known. Never rejects. */
  lookUp(name: string, type: DnsType): DnsAnswer | Promise<DnsAnswer>;
}

export interface DnsOptions {
  /** Instead of the machine's own name servers. */
  readonly servers: readonly DnsServer[];
  readonly tryWaitMs?: number;
}

export function createDns(clock: Clock, options: DnsOptions): Dns {
  const { dnsEntriesMax, dnsGoodMs, dnsFailedMs, dnsAbsentMs } = limits.authentication;
  const resolver = new Resolver({ timeout: options.tryWaitMs ?? 1_000, tries: 2 });
  if (options.servers.length > 0)
    resolver.setServers(
      options.servers.map(({ address, port }) => `${address.includes(':') ? `[${address}]` : address}:${port}`),
    );
  const known = new Map<string, { readonly answer: DnsAnswer; readonly untilMs: number }>();
  const asked = new Map<string, Promise<DnsAnswer>>();

  async function ask(key: string, name: string, type: DnsType): Promise<DnsAnswer> {
    const answer = await query(resolver, name, type);
    const keepMs = answer.ok ? dnsGoodMs : answer.error.kind === 'noAnswer' ? dnsFailedMs : dnsAbsentMs;
    if (known.size >= dnsEntriesMax)
      for (const oldest of known.keys()) if (known.size >= dnsEntriesMax) known.delete(oldest);
    known.delete(key);
    known.set(key, { answer, untilMs: clock.monotonicMs() + keepMs });
    asked.delete(key);
    return answer;
  }

  return {
    lookUp(name, type) {
      const key = `${type} ${name.toLowerCase()}`;
      const hit = known.get(key);
      if (hit !== undefined && clock.monotonicMs() < hit.untilMs) return hit.answer;
      let pending = asked.get(key);
      if (pending === undefined) {
        pending = ask(key, name, type);
        asked.set(key, pending);
      }
      return pending;
    },
  };
}

/** The same DNS, but after `budgetMs` from now every question still open is answered `noAnswer`. */
export function withBudget(clock: Clock, dns: Dns, budgetMs: number): Dns {
  const endsMs = clock.monotonicMs() + budgetMs;
  return {
    lookUp(name, type) {
      const answer = dns.lookUp(name, type);
      if (!(answer instanceof Promise)) return answer;
      const leftMs = Math.max(0, endsMs - clock.monotonicMs());
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(err({ kind: 'noAnswer' })), leftMs);
        void answer.then((settled) => {
          clearTimeout(timer);
          resolve(settled);
        });
      });
    },
  };
}

/** TXT records as whole texts. */
export async function lookUpTexts(dns: Dns, name: string): Promise<Result<readonly string[], DnsRefusal>> {
  const found = dns.lookUp(name, 'TXT');
  const answer = found instanceof Promise ? await found : found;
  if (!answer.ok) return answer;
  return ok(answer.value.map((record) => (Array.isArray(record) ? record.join('') : String(record))));
}

async function query(resolver: Resolver, name: string, type: DnsType): Promise<DnsAnswer> {
  try {
    switch (type) {
      case 'TXT':
        return ok(await resolver.resolveTxt(name));
      case 'A':
        return ok(await resolver.resolve4(name));
      case 'AAAA':
        return ok(await resolver.resolve6(name));
      case 'MX':
        return ok(await resolver.resolveMx(name));
      case 'SRV':
        return ok(await resolver.resolveSrv(name));
      case 'CAA':
        return ok(await resolver.resolveCaa(name));
      default:
        return ok(await resolver.resolvePtr(name));
    }
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOTFOUND') return err({ kind: 'noSuchName' });
    if (code === 'ENODATA') return err({ kind: 'noSuchRecord' });
    // a name that can stand in no question is a name that does not exist
    if (code === 'EBADNAME' || code === 'EBADQUERY' || code === 'ERR_INVALID_ARG_VALUE')
      return err({ kind: 'noSuchName' });
    return err({ kind: 'noAnswer' });
  }
}
