// Makes a cluster's folder of a base copy and checks every byte on the way against its list of checksums.

import { createHash, type Hash } from 'node:crypto';
import { chown, mkdir, open, readdir, readFile, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { err, ok, type Result } from '#base/result.ts';
import type { Owner } from '../../database/postgres/binaries.ts';
import { nodeDisk } from '../../journal/disk.ts';
import { crc32cOf } from './crc32c-of.ts';
import { parseBackupManifest, type BackupManifest, type ManifestFile } from './backup-manifest.ts';
import type { GenerationRefusal } from './refusals.ts';
import { tarEntries, type TarEntry } from './tar-entries.ts';

export interface Unpacked {
  readonly systemIdentifier: string;
  readonly files: number;
  readonly bytes: number;
}

const CHUNK_BYTES = 4 * 2 ** 20;
/** Where a house is served meanwhile: summed in a few milliseconds, then a rest of twice as long. */
const GENTLE_CHUNK_BYTES = 2 ** 20;
const REST = 2;
const FLUSHES_AT_ONCE = 8;
const REST_AFTER_MS = 2;
/** What the list does not name: itself, the log (which PostgreSQL checks record by record), and what a start may add. */
const UNLISTED = /^(?:backup_manifest$|pg_wal(?:\/|$)|postgresql\.auto\.conf$|recovery\.signal$|standby\.signal$)/;

export interface UnpackOptions {
  readonly owner?: Owner | undefined;
  /** Letters and people go first: this thread sums, and serves them too; and what it writes is on the disk when it is done, sent there bit by bit. */
  readonly isGentle?: boolean;
}

/** `folder`: base.tar and backup_manifest; `cluster`: made here, and not to be used when this refuses. */
export async function unpackBase(
  folder: string,
  cluster: string,
  options: UnpackOptions = {},
): Promise<Result<Unpacked, GenerationRefusal>> {
  const manifest = parseBackupManifest(await readFile(join(folder, 'backup_manifest'), 'utf8').catch(() => ''));
  if (!manifest.ok) return damaged('its list of files is missing or was changed');
  const tar = await open(join(folder, 'base.tar'), 'r').catch(() => undefined);
  if (tar === undefined) return damaged('its archive is missing');
  const unpacking = new Unpacking(tar, cluster, manifest.value, options);
  try {
    await makeFolder(cluster, options.owner);
    for await (const entry of tarEntries(tar)) {
      if (!entry.ok) return damaged(`its archive is damaged at byte ${entry.error.offset}`);
      const wrong = await unpacking.take(entry.value);
      if (wrong !== undefined) return damaged(wrong);
    }
    await unpacking.settle();
    const missing = [...manifest.value.files.keys()].find((path) => !unpacking.seen.has(path));
    if (missing !== undefined) return damaged('a file of its list is missing');
    const { systemIdentifier } = manifest.value;
    return ok({ systemIdentifier, files: unpacking.seen.size, bytes: unpacking.bytes });
  } finally {
    await unpacking.end();
    await tar.close();
  }
}

class Unpacking {
  readonly seen = new Set<string>();
  bytes = 0;
  readonly #tar: FileHandle;
  readonly #cluster: string;
  readonly #manifest: BackupManifest;
  readonly #owner: Owner | undefined;
  readonly #isGentle: boolean;
  readonly #chunk: Buffer;
  readonly #flushes = new Set<Promise<void>>();
  readonly #folders: string[] = [];
  #workedMs = 0;

  constructor(tar: FileHandle, cluster: string, manifest: BackupManifest, { owner, isGentle = false }: UnpackOptions) {
    this.#tar = tar;
    this.#cluster = cluster;
    this.#manifest = manifest;
    this.#owner = owner;
    this.#isGentle = isGentle;
    this.#chunk = Buffer.allocUnsafe(this.#isGentle ? GENTLE_CHUNK_BYTES : CHUNK_BYTES);
  }

  /** What is wrong with it. */
  async take(entry: TarEntry): Promise<string | undefined> {
    const { path, kind, sizeBytes } = entry;
    const target = join(this.#cluster, path);
    if (kind === 'folder') {
      await makeFolder(target, this.#owner);
      this.#folders.push(target);
      return undefined;
    }
    const listed = this.#manifest.files.get(path);
    if (listed === undefined && !UNLISTED.test(path)) return 'a file that its list does not name';
    if (this.seen.has(path)) return 'a file comes twice';
    if (listed !== undefined && listed.sizeBytes !== sizeBytes) return 'a file is not as large as its list says';
    this.seen.add(path);
    this.bytes += sizeBytes;
    const sum = listed && summer(listed);
    await this.#copy(entry, target, sum);
    return listed !== undefined && sum?.hex() !== listed.checksum ? 'a file is not what its list says' : undefined;
  }

  /** Everything that was begun is on the disk, names too. */
  async settle(): Promise<void> {
    await Promise.all(this.#flushes);
    if (!this.#isGentle) return;
    for (const folder of [this.#cluster, ...this.#folders]) await nodeDisk.syncDirectory(folder);
  }

  /** No file is open any more, however it went. */
  async end(): Promise<void> {
    await Promise.allSettled(this.#flushes);
  }

  /** The end of one file of many: flushed beside the next ones. */
  async #close(file: FileHandle): Promise<void> {
    if (!this.#isGentle) return await file.close();
    const flush = flushAndClose(file);
    this.#flushes.add(flush);
    void flush.then(
      () => this.#flushes.delete(flush),
      () => undefined, // settle() says so
    );
    if (this.#flushes.size >= FLUSHES_AT_ONCE) await Promise.race(this.#flushes);
  }

  /** Not after each of many small files. */
  async #rest(tookMs: number): Promise<void> {
    this.#workedMs += tookMs;
    if (!this.#isGentle || this.#workedMs < REST_AFTER_MS) return;
    await wait(REST * this.#workedMs);
    this.#workedMs = 0;
  }

  async #copy({ sizeBytes, offset }: TarEntry, target: string, sum: Summer | undefined): Promise<void> {
    const file = await open(target, 'wx', 0o600);
    try {
      if (this.#owner !== undefined) await file.chown(this.#owner.uid, this.#owner.gid);
      for (let done = 0; done < sizeBytes;) {
        const wanted = Math.min(this.#chunk.length, sizeBytes - done);
        const { bytesRead } = await this.#tar.read(this.#chunk, 0, wanted, offset + done);
        if (bytesRead === 0) throw new Error('the archive became shorter while it was read');
        const part = this.#chunk.subarray(0, bytesRead);
        const beganMs = performance.now();
        sum?.update(part);
        await this.#rest(performance.now() - beganMs);
        await file.writeFile(part);
        if (this.#isGentle && done > 0) await file.datasync();
        done += bytesRead;
      }
    } finally {
      await this.#close(file);
    }
  }
}

/** A stopped cluster against the list it came with: every file, every byte; own work of what pg_verifybackup does. */
export async function verifyManifest(
  cluster: string,
  manifestText: string,
): Promise<Result<Unpacked, GenerationRefusal>> {
  const manifest = parseBackupManifest(manifestText);
  if (!manifest.ok) return damaged('its list of files is missing or was changed');
  let bytes = 0;
  for (const listed of manifest.value.files.values()) {
    const path = join(cluster, listed.path);
    const found = await stat(path).catch(() => undefined);
    if (found === undefined) return damaged('a file of its list is missing');
    if (found.size !== listed.sizeBytes) return damaged('a file is not as large as its list says');
    if ((await sumOfFile(path, listed)) !== listed.checksum) return damaged('a file is not what its list says');
    bytes += found.size;
  }
  for (const path of await filesBelow(cluster))
    if (!manifest.value.files.has(path) && !UNLISTED.test(path)) return damaged('a file that its list does not name');
  return ok({ systemIdentifier: manifest.value.systemIdentifier, files: manifest.value.files.size, bytes });
}

async function sumOfFile(path: string, listed: ManifestFile): Promise<string> {
  const sum = summer(listed);
  const file = await open(path, 'r');
  try {
    for await (const part of file.createReadStream({ highWaterMark: CHUNK_BYTES, autoClose: false })) {
      if (part instanceof Buffer) sum.update(part);
    }
  } finally {
    await file.close();
  }
  return sum.hex();
}

async function filesBelow(cluster: string): Promise<readonly string[]> {
  const entries = await readdir(cluster, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(cluster.length + 1));
}

async function flushAndClose(file: FileHandle): Promise<void> {
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

interface Summer {
  update(part: Uint8Array): void;
  hex(): string;
}

function summer({ algorithm }: ManifestFile): Summer {
  if (algorithm === 'CRC32C') return crc32cOf();
  const hash: Hash = createHash(algorithm.toLowerCase());
  return { update: (part) => void hash.update(part), hex: () => hash.digest('hex') };
}

async function makeFolder(path: string, owner: Owner | undefined): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (owner !== undefined) await chown(path, owner.uid, owner.gid);
}

function damaged(what: string): Result<never, GenerationRefusal> {
  const sentence = `The copy cannot be used: ${what}. Nothing was changed. Take another one (siegel backup list), or the journal alone (siegel database rebuild).`;
  return err({ kind: 'copy-damaged', sentence });
}
