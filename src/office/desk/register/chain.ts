// The chain of the register: each entry's blinded leaf and the head after it. What an entry said can be erased; its leaf and the chain stay.

import { createHash } from 'node:crypto';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import type { Entry } from './event.ts';
import type { Digest } from './model.ts';

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

/** SHA-256("siegel desk target" ‖ 32 random bytes ‖ target in UTF-8). The random bytes stand in the sealed case file beside the target. */
export function commitTarget(random: Uint8Array, target: string): Digest {
  if (random.length !== 32) throw new Error('a commitment needs 32 random bytes');
  return sha256(Buffer.from('siegel desk target'), random, Buffer.from(target, 'utf8'));
}

export function sha256(...parts: readonly Uint8Array[]): Digest {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return parseDigest(hash.digest('hex'));
}

/** Throws for what is no digest. */
export function parseDigest(text: string): Digest {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error('a digest has 64 hex digits');
  return text as Digest;
}
