// From a name to its addresses, by DNS alone: the machine's own table of hosts has no say in whom we ask.

import { Resolver } from 'node:dns/promises';
import type { DnsServer } from '../config/values.ts';
import { limits } from '../limits.ts';
import { err, ok, type Result } from '../result.ts';

export type ResolveRefusal = { readonly kind: 'noSuchHost' } | { readonly kind: 'noAnswer' };
/** All addresses of a name, IPv4 first. Never rejects. */
export type ResolveName = (name: string) => Promise<Result<readonly string[], ResolveRefusal>>;

const ABSENT: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'EBADQUERY']);

/** `servers` empty: the machine's own name servers. */
export function createResolveName(servers: readonly DnsServer[]): ResolveName {
  const resolver = new Resolver({ timeout: limits.outgoing.dnsTryMs, tries: 2 });
  if (servers.length > 0)
    resolver.setServers(
      servers.map(({ address, port }) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`)),
    );
  return async (name) => {
    const asked = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = asked.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length > 0) return ok(addresses);
    const isAbsent = asked.every((answer) => answer.status === 'rejected' && ABSENT.has(codeOf(answer.reason)));
    return err({ kind: isAbsent ? 'noSuchHost' : 'noAnswer' });
  };
}

function codeOf(cause: unknown): unknown {
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}
