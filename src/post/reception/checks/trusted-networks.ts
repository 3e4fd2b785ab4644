// Which networks are ours: their letters skip sender checks and limits by IP (`SIEGEL_TRUSTED_NETWORKS`, CIDR list).

import { BlockList, isIP, isIPv6 } from 'node:net';
import { err, ok, type Result } from '#base/result.ts';

export interface TrustedNetworks {
  has(peer: string): boolean;
}

/** Each entry is an address or a CIDR range; an empty list trusts nobody. */
export function parseTrustedNetworks(entries: readonly string[]): Result<TrustedNetworks, { kind: 'badNetwork' }> {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits, more] = entry.trim().split('/');
    const version = isIP(address);
    const family = version === 6 ? 'ipv6' : 'ipv4';
    const bitsMax = version === 6 ? 128 : 32;
    if (version === 0 || more !== undefined) return err({ kind: 'badNetwork' });
    if (bits === undefined) list.addAddress(address, family);
    else if (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax) list.addSubnet(address, Number(bits), family);
    else return err({ kind: 'badNetwork' });
  }
  return ok({ has: (peer) => isIP(peer) !== 0 && list.check(peer, isIPv6(peer) ? 'ipv6' : 'ipv4') });
}

/** `::ffff:192.0.2.1` is 192.0.2.1, whatever kind of socket heard it. */
export function plainPeer(remoteAddress: string | undefined): string {
  const text = remoteAddress ?? '';
  return text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text;
}
