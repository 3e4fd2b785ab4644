// Numbers of one, two, four or eight bytes (RFC 9000 §16).

/** Up to 2^53-1, which is less than the form could hold. */
export function formatVarint(value: number): Uint8Array<ArrayBuffer> {
  const bytes = value < 0x40 ? 1 : value < 0x4000 ? 2 : value < 0x4000_0000 ? 4 : 8;
  const written = new Uint8Array(bytes);
  let rest = value;
  for (let at = bytes - 1; at >= 0; at--) {
    written[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  written[0] = (written[0] ?? 0) | (Math.log2(bytes) << 6);
  return written;
}

export interface ReadVarint {
  readonly value: number;
  /** Where what follows begins. */
  readonly end: number;
}

/** Undefined where the bytes end too early or the number is beyond what a number holds exactly. Longer forms than needed are allowed (§16). */
export function readVarint(bytes: Uint8Array, at: number): ReadVarint | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const end = at + 2 ** (first >> 6);
  if (end > bytes.length) return undefined;
  let value = first & 0x3f;
  for (let next = at + 1; next < end; next++) value = value * 256 + (bytes[next] ?? 0);
  return Number.isSafeInteger(value) ? { value, end } : undefined;
}
