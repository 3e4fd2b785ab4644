// Values of ASN.1 as bytes: tag, length, content (X.690 §8.1).

export type Der = Uint8Array<ArrayBuffer>;

export function tlv(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = join(parts);
  return join([Uint8Array.of(tag, ...lengthBytes(content.length)), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Der => tlv(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]): Der => tlv(0x31, ...parts);
export const octetString = (...parts: readonly Uint8Array[]): Der => tlv(0x04, ...parts);
/** No bits unused. */
export const bitString = (bytes: Uint8Array): Der => tlv(0x03, Uint8Array.of(0), bytes);
export const explicit = (number: number, ...parts: readonly Uint8Array[]): Der => tlv(0xa0 + number, ...parts);
export const utf8 = (text: string): Der => tlv(0x0c, new TextEncoder().encode(text));
/** Not negative, big-endian. */
export const integer = (bytes: Uint8Array): Der => {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = first < 0 ? Uint8Array.of(0) : bytes.subarray(first);
  return tlv(0x02, (short[0] ?? 0) < 0x80 ? new Uint8Array() : Uint8Array.of(0), short);
};

/** `1.2.840.10045.4.3.2` */
export function oid(text: string): Der {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const arcs = rest.flatMap((arc) => {
    const groups: number[] = [];
    for (let left = arc; ; left = Math.floor(left / 128)) {
      groups.unshift((left % 128) | (groups.length > 0 ? 0x80 : 0));
      if (left < 128) return groups;
    }
  });
  return tlv(0x06, Uint8Array.of(first * 40 + second, ...arcs));
}

/** Until 2049 in two digits (RFC 5280 §4.1.2.5). */
export function time(ms: number): Der {
  const digits = `${new Date(ms).toISOString().slice(0, 19).replaceAll(/\D/g, '')}Z`;
  const isShort = digits < '2050';
  return tlv(isShort ? 0x17 : 0x18, new TextEncoder().encode(isShort ? digits.slice(2) : digits));
}

function lengthBytes(length: number): readonly number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let left = length; left > 0; left >>>= 8) bytes.unshift(left & 0xff);
  return [0x80 | bytes.length, ...bytes];
}

function join(parts: readonly Uint8Array[]): Der {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
