// The name under which an address leads back to its machine (RFC 1035 §3.5, RFC 3596 §2.5).

import { nibbles } from '#formats/dkim/spf-macros.ts';
import { parseIp } from '#formats/dkim/spf-record.ts';

export function arpaName(address: string): string {
  const bytes = parseIp(address);
  if (bytes === undefined) return '';
  if (bytes.length === 4) return `${[...bytes].toReversed().join('.')}.in-addr.arpa`;
  return `${nibbles(bytes).split('.').toReversed().join('.')}.ip6.arpa`;
}
