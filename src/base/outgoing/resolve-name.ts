// From a name to its addresses, by DNS alone: the machine's own table of hosts has no say in whom we ask.

import type { Dns } from '../dns/dns.ts';
import { err, ok, type Result } from '../result.ts';

export type ResolveRefusal = { readonly kind: 'noSuchHost' } | { readonly kind: 'noAnswer' };
/** All addresses of a name, IPv4 first. Never rejects. */
export type ResolveName = (name: string) => Promise<Result<readonly string[], ResolveRefusal>>;

export function createResolveName(dns: Dns): ResolveName {
  return async (name) => {
    const answers = await Promise.all([dns.lookUp(name, 'A'), dns.lookUp(name, 'AAAA')]);
    const addresses = answers.flatMap((answer) => (answer.ok ? answer.value : []));
    const texts = addresses.filter((address) => typeof address === 'string');
    if (texts.length > 0) return ok(texts);
    const isOpen = answers.some((answer) => !answer.ok && answer.error.kind === 'noAnswer');
    return err({ kind: isOpen ? 'noAnswer' : 'noSuchHost' });
  };
}
