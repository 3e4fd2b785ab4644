// Searches bytes for needles: as they lie there, and within every zlib, gzip, deflate or zstd stream that begins in them.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import type { Needle } from './needles.ts';

export interface Find {
  readonly where: string;
  readonly token: string;
  readonly form: string;
  /** How often; once is enough to be one too many. */
  readonly count: number;
}

const PAGE = 4096;
const STREAM_BYTES_MAX = 256 * 1024;
const INFLATED_BYTES_MAX = 4 * 1024 * 1024;
const COUNTED_MAX = 1_000;

/** Regular files below a folder, by their paths. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

export async function searchFolder(folder: string, needles: readonly Needle[]): Promise<readonly Find[]> {
  const finds: Find[] = [];
  for (const path of await filesBelow(folder)) {
    const bytes = await readIfThere(path);
    if (bytes !== undefined) finds.push(...(await searchBytes(relative(folder, path), bytes, needles)));
  }
  // a name tells too
  const names = (await readdir(folder, { recursive: true })).join('\n');
  return [...finds, ...findIn('names of files', Buffer.from(names), needles)];
}

/** Undefined: it was removed since it was listed, as a running database does; nothing lies there any more. */
async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
}

/** Files that a process holds open although they have no name any more. */
export async function searchDeleted(pid: number, needles: readonly Needle[]): Promise<readonly Find[]> {
  const finds: Find[] = [];
  const folder = `/proc/${pid}/fd`;
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => undefined);
    if (!facts?.isFile() || facts.nlink > 0) continue;
    finds.push(...(await searchBytes(`deleted file ${name} of ${pid}`, await readFile(path), needles)));
  }
  return finds;
}

export async function searchBytes(where: string, bytes: Buffer, needles: readonly Needle[]): Promise<readonly Find[]> {
  const dense = withoutZeroPages(bytes);
  const finds = [...findIn(where, dense, needles)];
  for (const { at, kind } of findStreams(dense)) {
    const plain = await inflate(dense.subarray(at, at + STREAM_BYTES_MAX), kind);
    finds.push(...findIn(`${where}, ${kind} at ${at}`, plain, needles));
  }
  return finds;
}

/** Raw deflate has no mark: it is tried where a value begins. */
export async function searchDeflated(
  where: string,
  value: Buffer,
  needles: readonly Needle[],
): Promise<readonly Find[]> {
  if (value.length < 8) return [];
  return findIn(`${where}, deflate`, await inflate(value, 'deflate'), needles);
}

function findIn(where: string, bytes: Buffer, needles: readonly Needle[]): readonly Find[] {
  return needles.flatMap(({ token, form, bytes: needle }) => {
    let count = 0;
    for (let at = bytes.indexOf(needle); at >= 0 && count < COUNTED_MAX; at = bytes.indexOf(needle, at + 1)) count += 1;
    return count > 0 ? [{ where, token, form, count }] : [];
  });
}

/** Most of a database's files are pages of zeros. Needles that cross a page are still found: only whole pages go. */
function withoutZeroPages(bytes: Buffer): Buffer {
  const zero = Buffer.alloc(PAGE);
  const kept: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += PAGE) {
    const page = bytes.subarray(at, at + PAGE);
    if (page.length < PAGE || !page.equals(zero)) kept.push(page);
  }
  return Buffer.concat(kept);
}

type StreamKind = 'zlib' | 'gzip' | 'deflate' | 'zstd';

const MARKS: readonly { readonly kind: StreamKind; readonly bytes: Buffer }[] = [
  ...['7801', '785e', '789c', '78da'].map((hex) => ({ kind: 'zlib' as const, bytes: Buffer.from(hex, 'hex') })),
  { kind: 'gzip', bytes: Buffer.from('1f8b08', 'hex') },
  { kind: 'zstd', bytes: Buffer.from('28b52ffd', 'hex') },
];

function* findStreams(bytes: Buffer): Generator<{ readonly at: number; readonly kind: StreamKind }> {
  for (const { kind, bytes: mark } of MARKS) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) yield { at, kind };
  }
}

const OPENERS = {
  zlib: createInflate,
  gzip: createGunzip,
  deflate: createInflateRaw,
  zstd: createZstdDecompress,
};

/** What comes out before the stream ends or breaks: chance begins many that are none. */
function inflate(bytes: Buffer, kind: StreamKind): Promise<Buffer> {
  return new Promise((resolve) => {
    const stream = OPENERS[kind]();
    const parts: Buffer[] = [];
    let sizeBytes = 0;
    const end = (): void => {
      stream.destroy();
      resolve(Buffer.concat(parts));
    };
    stream.on('data', (part: Buffer) => {
      parts.push(part);
      sizeBytes += part.length;
      if (sizeBytes > INFLATED_BYTES_MAX) end();
    });
    stream.on('error', end);
    stream.on('end', end);
    stream.end(bytes);
  });
}
