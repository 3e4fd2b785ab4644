// Whole columns as one statement parameter each: arrays in PostgreSQL's binary form, which costs neither side quoting or parsing.

import type { Uuid } from './tables.ts';

const OID = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, uuid: 2950 } as const;
const HEAD_BYTES = 20;

/** int4[] */
export function int4s(values: readonly (number | null)[]): Buffer {
  return fixed(OID.int4, 4, values, (bytes, value, at) => bytes.writeInt32BE(value, at));
}

/** int8[] from safe integers. */
export function int8s(values: readonly (number | null)[]): Buffer {
  return fixed(OID.int8, 8, values, (bytes, value, at) => {
    bytes.writeInt32BE(Math.floor(value / 0x1_0000_0000), at);
    bytes.writeUInt32BE(value >>> 0, at + 4);
  });
}

/** int2[] */
export function int2s(values: readonly (number | null)[]): Buffer {
  return fixed(OID.int2, 2, values, (bytes, value, at) => bytes.writeInt16BE(value, at));
}

/** boolean[] */
export function booleans(values: readonly boolean[]): Buffer {
  return fixed(OID.bool, 1, values, (bytes, value, at) => bytes.writeUInt8(value ? 1 : 0, at));
}

/** uuid[] from text. Neighbours are often the same account or mailbox: those are copied. */
export function uuids(values: readonly (Uuid | null)[]): Buffer {
  let last: Uuid | undefined;
  let lastAt = 0;
  return fixed(OID.uuid, 16, values, (bytes, value, at) => {
    if (value === last) bytes.copyWithin(at, lastAt, lastAt + 16);
    else if (bytes.write(value.replaceAll('-', ''), at, 'hex') !== 16) throw new Error('not a uuid');
    last = value;
    lastAt = at;
  });
}

/** text[] */
export function texts(values: readonly (string | null)[]): Buffer {
  return variable(
    OID.text,
    values.map((value) => (value === null ? null : Buffer.from(value, 'utf8'))),
  );
}

/** bytea[] */
export function byteas(values: readonly (Uint8Array | null)[]): Buffer {
  return variable(OID.bytea, values);
}

function fixed<T>(
  oid: number,
  size: number,
  values: readonly (T | null)[],
  write: (bytes: Buffer, value: T, at: number) => void,
): Buffer {
  const bytes = head(oid, values.length, values.length * (4 + size), values.includes(null));
  let at = HEAD_BYTES;
  for (const value of values) {
    bytes.writeInt32BE(value === null ? -1 : size, at);
    at += 4;
    if (value === null) continue;
    write(bytes, value, at);
    at += size;
  }
  return values.length === 0 ? bytes : bytes.subarray(0, at);
}

function variable(oid: number, values: readonly (Uint8Array | null)[]): Buffer {
  const payloadBytes = values.reduce((sum, value) => sum + 4 + (value?.length ?? 0), 0);
  const bytes = head(oid, values.length, payloadBytes, values.includes(null));
  let at = HEAD_BYTES;
  for (const value of values) {
    bytes.writeInt32BE(value === null ? -1 : value.length, at);
    at += 4;
    if (value === null) continue;
    bytes.set(value, at);
    at += value.length;
  }
  return bytes;
}

/** Dimensions, whether there are nulls, element type, length, lower bound; an empty array has no dimension. */
function head(oid: number, count: number, payloadBytes: number, hasNull: boolean): Buffer {
  if (count === 0) {
    const empty = Buffer.alloc(12);
    empty.writeInt32BE(oid, 8);
    return empty;
  }
  const bytes = Buffer.allocUnsafe(HEAD_BYTES + payloadBytes);
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(hasNull ? 1 : 0, 4);
  bytes.writeInt32BE(oid, 8);
  bytes.writeInt32BE(count, 12);
  bytes.writeInt32BE(1, 16);
  return bytes;
}
