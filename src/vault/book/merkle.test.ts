// The tree against the reference vectors of certificate transparency, against a second, naive implementation, and against forgers.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { fastLeafHash, fastNodeHash } from './fast-hash.ts';
import {
  buildLevels,
  consistencyPlan,
  EMPTY_ROOT,
  fillPlan,
  inclusionPlan,
  isConsistent,
  isIncluded,
  leafHash,
  nodeHash,
  rootOf,
  type Hash,
} from './merkle.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Leaves and roots of merkletree/merkle_tree_test.cc of certificate transparency. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(
  (text) => Buffer.from(text, 'hex'),
);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

/** RFC 6962 §2.1 as it is written: over lists, with another SHA-256. */
const naive = {
  hash: (...parts: readonly Uint8Array[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest(),
  split: (count: number): number => {
    let k = 1;
    while (k * 2 < count) k *= 2;
    return k;
  },
  root(leaves: readonly Uint8Array[]): Buffer {
    const [first] = leaves;
    if (first === undefined) return this.hash();
    if (leaves.length === 1) return this.hash(Buffer.from([0]), first);
    const k = this.split(leaves.length);
    return this.hash(Buffer.from([1]), this.root(leaves.slice(0, k)), this.root(leaves.slice(k)));
  },
  path(m: number, leaves: readonly Uint8Array[]): Buffer[] {
    if (leaves.length <= 1) return [];
    const k = this.split(leaves.length);
    return m < k
      ? [...this.path(m, leaves.slice(0, k)), this.root(leaves.slice(k))]
      : [...this.path(m - k, leaves.slice(k)), this.root(leaves.slice(0, k))];
  },
  proof(m: number, leaves: readonly Uint8Array[], isWhole = true): Buffer[] {
    if (m === leaves.length) return isWhole ? [] : [this.root(leaves)];
    const k = this.split(leaves.length);
    return m <= k
      ? [...this.proof(m, leaves.slice(0, k), isWhole), this.root(leaves.slice(k))]
      : [...this.proof(m - k, leaves.slice(k), false), this.root(leaves.slice(0, k))];
  },
};

function leavesOf(count: number): Buffer[] {
  return Array.from({ length: count }, (_, n) => Buffer.from(`entry ${n}`));
}

test('roots are those of the reference implementation', () => {
  assert.equal(hex(EMPTY_ROOT), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  for (const [index, root] of ROOTS.entries()) {
    assert.equal(hex(rootOf(buildLevels(LEAVES.slice(0, index + 1).map(leafHash)))), root);
  }
});

test('paths are those of the reference implementation', () => {
  const levels = buildLevels(LEAVES.map(leafHash));
  assert.deepEqual(fillPlan(levels, inclusionPlan(5, 8)).map(hex), [
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ]);
  assert.deepEqual(fillPlan(levels, consistencyPlan(6, 8)).map(hex), [
    '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  ]);
});

test('the hashes of the server are those of browsers', () => {
  const [a, b] = [leafHash(Buffer.from('a')), leafHash(Buffer.from('b'))];
  assert.deepEqual(hex(fastLeafHash(Buffer.from('a'))), hex(a));
  assert.deepEqual(hex(fastNodeHash(a, b)), hex(nodeHash(a, b)));
});

test('every path and every proof of trees up to 40 leaves is that of a naive reading of RFC 6962, and holds', () => {
  const all = leavesOf(40);
  for (let size = 1; size <= 40; size++) {
    const leaves = all.slice(0, size);
    const levels = buildLevels(leaves.map(leafHash));
    const root = rootOf(levels);
    assert.equal(hex(root), hex(naive.root(leaves)));
    for (let m = 0; m < size; m++) {
      const path = fillPlan(levels, inclusionPlan(m, size));
      assert.deepEqual(path.map(hex), naive.path(m, leaves).map(hex));
      assert.ok(isIncluded(leafHash(leaves[m] ?? Buffer.alloc(0)), { index: m, size, path }, root));
    }
    for (let from = 1; from <= size; from++) {
      const path = fillPlan(levels, consistencyPlan(from, size));
      assert.deepEqual(path.map(hex), naive.proof(from, leaves).map(hex), `${from} ${size}`);
      const earlier = { size: from, root: rootOf(buildLevels(leaves.slice(0, from).map(leafHash))) };
      assert.ok(isConsistent(earlier, { size, root }, path), `${from} ${size}`);
    }
    assert.ok(isConsistent({ size: 0, root: EMPTY_ROOT }, { size, root }, []));
  }
});

function flip(hash: Hash, bit: number): Hash {
  const changed = Uint8Array.from(hash);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}

test('a path with another place, another size, another order or one bit changed leads nowhere', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 300 }), fc.nat(), fc.nat(), fc.nat({ max: 255 }), (size, m, n, bit) => {
      const leaves = leavesOf(size).map(leafHash);
      const levels = buildLevels(leaves);
      const root = rootOf(levels);
      const index = m % size;
      const leaf = leaves[index] ?? EMPTY_ROOT;
      const path = fillPlan(levels, inclusionPlan(index, size));
      const other = (index + 1 + (n % (size - 1))) % size;
      const at = n % path.length;
      assert.ok(!isIncluded(leaf, { index: other, size, path }, root));
      assert.ok(!isIncluded(leaf, { index, size, path: path.slice(1) }, root));
      assert.ok(!isIncluded(leaf, { index, size, path: [...path, leaf] }, root));
      assert.ok(!isIncluded(leaf, { index, size, path: path.with(at, flip(path[at] ?? leaf, bit)) }, root));
      assert.ok(!isIncluded(flip(leaf, bit), { index, size, path }, root));
      assert.ok(path.length < 2 || !isIncluded(leaf, { index, size, path: path.toReversed() }, root));
      for (const wrong of [-1, size, 0.5, Number.NaN, 2 ** 60])
        assert.ok(!isIncluded(leaf, { index: wrong, size, path }, root));
    }),
    { numRuns: 150 },
  );
});

test('a later tree that changed, removed or reordered anything of the earlier one is not consistent with it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 3, max: 200 }), fc.nat(), fc.nat(), fc.nat({ max: 2 }), (size, a, b, how) => {
      const from = 2 + (a % (size - 2));
      const honest = leavesOf(size).map(leafHash);
      const earlier = { size: from, root: rootOf(buildLevels(honest.slice(0, from))) };
      const at = b % from;
      const forged = [...honest];
      if (how === 0) forged[at] = leafHash(Buffer.from('another entry'));
      if (how === 1) forged.splice(at, 1);
      if (how === 2) forged.push(...forged.splice(at, 1));
      const levels = buildLevels(forged);
      const later = { size: forged.length, root: rootOf(levels) };
      if (forged.length < from) return;
      assert.ok(!isConsistent(earlier, later, fillPlan(levels, consistencyPlan(from, forged.length))));
      const honestPath = fillPlan(buildLevels(honest), consistencyPlan(from, size));
      assert.ok(!isConsistent(earlier, later, honestPath));
    }),
    { numRuns: 150 },
  );
});

test('an earlier head that is larger than the later one, or has another root at the same size, is not consistent', () => {
  const levels = buildLevels(leavesOf(9).map(leafHash));
  const root = rootOf(levels);
  assert.ok(!isConsistent({ size: 10, root }, { size: 9, root }, []));
  assert.ok(!isConsistent({ size: 9, root: EMPTY_ROOT }, { size: 9, root }, []));
  assert.ok(!isConsistent({ size: 0, root }, { size: 9, root }, []));
  assert.ok(isConsistent({ size: 9, root }, { size: 9, root }, []));
});
