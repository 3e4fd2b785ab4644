// What the ledger sums of one letter: HMAC-SHA-256(ledger key, letter id ‖ packet digest), 32 bytes (decision 0002).

import { createHmac } from 'node:crypto';

export function ledgerElement(ledgerKey: Uint8Array, letterId: Uint8Array, packetDigest: Uint8Array): Buffer {
  return createHmac('sha256', ledgerKey).update(letterId).update(packetDigest).digest();
}
