// The body as a DKIM signature covers it (RFC 6376 §3.4.3, §3.4.4). Most bodies are relaxed already and are not copied.

import type { Canonicalization } from './dkim-signature.ts';

const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const CRLF = Uint8Array.of(CR, LF);

export interface CanonicalBody {
  /** To be hashed in order. */
  readonly pieces: readonly Uint8Array[];
  readonly sizeBytes: number;
}

export function canonicalBody(body: Uint8Array, how: Canonicalization): CanonicalBody {
  const text = how === 'relaxed' && !isRelaxed(body) ? relax(body) : body;
  const end = withoutEmptyLines(text);
  // An empty body is CRLF in simple and nothing in relaxed; a body always ends with one CRLF.
  if (end === 0) return how === 'simple' ? { pieces: [CRLF], sizeBytes: 2 } : { pieces: [], sizeBytes: 0 };
  return { pieces: [text.subarray(0, end), CRLF], sizeBytes: end + 2 };
}

/** The first `bytesMax` bytes of a canonical body (l=). */
export function cutBody(body: CanonicalBody, bytesMax: number | undefined): CanonicalBody {
  if (bytesMax === undefined || bytesMax >= body.sizeBytes) return body;
  const pieces: Uint8Array[] = [];
  let missing = bytesMax;
  for (const piece of body.pieces) {
    pieces.push(piece.subarray(0, missing));
    missing -= Math.min(missing, piece.length);
  }
  return { pieces, sizeBytes: bytesMax };
}

/** Index behind the last line's text: all CRLFs at the end are gone. */
function withoutEmptyLines(text: Uint8Array): number {
  let end = text.length;
  while (end >= 2 && text[end - 1] === LF && text[end - 2] === CR) end -= 2;
  return end;
}

/** No tab, no two blanks in a row, no blank at the end of a line. */
function isRelaxed(body: Uint8Array): boolean {
  const length = body.length;
  for (let at = 0; at < length; at++) {
    const byte = body[at];
    if (byte === TAB) return false;
    if (byte !== SPACE) continue;
    const next = body[at + 1];
    if (next === undefined || next === SPACE || next === TAB || (next === CR && endsLine(body, at + 1))) return false;
  }
  return true;
}

function endsLine(body: Uint8Array, at: number): boolean {
  return body[at] === CR && body[at + 1] === LF;
}

/** Runs of blanks become one; blanks at the end of a line (or of the body) go. Only CRLF ends a line. */
function relax(body: Uint8Array): Uint8Array {
  const relaxed = new Uint8Array(body.length);
  let length = 0;
  let isBlankPending = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0;
    if (byte === SPACE || byte === TAB) {
      isBlankPending = true;
      continue;
    }
    if (isBlankPending && !endsLine(body, at)) relaxed[length++] = SPACE;
    isBlankPending = false;
    relaxed[length++] = byte;
  }
  return relaxed.subarray(0, length);
}
