// SHA-256 as the desk writes it, and the commitment to whom a request is about; the same in a browser.

import { sha256 as hash } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Digest } from './model.ts';

const TARGET = utf8ToBytes('siegel desk target');

export function digestOf(...parts: readonly Uint8Array[]): Digest {
  return parseDigest(bytesToHex(hash(concatBytes(...parts))));
}

/** Throws for what is no digest. */
export function parseDigest(text: string): Digest {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error('a digest has 64 hex digits');
  return text as Digest;
}

/** SHA-256("siegel desk target" ‖ 32 random bytes ‖ target in UTF-8). The random bytes stand in the sealed case file beside the target. */
export function commitTarget(random: Uint8Array, target: string): Digest {
  if (random.length !== 32) throw new Error('a commitment needs 32 random bytes');
  return digestOf(TARGET, random, utf8ToBytes(target));
}
