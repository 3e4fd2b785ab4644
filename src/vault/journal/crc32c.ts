// CRC-32C (Castagnoli) of short byte strings, for record and segment headers (RFC 3720 appendix B.4 has the test values).

const TABLE = new Uint32Array(256);
for (let i = 0; i < 256; i++) {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  TABLE[i] = value >>> 0;
}

/** Unsigned 32-bit checksum of the first `length` bytes; default: of all. */
export function crc32c(bytes: Uint8Array, length = bytes.length): number {
  let crc = 0xffffffff;
  for (let at = 0; at < length; at += 1) crc = (TABLE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
