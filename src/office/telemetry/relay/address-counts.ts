// How many reports each network brought in this hour: keyed hashes and numbers in memory, forgotten all at once, never more than fit.

import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Clock } from '#base/clock.ts';

export interface AddressCounts {
  /** Counts it; false: too many came from there, or there is no room to count another network. */
  mayPass(address: string): boolean;
}

export interface AddressBounds {
  readonly perAddress: number;
  readonly windowMs: number;
  readonly addressesMax: number;
}

/** Rather refused than not counted: a flood of networks must not make the counts of others forgotten. */
export function createAddressCounts(
  clock: Clock,
  { perAddress, windowMs, addressesMax }: AddressBounds,
): AddressCounts {
  let beginMs = clock.monotonicMs();
  let key = randomBytes(32);
  const counts = new Map<string, number>();
  return {
    mayPass(address) {
      if (clock.monotonicMs() - beginMs >= windowMs) {
        counts.clear();
        key = randomBytes(32);
        beginMs = clock.monotonicMs();
      }
      const name = createHmac('sha256', key).update(networkOf(address)).digest().toString('latin1');
      const count = counts.get(name) ?? 0;
      if (count >= perAddress || (count === 0 && counts.size >= addressesMax)) return false;
      counts.set(name, count + 1);
      return true;
    },
  };
}

/** An IPv4 address, also where it comes as ::ffff:…; of an IPv6 one its /64, which one household has. */
export function networkOf(address: string): string {
  const plain = address.toLowerCase().replace(/%.*$/, '');
  const four = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
  if (four !== undefined) return four;
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = plain.split('::');
  const [before, behind] = [head, tail ?? ''].map((text) => text.split(':').filter((group) => group !== ''));
  const zeros = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (behind?.length ?? 0);
  const groups = [...(before ?? []), ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...(behind ?? [])];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
