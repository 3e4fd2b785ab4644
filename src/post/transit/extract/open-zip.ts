// A zip archive taken apart, within bounds that its own claims cannot move; as a whole or not at all.

import { crc32, inflateRawSync } from 'node:zlib';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { KeepReason } from '../contract.ts';
import type { Budget } from './budget.ts';
import { readZipEntries, type ZipEntry, type ZipRefusal } from './zip-entries.ts';

export interface Unpacked {
  /** With its folders, as the archive says it. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const STORED = 0;
const DEFLATED = 8;
/** Below it nothing is a bomb, however well it packs: a white page does. */
const EXPANSION_FREE_BYTES = 1024 * 1024;

/** Every file of the archive in its order. Office documents and signed containers are no archives and stay whole: `unknownKind`, `signed`. */
export function openZip(bytes: Uint8Array, budget: Budget): Result<readonly Unpacked[], ZipRefusal> {
  return openWhole(bytes, { budget, isPaper: false });
}

/** Every part of a document whose paper is a zip, within the same bounds. */
export function openPaper(bytes: Uint8Array, budget: Budget): Result<readonly Unpacked[], ZipRefusal> {
  return openWhole(bytes, { budget, isPaper: true });
}

interface Opening {
  readonly budget: Budget;
  readonly isPaper: boolean;
}

function openWhole(bytes: Uint8Array, opening: Opening): Result<readonly Unpacked[], ZipRefusal> {
  const { budget } = opening;
  const entries = readZipEntries(bytes, budget.entriesLeft());
  if (!entries.ok) return entries;
  const refusal = judge(entries.value, opening);
  if (refusal !== undefined) return err({ kind: refusal });
  const found: Unpacked[] = [];
  for (const entry of entries.value) {
    if (entry.path.endsWith('/') && entry.plainBytes === 0) continue;
    const plain = unpack(bytes.subarray(entry.offset, entry.offset + entry.packedBytes), entry);
    if (plain === undefined) return err({ kind: 'damaged' });
    found.push({ path: entry.path, bytes: plain });
  }
  return ok(found);
}

/** What can be known before a byte is unpacked. */
function judge(entries: readonly ZipEntry[], { budget, isPaper }: Opening): KeepReason | undefined {
  const paths = entries.map(({ path }) => path);
  if (paths.some((path) => /^META-INF\/[^/]*(?:signature|\.p7[sm]$)/i.test(path))) return 'signed';
  if (!isPaper && isDocument(paths)) return 'unknownKind';
  if (entries.some(({ isSymlink, method }) => isSymlink || (method !== STORED && method !== DEFLATED)))
    return 'unknownKind';
  const expands = entries.some(
    ({ plainBytes, packedBytes }) =>
      plainBytes > EXPANSION_FREE_BYTES && plainBytes > packedBytes * limits.transit.expansionMax,
  );
  if (expands) return 'expandsTooFar';
  const bytes = entries.reduce((sum, { plainBytes }) => sum + plainBytes, 0);
  return budget.spend(entries.length, bytes);
}

/** DOCX, XLSX, ODT, EPUB, JAR: zip is only their paper. */
function isDocument(paths: readonly string[]): boolean {
  return paths[0] === 'mimetype' || paths.includes('[Content_Types].xml') || paths.includes('META-INF/MANIFEST.MF');
}

/** Undefined when size or checksum are not what the archive says. */
function unpack(packed: Uint8Array, { method, plainBytes, crc }: ZipEntry): Uint8Array | undefined {
  const plain = method === STORED ? packed.slice() : inflate(packed, plainBytes);
  return plain?.length === plainBytes && crc32(plain) === crc ? plain : undefined;
}

function inflate(packed: Uint8Array, plainBytes: number): Uint8Array | undefined {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(1, plainBytes) });
  } catch {
    return undefined; // broken, or longer than it claims
  }
}
