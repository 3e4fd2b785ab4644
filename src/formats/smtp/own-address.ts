// Whether an address belongs to somebody: one of theirs, or one of theirs with a +suffix.

import { formatAddress, normaliseAddress, parseAddress, splitSuffix } from './address.ts';

/** `own`: `local@domain`, normalised. */
export function ownAddressTest(own: readonly string[]): (text: string) => boolean {
  const known = new Set(own);
  return (text) => {
    const parsed = parseAddress(text);
    if (!parsed.ok) return false;
    const address = normaliseAddress(parsed.value);
    const base = splitSuffix(address.local).base;
    return known.has(formatAddress(address)) || known.has(formatAddress({ ...address, local: base }));
  };
}
