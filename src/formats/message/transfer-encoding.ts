// Content-Transfer-Encoding undone: base64, quoted-printable, uuencode and the Q of encoded words (RFC 2045 §6, RFC 2047 §4.2).

const VALUES = new Int8Array(256).fill(-1);
for (let i = 0; i < 64; i++) {
  VALUES['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'.charCodeAt(i)] = i;
}
VALUES[45] = 62; // base64url turns up in letters too
VALUES[95] = 63;

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const EQUALS = 61;

/** Base64 → bytes. Characters outside the alphabet are skipped; padding ends a quantum, text behind it is read on. */
export function decodeBase64(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(Math.ceil((bytes.length * 3) / 4) + 3);
  let at = 0;
  let bits = 0;
  let value = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    const digit = VALUES[byte] ?? -1;
    if (digit >= 0) {
      value = (value << 6) | digit;
      bits += 6;
      if (bits === 24) {
        out[at] = value >> 16;
        out[at + 1] = value >> 8;
        out[at + 2] = value;
        at += 3;
        bits = 0;
        value = 0;
      }
    } else if (byte === EQUALS) {
      at = flushBits(out, at, { bits, value });
      bits = 0;
      value = 0;
    }
  }
  return out.subarray(0, flushBits(out, at, { bits, value }));
}

function flushBits(out: Uint8Array, at: number, left: { bits: number; value: number }): number {
  if (left.bits === 12) {
    out[at] = left.value >> 4;
    return at + 1;
  }
  if (left.bits === 18) {
    out[at] = left.value >> 10;
    out[at + 1] = left.value >> 2;
    return at + 2;
  }
  return at;
}

/** Quoted-printable → bytes. Broken escapes stay as they are; blanks at line ends go (RFC 2045 §6.7 rule 3). */
export function decodeQuotedPrintable(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  let at = 0;
  let blanksFrom = -1; // where the blanks before `at` in `out` start
  let i = 0;
  while (i < bytes.length) {
    const byte = bytes[i] ?? 0;
    if (byte > EQUALS) {
      out[at++] = byte; // letters, the most frequent, leave first
      blanksFrom = -1;
      i++;
      continue;
    }
    if (byte === EQUALS) {
      const next = softBreakEnd(bytes, i + 1);
      blanksFrom = -1;
      if (next > 0) {
        i = next;
        continue;
      }
      const escaped = hexPair(bytes, i + 1);
      out[at++] = escaped < 0 ? EQUALS : escaped;
      i += escaped < 0 ? 1 : 3;
      continue;
    }
    if (byte === SPACE || byte === TAB) {
      if (blanksFrom < 0) blanksFrom = at;
    } else {
      const endsLine = byte === LF || (byte === CR && bytes[i + 1] === LF);
      if (endsLine && blanksFrom >= 0) at = blanksFrom;
      blanksFrom = -1;
    }
    out[at++] = byte;
    i++;
  }
  return out.subarray(0, at);
}

/** Offset behind the line end if only blanks stand between `at` and it (a soft line break), else -1. */
function softBreakEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] === SPACE || bytes[at] === TAB) at++;
  if (bytes[at] === CR && bytes[at + 1] === LF) return at + 2;
  if (bytes[at] === LF) return at + 1;
  return at >= bytes.length ? bytes.length : -1;
}

/** The Q encoding of encoded words → bytes. */
export function decodeQ(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  let at = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    const escaped = byte === EQUALS ? hexPair(bytes, i + 1) : -1;
    if (escaped >= 0) i += 2;
    out[at++] = escaped >= 0 ? escaped : byte === 95 ? SPACE : byte;
  }
  return out.subarray(0, at);
}

function hexPair(bytes: Uint8Array, at: number): number {
  const high = hexDigit(bytes[at] ?? 0);
  const low = hexDigit(bytes[at + 1] ?? 0);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

export function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  if (byte >= 65 && byte <= 70) return byte - 55;
  if (byte >= 97 && byte <= 102) return byte - 87;
  return -1;
}

/** Uuencode (one file) → bytes; lines before "begin" and after "end" are dropped. */
export function decodeUuencode(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length);
  let at = 0;
  let isInside = false;
  let lineStart = 0;
  while (lineStart < bytes.length) {
    const found = bytes.indexOf(LF, lineStart);
    const lineEnd = found < 0 ? bytes.length : found;
    if (!isInside) isInside = startsWith(bytes, lineStart, 'begin ');
    else if (startsWith(bytes, lineStart, 'end')) break;
    else at = uuLine(bytes, { start: lineStart, end: lineEnd }, { out, at });
    lineStart = lineEnd + 1;
  }
  return out.subarray(0, at);
}

function uuLine(
  bytes: Uint8Array,
  line: { start: number; end: number },
  target: { out: Uint8Array; at: number },
): number {
  const wanted = ((bytes[line.start] ?? SPACE) - SPACE) & 63;
  let { at } = target;
  const stop = Math.min(at + wanted, target.out.length);
  for (let i = line.start + 1; i + 1 < line.end && at < stop; i += 4) {
    const group = [0, 1, 2, 3].map((k) => (i + k < line.end ? ((bytes[i + k] ?? SPACE) - SPACE) & 63 : 0));
    const value = ((group[0] ?? 0) << 18) | ((group[1] ?? 0) << 12) | ((group[2] ?? 0) << 6) | (group[3] ?? 0);
    for (let shift = 16; shift >= 0 && at < stop; shift -= 8) target.out[at++] = value >> shift;
  }
  return at;
}

function startsWith(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}
