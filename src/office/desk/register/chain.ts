// The chain of the register: each entry's blinded leaf and the head after it. What an entry said can be erased; its leaf and the chain stay.

import { createHash } from 'node:crypto';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import type { Entry } from './event.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import type { Digest } from '#formats/desk/model.ts';

/** The head of an empty register. */
export const FIRST_HEAD: Digest = sha256(Buffer.from('siegel desk register v1'));

/** SHA-256(0x00 ‖ blind ‖ canonical JSON of {nth, atMs, event}). */
export function leafOf({ nth, atMs, blind, event }: Entry): Digest {
  return sha256(Buffer.of(0), Buffer.from(blind, 'hex'), canonicalBytes({ nth, atMs, event }));
}

/** SHA-256(0x01 ‖ head before ‖ leaf). */
export function headAfter(before: Digest, leaf: Digest): Digest {
  return sha256(Buffer.of(1), Buffer.from(before, 'hex'), Buffer.from(leaf, 'hex'));
}

/** The server's own, a few times faster than digestOf(): a register is counted through whole. */
export function sha256(...parts: readonly Uint8Array[]): Digest {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return parseDigest(hash.digest('hex'));
}
