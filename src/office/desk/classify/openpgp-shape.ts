// Whether bytes are one encrypted OpenPGP message and nothing else, to their very end (RFC 9580 §§4.2, 10.3).

export type PgpShape =
  | { readonly kind: 'encrypted'; readonly recipients: readonly string[] }
  | { readonly kind: 'key' | 'signature' | 'signed' | 'broken' }
  | undefined;

const PKESK = 1;
const SIGNATURE = 2;
const SKESK = 3;
const ONE_PASS = 4;
const SECRET_KEY = 5;
const PUBLIC_KEY = 6;
const COMPRESSED = 8;
const SED = 9;
const MARKER = 10;
const LITERAL = 11;
const SEIPD = 18;
const AEAD = 20;
const PADDING = 21;
const DATA: ReadonlySet<number> = new Set([SED, SEIPD, AEAD]);
/** Nobody writes more; it bounds the walk. */
const PACKETS_MAX = 20_000;
/** A ciphertext has at least version, a block and a hash. */
const DATA_BYTES_MIN = 20;

interface Packet {
  readonly tag: number;
  /** Its first bytes, at most 64. */
  readonly head: Uint8Array;
  readonly length: number;
}

/** Undefined: it is nothing of OpenPGP. */
export function pgpShapeOf(bytes: Uint8Array): PgpShape {
  const packets = readPackets(bytes);
  if (packets === undefined) return undefined;
  const tags = packets.list.map(({ tag }) => tag).filter((tag) => tag !== MARKER && tag !== PADDING);
  const [first] = tags;
  if (first === undefined) return undefined;
  if (first === PUBLIC_KEY || first === SECRET_KEY) return packets.isWhole ? { kind: 'key' } : undefined;
  if (tags.every((tag) => tag === SIGNATURE)) return packets.isWhole ? { kind: 'signature' } : undefined;
  if (first === ONE_PASS || first === SIGNATURE || first === LITERAL || first === COMPRESSED)
    return packets.isWhole ? { kind: 'signed' } : undefined;
  if (first !== PKESK && first !== SKESK && !DATA.has(first)) return undefined;
  const last = packets.list.at(-1);
  const isOne =
    packets.isWhole &&
    last !== undefined &&
    DATA.has(tags.at(-1) ?? 0) &&
    last.length >= DATA_BYTES_MIN &&
    tags.length > 1 &&
    tags.slice(0, -1).every((tag) => tag === PKESK || tag === SKESK);
  if (!isOne) return { kind: 'broken' };
  return { kind: 'encrypted', recipients: packets.list.flatMap((packet) => recipientOf(packet)) };
}

/** Undefined: the first byte begins no packet. */
function readPackets(bytes: Uint8Array): { readonly list: readonly Packet[]; readonly isWhole: boolean } | undefined {
  const list: Packet[] = [];
  let at = 0;
  while (at < bytes.length) {
    const packet = readPacket(bytes, at);
    if (packet === undefined || list.length === PACKETS_MAX)
      return list.length === 0 ? undefined : { list, isWhole: false };
    list.push(packet);
    at = packet.end;
  }
  return list.length === 0 ? undefined : { list, isWhole: true };
}

function readPacket(bytes: Uint8Array, at: number): (Packet & { readonly end: number }) | undefined {
  const head = bytes[at] ?? 0;
  if ((head & 0x80) === 0) return undefined;
  return (head & 0x40) === 0 ? readOld(bytes, at, head) : readNew(bytes, at, head & 0x3f);
}

function readOld(bytes: Uint8Array, at: number, head: number): (Packet & { readonly end: number }) | undefined {
  const tag = (head >> 2) & 0x0f;
  const kind = head & 0x03;
  if (kind === 3) return made(bytes, tag, at + 1, bytes.length);
  const width = 1 << kind;
  if (at + 1 + width > bytes.length) return undefined;
  const start = at + 1 + width;
  return made(bytes, tag, start, start + numberAt(bytes, at + 1, width));
}

function readNew(bytes: Uint8Array, at: number, tag: number): (Packet & { readonly end: number }) | undefined {
  let next = at + 1;
  let length = 0;
  let headAt: number | undefined;
  for (;;) {
    const octet = bytes[next];
    if (octet === undefined) return undefined;
    const isPartial = octet >= 224 && octet < 255;
    const width = octet < 192 || isPartial ? 1 : octet < 224 ? 2 : 5;
    if (next + width > bytes.length) return undefined;
    const size = sizeAt(bytes, next, octet);
    const start = next + width;
    headAt ??= start;
    length += size;
    if (start + size > bytes.length) return undefined;
    next = start + size;
    if (!isPartial) return { tag, head: bytes.subarray(headAt, Math.min(headAt + 64, next)), length, end: next };
  }
}

function sizeAt(bytes: Uint8Array, at: number, octet: number): number {
  if (octet < 192) return octet;
  if (octet < 224) return ((octet - 192) << 8) + (bytes[at + 1] ?? 0) + 192;
  return octet < 255 ? 2 ** (octet & 0x1f) : numberAt(bytes, at + 1, 4);
}

function made(
  bytes: Uint8Array,
  tag: number,
  start: number,
  end: number,
): (Packet & { readonly end: number }) | undefined {
  if (end > bytes.length || end < start) return undefined;
  return { tag, head: bytes.subarray(start, Math.min(start + 64, end)), length: end - start, end };
}

function numberAt(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let index = 0; index < width; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

function recipientOf({ tag, head }: Packet): readonly string[] {
  if (tag !== PKESK) return [];
  if (head[0] === 3 && head.length >= 9) return [Buffer.from(head.subarray(1, 9)).toString('hex')];
  const length = head[1] ?? 0;
  if (head[0] === 6 && length >= 21 && head.length >= 2 + length)
    return [Buffer.from(head.subarray(3, 2 + length)).toString('hex')];
  return head[0] === 6 ? ['0'.repeat(16)] : [];
}
