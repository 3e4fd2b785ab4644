// The log on disk: one file of hashes a level, level 0 the leaves, level k the complete nodes over 2^k of them; proofs read a few hashes.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { Disk } from '../journal/disk.ts';
import { sameBytes } from '../sealing/bytes.ts';
import {
  consistencyPlan,
  foldNodes,
  foldPairs,
  HASH_BYTES,
  inclusionPlan,
  isConsistent,
  isIncluded,
  stretch,
  type Hash,
  type Stretch,
  type TreeHead,
  type TreeNode,
} from './merkle.ts';
import { fastNodeHash } from './fast-hash.ts';
import { RecordFile } from './record-file.ts';

export type LogRefusal = { readonly kind: 'logDamaged' };

const REBUILD_LEAVES = 8_192;
const KEPT_FROM_LEVEL = 7;

export class MerkleLog {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #levels: RecordFile[] = [];
  /** The complete nodes that the root is folded from, by level. */
  #peaks: (Hash | undefined)[] = [];
  #size = 0;
  readonly #kept = new Map<number, Hash>();

  private constructor(disk: Disk, directory: string) {
    this.#disk = disk;
    this.#directory = directory;
  }

  /** Opens the log at a size and root that were promised. What lies behind is written over; levels that do not fit are made anew. */
  static async open(disk: Disk, directory: string, promised: TreeHead): Promise<Result<MerkleLog, LogRefusal>> {
    const log = new MerkleLog(disk, directory);
    for (let level = 0; level === 0 || 2 ** level <= promised.size; level++) await log.#level(level);
    log.#size = promised.size;
    if (await log.#hasPromised(promised)) return ok(log);
    log.#kept.clear();
    if (await log.#doLeavesLeadTo(promised)) {
      await log.#rebuild(promised.size);
      if (await log.#hasPromised(promised)) return ok(log);
    }
    await log.close();
    return err({ kind: 'logDamaged' });
  }

  get size(): number {
    return this.#size;
  }

  get root(): Hash {
    return foldNodes(this.#peaks.toReversed().filter((peak) => peak !== undefined));
  }

  /** Written, not yet synced. After a rejection the log must be opened anew. */
  async append(leaves: readonly Hash[]): Promise<void> {
    const made: Hash[][] = [];
    for (const leaf of leaves) this.#push(leaf, made);
    const before = this.#size;
    this.#size += leaves.length;
    for (const [level, hashes] of made.entries()) {
      await (await this.#level(level)).write(Math.floor(before / 2 ** level), hashes);
    }
  }

  async sync(): Promise<void> {
    await Promise.all(this.#levels.map((level) => level.sync()));
  }

  /** The path of a leaf in the tree of `head`; refused when what is on the disk does not lead to its root. */
  async inclusion(index: number, head: TreeHead): Promise<Result<readonly Hash[], LogRefusal>> {
    const path = await this.#fill(inclusionPlan(index, head.size));
    const leaf = await this.#node({ level: 0, index });
    return isIncluded(leaf, { index, size: head.size, path }, head.root) ? ok(path) : err({ kind: 'logDamaged' });
  }

  async consistency(earlier: TreeHead, later: TreeHead): Promise<Result<readonly Hash[], LogRefusal>> {
    const path = await this.#fill(earlier.size < later.size ? consistencyPlan(earlier.size, later.size) : []);
    return isConsistent(earlier, later, path) ? ok(path) : err({ kind: 'logDamaged' });
  }

  /** Root of the first `size` leaves. */
  async rootAt(size: number): Promise<Hash> {
    return foldNodes(await Promise.all(stretch(0, size).map((node) => this.#node(node))));
  }

  async leaves(from: number, count: number): Promise<readonly Hash[]> {
    return splitHashes(await (await this.#level(0)).read(from, count));
  }

  /** The first level whose nodes are not those that the level below makes; undefined when all are right. */
  async findWrongLevel(): Promise<number | undefined> {
    for (let level = 1; 2 ** level <= this.#size; level++) {
      const count = Math.floor(this.#size / 2 ** level);
      for (let at = 0; at < count; at += REBUILD_LEAVES) {
        const some = Math.min(REBUILD_LEAVES, count - at);
        const expected = foldPairs(
          splitHashes(await (await this.#level(level - 1)).read(at * 2, some * 2)),
          fastNodeHash,
        );
        if (!Buffer.concat(expected).equals(await (await this.#level(level)).read(at, some))) return level;
      }
    }
    return undefined;
  }

  async close(): Promise<void> {
    for (const level of this.#levels) await level.close();
  }

  #push(leaf: Hash, made: Hash[][]): void {
    let hash = leaf;
    for (let level = 0; ; level++) {
      (made[level] ??= []).push(hash);
      const left = this.#peaks[level];
      if (left === undefined) {
        this.#peaks[level] = hash;
        return;
      }
      this.#peaks[level] = undefined;
      hash = fastNodeHash(left, hash);
    }
  }

  async #hasPromised({ size, root }: TreeHead): Promise<boolean> {
    for (const [level, file] of this.#levels.entries()) {
      if ((await file.count()) < Math.floor(size / 2 ** level)) return false;
    }
    this.#peaks = [];
    for (const node of stretch(0, size)) this.#peaks[node.level] = await this.#node(node);
    return sameBytes(this.root, root);
  }

  /** Asked before anything is written: what does not lead there is left as it was found. */
  async #doLeavesLeadTo({ size, root }: TreeHead): Promise<boolean> {
    if ((await (await this.#level(0)).count()) < size) return false;
    this.#peaks = [];
    for (let at = 0; at < size; at += REBUILD_LEAVES) {
      for (const leaf of await this.leaves(at, Math.min(REBUILD_LEAVES, size - at))) this.#push(leaf, []);
    }
    return sameBytes(this.root, root);
  }

  /** Every level from the leaves. */
  async #rebuild(size: number): Promise<void> {
    for (let level = 1; 2 ** level <= size; level++) {
      const [below, own] = [await this.#level(level - 1), await this.#level(level)];
      const count = Math.floor(size / 2 ** level);
      for (let at = 0; at < count; at += REBUILD_LEAVES) {
        const some = Math.min(REBUILD_LEAVES, count - at);
        await own.write(at, foldPairs(splitHashes(await below.read(at * 2, some * 2)), fastNodeHash));
      }
    }
    await this.sync();
  }

  async #level(level: number): Promise<RecordFile> {
    const name = `level-${String(level).padStart(2, '0')}`;
    return (this.#levels[level] ??= await RecordFile.open(this.#disk, this.#directory, {
      name,
      recordBytes: HASH_BYTES,
    }));
  }

  #fill(plan: readonly Stretch[]): Promise<readonly Hash[]> {
    return Promise.all(plan.map(async (nodes) => foldNodes(await Promise.all(nodes.map((node) => this.#node(node))))));
  }

  /** Complete nodes never change: the upper ones, which every path needs, are kept in memory. */
  async #node({ level, index }: TreeNode): Promise<Hash> {
    if (level < KEPT_FROM_LEVEL) return Uint8Array.from(await (await this.#level(level)).read(index, 1));
    const name = level * 2 ** 44 + index;
    const known = this.#kept.get(name);
    if (known !== undefined) return known;
    const hash = Uint8Array.from(await (await this.#level(level)).read(index, 1));
    if (this.#kept.size >= limits.book.nodesKept) this.#kept.clear();
    this.#kept.set(name, hash);
    return hash;
  }
}

function splitHashes(bytes: Buffer): Hash[] {
  return Array.from({ length: bytes.length / HASH_BYTES }, (_, index) =>
    Uint8Array.from(bytes.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)),
  );
}
