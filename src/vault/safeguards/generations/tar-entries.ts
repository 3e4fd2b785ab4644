// Reads a ustar archive as PostgreSQL writes it (POSIX.1-2017, pax §"ustar Interchange Format"): plain files and folders, nothing else.

import type { FileHandle } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';

export interface TarEntry {
  /** Relative, without "..", "." and empty parts. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly sizeBytes: number;
  /** Where the content begins in the archive. */
  readonly offset: number;
}

export type TarRefusal = { readonly kind: 'notTar' | 'badPath' | 'tooLarge' | 'torn'; readonly offset: number };

const BLOCK_BYTES = 512;

/** Every entry in order; ends at the first refusal. An archive ends with two empty blocks: one without them is torn. */
export async function* tarEntries(file: FileHandle): AsyncGenerator<Result<TarEntry, TarRefusal>> {
  const { size } = await file.stat();
  const header = Buffer.alloc(BLOCK_BYTES);
  let entries = 0;
  for (let offset = 0; ;) {
    const { bytesRead } = await file.read(header, 0, BLOCK_BYTES, offset);
    if (bytesRead < BLOCK_BYTES) {
      yield err({ kind: 'torn', offset });
      return;
    }
    if (header.every((byte) => byte === 0)) return;
    const entry = parseHeader(header, offset);
    if (!entry.ok) {
      yield entry;
      return;
    }
    const { sizeBytes } = entry.value;
    const next = offset + BLOCK_BYTES + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
    entries += 1;
    if (entries > limits.generations.entriesMax || sizeBytes > limits.generations.fileBytesMax) {
      yield err({ kind: 'tooLarge', offset });
      return;
    }
    if (next > size) {
      yield err({ kind: 'torn', offset });
      return;
    }
    yield entry;
    offset = next;
  }
}

/** One header block; `offset`: where it lies in the archive. */
export function parseHeader(block: Buffer, offset: number): Result<TarEntry, TarRefusal> {
  if (block.toString('latin1', 257, 262) !== 'ustar' || octal(block, 148, 8) !== checksum(block))
    return err({ kind: 'notTar', offset });
  const sizeBytes = octal(block, 124, 12);
  const type = block.toString('latin1', 156, 157);
  const prefix = textAt(block, 345, 155);
  const path = cleanPath(prefix === '' ? textAt(block, 0, 100) : `${prefix}/${textAt(block, 0, 100)}`);
  if (sizeBytes === undefined || !['0', '\0', '5'].includes(type)) return err({ kind: 'notTar', offset });
  if (path === undefined) return err({ kind: 'badPath', offset });
  const kind = type === '5' ? 'folder' : 'file';
  return ok({ path, kind, sizeBytes: kind === 'file' ? sizeBytes : 0, offset: offset + BLOCK_BYTES });
}

/** Undefined: it leads out of the folder, or says nothing. */
export function cleanPath(written: string): string | undefined {
  if (written.startsWith('/') || written.includes('\0') || written.includes('\\')) return undefined;
  const parts = written.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') ? undefined : parts.join('/');
}

function textAt(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return block.toString('utf8', start, end < 0 || end > start + length ? start + length : end);
}

/** Octal digits, or (first bit set) a binary number, as for files of 8 GB and more. */
function octal(block: Buffer, start: number, length: number): number | undefined {
  if (((block[start] ?? 0) & 0x80) !== 0) {
    const value = Number(block.readBigUInt64BE(start + length - 8));
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = block
    .toString('latin1', start, start + length)
    .replaceAll(/[\0 ]+$/g, '')
    .trimStart();
  return /^[0-7]{1,12}$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

/** The sum of all bytes, those of the sum itself taken as blanks. */
function checksum(block: Buffer): number {
  return block.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 0x20 : byte), 0);
}
