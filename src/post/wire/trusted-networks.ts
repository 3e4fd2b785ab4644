// Which networks are ours: their letters skip sender checks and limits by IP (`SIEGEL_TRUSTED_NETWORKS`).

import { BlockList, isIP } from 'node:net';
import type { Network } from '#base/config/values.ts';

export interface TrustedNetworks {
  has(peer: string): boolean;
}

/** An empty list trusts nobody. */
export function trustNetworks(networks: readonly Network[]): TrustedNetworks {
  const list = new BlockList();
  for (const { address, prefixBits } of networks)
    list.addSubnet(address, prefixBits, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return {
    has: (peer) => {
      const version = isIP(peer);
      return version !== 0 && list.check(peer, version === 6 ? 'ipv6' : 'ipv4');
    },
  };
}

/** `::ffff:192.0.2.1` is 192.0.2.1, whatever kind of socket heard it. */
export function plainPeer(remoteAddress: string | undefined): string {
  const text = remoteAddress ?? '';
  return text.startsWith('::ffff:') && text.includes('.') ? text.slice(7) : text;
}
