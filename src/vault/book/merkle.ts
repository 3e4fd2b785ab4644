// The Merkle tree of the book: hashing, plans of what to read, inclusion and consistency proofs (RFC 6962 §2.1, RFC 9162 §2.1); runs in a browser.

import { ascii, joinBytes, sameBytes } from '../sealing/bytes.ts';
import { sha256 } from '../sealing/derive.ts';

export type Hash = Uint8Array<ArrayBuffer>;
export const HASH_BYTES = 32;
/** A tree of 2^53 leaves has paths of 53 hashes; a consistency proof one more. */
export const PATH_MAX = 54;

/** A complete node: over the 2^level leaves from index · 2^level. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}
/** The complete nodes of one stretch of leaves, left to right; folded from the right they are its hash. */
export type Stretch = readonly TreeNode[];

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export function leafHash(data: Uint8Array): Hash {
  return sha256(joinBytes(LEAF, data));
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Hash {
  return sha256(joinBytes(NODE, left, right));
}

/** Root of a tree without leaves. */
export const EMPTY_ROOT: Hash = sha256(ascii(''));

/** Hash of a stretch from the hashes of its complete nodes, left to right. */
export function foldNodes(hashes: readonly Hash[]): Hash {
  let folded: Hash | undefined;
  for (const hash of hashes.toReversed()) folded = folded === undefined ? hash : nodeHash(hash, folded);
  return folded ?? EMPTY_ROOT;
}

/** The complete nodes over the leaves from `start` to before `end`; `start` is a multiple of the largest of them. */
export function stretch(start: number, end: number): Stretch {
  const nodes: TreeNode[] = [];
  for (let at = start; at < end;) {
    const level = Math.floor(Math.log2(end - at));
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

/** What the path from leaf `index` to the root of `size` leaves is made of, leaf's end first (RFC 6962 §2.1.1). */
export function inclusionPlan(index: number, size: number): readonly Stretch[] {
  const path: Stretch[] = [];
  for (let start = 0, end = size; end - start > 1;) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      path.push(stretch(middle, end));
      end = middle;
    } else {
      path.push(stretch(start, middle));
      start = middle;
    }
  }
  return path.toReversed();
}

/** What shows that the tree of `size` leaves begins with the tree of `from` leaves (RFC 6962 §2.1.2); empty when from is 0 or size. */
export function consistencyPlan(from: number, size: number): readonly Stretch[] {
  if (from === 0) return [];
  const path: Stretch[] = [];
  let [start, end] = [0, size];
  while (from < end) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      path.push(stretch(middle, end));
      end = middle;
    } else {
      path.push(stretch(start, middle));
      start = middle;
    }
  }
  // the old tree's own last part, unless it is the whole old tree, whose root the reader has
  if (start > 0) path.push(stretch(start, end));
  return path.toReversed();
}

/** Largest power of two below `count` (≥ 2). */
function splitOf(count: number): number {
  const power = 2 ** Math.floor(Math.log2(count));
  return power === count ? count / 2 : power;
}

/** All complete nodes over these leaves, level by level: what plans are answered from when leaves lie in memory. */
export function buildLevels(leaves: readonly Hash[], hashPair = nodeHash): readonly (readonly Hash[])[] {
  const levels: (readonly Hash[])[] = [leaves];
  for (let below = leaves; below.length > 1;) {
    const above = foldPairs(below, hashPair);
    levels.push(above);
    below = above;
  }
  return levels;
}

/** The level above: a node over every two. */
export function foldPairs(below: readonly Hash[], hashPair = nodeHash): Hash[] {
  const above: Hash[] = [];
  for (let at = 0; at + 1 < below.length; at += 2) {
    const [left, right] = [below[at], below[at + 1]];
    if (left && right) above.push(hashPair(left, right));
  }
  return above;
}

/** The hash of each stretch of a plan. */
export function fillPlan(levels: readonly (readonly Hash[])[], plan: readonly Stretch[]): readonly Hash[] {
  return plan.map((nodes) => foldNodes(nodes.flatMap(({ level, index }) => levels[level]?.[index] ?? [])));
}

export function rootOf(levels: readonly (readonly Hash[])[]): Hash {
  return fillPlan(levels, [stretch(0, levels[0]?.length ?? 0)])[0] ?? EMPTY_ROOT;
}

export interface Inclusion {
  readonly index: number;
  readonly size: number;
  readonly path: readonly Hash[];
}

/** The root that a path leads to; undefined when the path cannot be one (RFC 9162 §2.1.3.2). */
export function rootFromPath(leaf: Hash, { index, size, path }: Inclusion): Hash | undefined {
  if (!isPlace(index, size)) return undefined;
  let [at, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}

function isPlace(index: number, size: number): boolean {
  return Number.isSafeInteger(index) && Number.isSafeInteger(size) && index >= 0 && index < size;
}

export function isIncluded(leaf: Hash, inclusion: Inclusion, root: Hash): boolean {
  const reached = rootFromPath(leaf, inclusion);
  return reached !== undefined && sameBytes(reached, root);
}

export interface TreeHead {
  readonly size: number;
  readonly root: Hash;
}

/** Whether the tree of `later` begins with the whole tree of `earlier` (RFC 9162 §2.1.4.2). */
export function isConsistent(earlier: TreeHead, later: TreeHead, path: readonly Hash[]): boolean {
  if (!Number.isSafeInteger(later.size) || !Number.isSafeInteger(earlier.size) || earlier.size < 0) return false;
  if (earlier.size > later.size) return false;
  if (earlier.size === later.size) return path.length === 0 && sameBytes(earlier.root, later.root);
  if (earlier.size === 0) return path.length === 0 && sameBytes(earlier.root, EMPTY_ROOT);
  const isPower = Number.isInteger(Math.log2(earlier.size)) && 2 ** Math.log2(earlier.size) === earlier.size;
  const [first, ...rest] = isPower ? [earlier.root, ...path] : path;
  if (first === undefined) return false;
  let [at, last] = [earlier.size - 1, later.size - 1];
  while (at % 2 === 1) [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  let [old, grown] = [first, first];
  for (const hash of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      old = nodeHash(hash, old);
      grown = nodeHash(hash, grown);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      grown = nodeHash(grown, hash);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && sameBytes(old, earlier.root) && sameBytes(grown, later.root);
}
