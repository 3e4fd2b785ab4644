// What the ledger sums of one letter: HMAC-SHA-256(ledger key, letter id ‖ packet digest), 32 bytes (decision 0002).

import { createHmac, type KeyObject } from 'node:crypto';

/** Whoever makes many hands in a KeyObject: bytes would be made into one each time, which costs five times the rest. */
export function ledgerElement(
  ledgerKey: Uint8Array | KeyObject,
  letterId: Uint8Array,
  packetDigest: Uint8Array,
): Buffer {
  return createHmac('sha256', ledgerKey).update(letterId).update(packetDigest).digest();
}
