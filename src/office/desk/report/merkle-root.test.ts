// The root over the leaves of the register against the definition of RFC 6962 §2.1, written out plainly.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '../register/chain.ts';
import type { Digest } from '#formats/desk/model.ts';
import { MerkleRoot, merkleRootOf } from './merkle-root.ts';

/** MTH of RFC 6962, over leaves that are hashed already. */
function plainRoot(leaves: readonly Digest[]): Digest {
  const [only] = leaves;
  if (only === undefined) return sha256(Buffer.alloc(0));
  if (leaves.length === 1) return only;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const [left, right] = [plainRoot(leaves.slice(0, split)), plainRoot(leaves.slice(split))];
  return sha256(Buffer.of(1), Buffer.from(left, 'hex'), Buffer.from(right, 'hex'));
}

const leaves = Array.from({ length: 70 }, (_, nth) => sha256(Buffer.from(`leaf ${nth}`)));

test('the root is that of RFC 6962 for every size, and asking for it changes nothing', () => {
  const tree = new MerkleRoot();
  for (let size = 0; size <= leaves.length; size++) {
    assert.equal(tree.root(), plainRoot(leaves.slice(0, size)), `${size}`);
    assert.equal(merkleRootOf(leaves.slice(0, size)), tree.root());
    assert.equal(tree.size, size);
    const leaf = leaves[size];
    if (leaf) tree.add(leaf);
  }
});

test('another leaf, one less or two exchanged is another root', () => {
  const root = merkleRootOf(leaves);
  for (const at of leaves.keys()) {
    assert.notEqual(merkleRootOf(leaves.with(at, sha256(Buffer.from('other')))), root);
    assert.notEqual(merkleRootOf(leaves.toSpliced(at, 1)), root);
    const next = leaves[at + 1];
    if (next) assert.notEqual(merkleRootOf(leaves.toSpliced(at, 2, next, leaves[at] ?? next)), root);
  }
});
