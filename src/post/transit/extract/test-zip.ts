// Zip archives for tests, honest and not: every field may be told otherwise.

import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  readonly name: string | Uint8Array;
  readonly bytes?: Uint8Array;
  /** 0 or 8; others are only claimed. */
  readonly method?: number;
  readonly flags?: number;
  /** Lies. */
  readonly plainBytes?: number;
  readonly packedBytes?: number;
  readonly crc?: number;
  readonly localName?: string;
  /** Uses the bytes of this part instead of its own. */
  readonly sharesWith?: number;
  readonly unixMode?: number;
  /** Sizes stand behind the bytes, as streaming writers do. */
  readonly hasDescriptor?: boolean;
  readonly isZip64?: boolean;
}

export function makeZip(
  parts: readonly ZipPart[],
  options: { readonly entries?: number; readonly comment?: string } = {},
): Uint8Array {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const part of parts) {
    const plain = part.bytes ?? new Uint8Array();
    const method = part.method ?? 8;
    const packed = method === 8 ? deflateRawSync(plain) : Buffer.from(plain);
    const told = {
      crc: part.crc ?? crc32(plain),
      packedBytes: part.packedBytes ?? packed.length,
      plainBytes: part.plainBytes ?? plain.length,
    };
    const offset = part.sharesWith === undefined ? at : (offsets[part.sharesWith] ?? 0);
    offsets.push(offset);
    if (part.sharesWith === undefined) {
      const local = Buffer.concat([localHeader(part, method, told), packed, descriptor(part, told)]);
      locals.push(local);
      at += local.length;
    }
    central.push(centralHeader(part, method, { ...told, offset }));
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.entries ?? parts.length, 8);
  end.writeUInt16LE(options.entries ?? parts.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  const comment = Buffer.from(options.comment ?? '');
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...locals, directory, end, comment]);
}

interface Told {
  readonly crc: number;
  readonly packedBytes: number;
  readonly plainBytes: number;
}

function nameBytes(name: string | Uint8Array): Buffer {
  return Buffer.from(typeof name === 'string' ? Buffer.from(name) : name);
}

function localHeader(part: ZipPart, method: number, told: Told): Buffer {
  const name = nameBytes(part.localName ?? part.name);
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE((part.flags ?? 0) | (part.hasDescriptor === true ? 8 : 0), 6);
  head.writeUInt16LE(method, 8);
  if (part.hasDescriptor !== true) writeSizes(head, 14, told);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name]);
}

function centralHeader(part: ZipPart, method: number, told: Told & { readonly offset: number }): Buffer {
  const name = nameBytes(part.name);
  const extra = part.isZip64 === true ? largeField(told) : Buffer.alloc(0);
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(part.unixMode === undefined ? 20 : 0x0314, 4);
  head.writeUInt16LE(20, 6);
  head.writeUInt16LE((part.flags ?? 0) | (part.hasDescriptor === true ? 8 : 0), 8);
  head.writeUInt16LE(method, 10);
  const isLarge = part.isZip64 === true;
  writeSizes(head, 16, isLarge ? { ...told, packedBytes: 0xffffffff, plainBytes: 0xffffffff } : told);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt16LE(extra.length, 30);
  head.writeUInt32LE(((part.unixMode ?? 0) << 16) >>> 0, 38);
  head.writeUInt32LE(told.offset, 42);
  return Buffer.concat([head, name, extra]);
}

function largeField(told: Told): Buffer {
  const field = Buffer.alloc(20);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(16, 2);
  field.writeBigUInt64LE(BigInt(told.plainBytes), 4);
  field.writeBigUInt64LE(BigInt(told.packedBytes), 12);
  return field;
}

function descriptor(part: ZipPart, told: Told): Buffer {
  if (part.hasDescriptor !== true) return Buffer.alloc(0);
  const behind = Buffer.alloc(16);
  behind.writeUInt32LE(0x08074b50, 0);
  writeSizes(behind, 4, told);
  return behind;
}

function writeSizes(target: Buffer, at: number, { crc, packedBytes, plainBytes }: Told): void {
  target.writeUInt32LE(crc >>> 0, at);
  target.writeUInt32LE(packedBytes >>> 0, at + 4);
  target.writeUInt32LE(plainBytes >>> 0, at + 8);
}
