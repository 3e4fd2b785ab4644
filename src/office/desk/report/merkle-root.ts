// The root of the register at a cut-off: a Merkle tree over the leaves of all entries (RFC 6962 §2.1); the leaves are hashed already.

import { fastNodeHash } from '#vault/book/fast-hash.ts';
import { EMPTY_ROOT, type Hash } from '#vault/book/merkle.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import type { Digest } from '#formats/desk/model.ts';

interface Peak {
  readonly leaves: number;
  readonly hash: Hash;
}

/** Grows leaf by leaf and keeps one hash for each complete subtree, some twenty for a million leaves. */
export class MerkleRoot {
  #size = 0;
  readonly #peaks: Peak[] = [];

  get size(): number {
    return this.#size;
  }

  add(leaf: Digest): void {
    let peak: Peak = { leaves: 1, hash: Buffer.from(leaf, 'hex') };
    for (let left = this.#peaks.at(-1); left?.leaves === peak.leaves; left = this.#peaks.at(-1)) {
      this.#peaks.pop();
      peak = { leaves: left.leaves + peak.leaves, hash: fastNodeHash(left.hash, peak.hash) };
    }
    this.#peaks.push(peak);
    this.#size++;
  }

  /** Of all leaves so far. */
  root(): Digest {
    const [last, ...before] = this.#peaks.toReversed();
    const folded = before.reduce((right, { hash }) => fastNodeHash(hash, right), last?.hash ?? EMPTY_ROOT);
    return parseDigest(Buffer.from(folded).toString('hex'));
  }
}

export function merkleRootOf(leaves: Iterable<Digest>): Digest {
  const tree = new MerkleRoot();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}
