// The letters themselves, encrypted each under its own key, one behind the other in segments: many share one sync.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ID_BYTES, idFromBytes, idToBytes, type SubmissionId } from '#base/ids.ts';
import { crc32c } from '../journal/crc32c.ts';
import type { Disk, DiskFile } from '../journal/disk.ts';
import type { LogPlace } from './slot.ts';

const MAGIC = 0x53474c42; // "SGLB"
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** magic 4 ‖ kind 1 ‖ zero 3 ‖ id 16 ‖ length of what follows 4 ‖ nonce 12 ‖ CRC-32C 4, then ciphertext ‖ tag. */
const HEAD_BYTES = 44;
const KINDS = { letter: 1, note: 2 } as const;
export type LogKind = keyof typeof KINDS;
const NAME_PATTERN = /^letters-(\d{8})\.live$/;
const CIPHER = 'aes-256-gcm';

export interface LogEntry {
  readonly kind: LogKind;
  readonly id: SubmissionId;
  readonly place: LogPlace;
}

/** The bytes of one entry; id and kind are authenticated. */
export function sealEntry(
  key: Uint8Array,
  kind: LogKind,
  id: SubmissionId,
  plainParts: readonly Uint8Array[],
): readonly Buffer[] {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce);
  cipher.setAAD(associated(kind, id));
  const ciphertext = plainParts.map((part) => cipher.update(part));
  cipher.final();
  const length = ciphertext.reduce((sum, part) => sum + part.length, 0) + TAG_BYTES;
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(MAGIC, 0);
  head.writeUInt8(KINDS[kind], 4);
  head.set(idToBytes(id), 8);
  head.writeUInt32BE(length, 8 + ID_BYTES);
  head.set(nonce, 12 + ID_BYTES);
  head.writeUInt32BE(crc32c(head.subarray(0, HEAD_BYTES - 4)), HEAD_BYTES - 4);
  return [head, ...ciphertext, cipher.getAuthTag()];
}

/** Undefined: not what was sealed under this key. */
export function openEntry(key: Uint8Array, kind: LogKind, id: SubmissionId, bytes: Buffer): Buffer | undefined {
  if (bytes.length < HEAD_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(12 + ID_BYTES, 12 + ID_BYTES + NONCE_BYTES));
  decipher.setAAD(associated(kind, id));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  const plain = decipher.update(bytes.subarray(HEAD_BYTES, -TAG_BYTES));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plain;
}

function associated(kind: LogKind, id: SubmissionId): Uint8Array {
  return Buffer.concat([Buffer.from(`siegel/live/${kind}/v1\0`, 'ascii'), idToBytes(id)]);
}

export class LetterLog {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #bytes = new Map<number, number>();
  #current: { readonly segment: number; readonly file: DiskFile } | undefined;
  #lastSegment = 0;

  constructor(disk: Disk, directory: string) {
    this.#disk = disk;
    this.#directory = directory;
  }

  /** Every entry of every segment, as far as each is whole. Work goes on in a new segment. */
  async scan(visit: (entry: LogEntry) => void): Promise<void> {
    for (const name of await this.#disk.list(this.#directory)) {
      const segment = Number(NAME_PATTERN.exec(name)?.[1] ?? 0);
      if (segment === 0) continue;
      this.#lastSegment = Math.max(this.#lastSegment, segment);
      const file = await this.#disk.open(join(this.#directory, name), 'read');
      try {
        this.#bytes.set(segment, await scanSegment(file, segment, visit));
      } finally {
        await file.close();
      }
    }
  }

  get segments(): readonly number[] {
    return [...this.#bytes.keys()];
  }

  get currentSegment(): number | undefined {
    return this.#current?.segment;
  }

  get totalBytes(): number {
    let sum = 0;
    for (const bytes of this.#bytes.values()) sum += bytes;
    return sum;
  }

  bytesOf(segment: number): number {
    return this.#bytes.get(segment) ?? 0;
  }

  /** Writes entries behind the last one, in a new segment when `segmentBytes` are reached; not synced. The place of each. */
  async append(entries: readonly (readonly Buffer[])[], segmentBytes: number): Promise<readonly LogPlace[]> {
    const { segment, file } = await this.#segmentFor(segmentBytes);
    const begin = this.bytesOf(segment);
    let offset = begin;
    const places = entries.map((parts) => {
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      const place = { segment, offset, length };
      offset += length;
      return place;
    });
    await file.write(entries.flat(), begin);
    this.#bytes.set(segment, offset);
    return places;
  }

  async sync(): Promise<void> {
    await this.#current?.file.sync();
  }

  async read({ segment, offset, length }: LogPlace): Promise<Buffer> {
    if (this.#current?.segment === segment) return this.#current.file.read(offset, length);
    const file = await this.#disk.open(this.#path(segment), 'read');
    try {
      return await file.read(offset, length);
    } finally {
      await file.close();
    }
  }

  async drop(segment: number): Promise<void> {
    this.#bytes.delete(segment);
    await this.#disk.remove(this.#path(segment));
  }

  async close(): Promise<void> {
    await this.#current?.file.close();
    this.#current = undefined;
  }

  async #segmentFor(segmentBytes: number): Promise<{ readonly segment: number; readonly file: DiskFile }> {
    if (this.#current !== undefined && this.bytesOf(this.#current.segment) < segmentBytes) return this.#current;
    const segment = this.#lastSegment + 1;
    const file = await this.#disk.create(this.#path(segment));
    await this.#disk.syncDirectory(this.#directory);
    this.#lastSegment = segment;
    this.#bytes.set(segment, 0);
    // first the new one: whoever reads meanwhile must not meet a file that is being closed
    const before = this.#current;
    this.#current = { segment, file };
    await before?.file.close();
    return this.#current;
  }

  #path(segment: number): string {
    return join(this.#directory, `letters-${String(segment).padStart(8, '0')}.live`);
  }
}

/** How many bytes of whole entries there are. */
async function scanSegment(file: DiskFile, segment: number, visit: (entry: LogEntry) => void): Promise<number> {
  const size = await file.size();
  let offset = 0;
  while (offset + HEAD_BYTES <= size) {
    const head = await file.read(offset, HEAD_BYTES);
    if (head.length < HEAD_BYTES || head.readUInt32BE(0) !== MAGIC) break;
    if (crc32c(head.subarray(0, HEAD_BYTES - 4)) !== head.readUInt32BE(HEAD_BYTES - 4)) break;
    const length = HEAD_BYTES + head.readUInt32BE(8 + ID_BYTES);
    if (offset + length > size) break;
    const id = idFromBytes<SubmissionId>(head.subarray(8, 8 + ID_BYTES));
    const kind = head.readUInt8(4) === KINDS.letter ? 'letter' : 'note';
    visit({ kind, id, place: { segment, offset, length } });
    offset += length;
  }
  return offset;
}
