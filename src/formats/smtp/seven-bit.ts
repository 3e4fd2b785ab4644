// A letter with 8-bit contents for a peer that takes only 7-bit ones: such parts are encoded anew (RFC 6152 §3, RFC 2045 §6).

import { base64Lines, quotedPrintable } from '../compose/encode-part.ts';
import { readHeaderSection } from '../message/header-fields.ts';
import { everyPart, readParts, type Part } from '../message/parts.ts';

interface Change {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

const PLAIN_ENCODINGS = new Set(['7bit', '8bit', 'binary']);
const ascii = new TextEncoder();

/**
 * The letter with all contents in 7 bits; undefined where that would break a signature (multipart/signed), would change
 * what must stay as it is (message/…, preambles), or where header fields hold more than ASCII. Line ends must be CRLF.
 */
export function toSevenBit(bytes: Uint8Array): Uint8Array | undefined {
  const changes: Change[] = [];
  for (const part of everyPart(readParts(bytes, readHeaderSection(bytes)))) {
    if (!hasHighByte(bytes, part.bodyOffset, part.endOffset)) continue;
    const { type, subtype } = part.contentType;
    if (type === 'message' || subtype === 'signed' || !PLAIN_ENCODINGS.has(part.encoding)) return undefined;
    if (type === 'multipart') {
      changes.push(fieldChange(part, '7bit'));
      continue;
    }
    const body = bytes.subarray(part.bodyOffset, part.endOffset);
    const isText = type === 'text';
    const encoded = isText ? quotedPrintable(body) : base64Lines(body);
    changes.push(fieldChange(part, isText ? 'quoted-printable' : 'base64'));
    changes.push({ from: part.bodyOffset, to: part.endOffset, bytes: encoded });
  }
  const changed = withChanges(
    bytes,
    changes.toSorted((a, b) => a.from - b.from),
  );
  return hasHighByte(changed, 0, changed.length) ? undefined : changed;
}

/** In place of the old field, or in front of all fields of the part. */
function fieldChange(part: Part, encoding: string): Change {
  const bytes = ascii.encode(`Content-Transfer-Encoding: ${encoding}\r\n`);
  const field = part.fields.find(({ name }) => name === 'content-transfer-encoding');
  if (field !== undefined) return { from: field.startOffset, to: field.endOffset, bytes };
  return { from: part.startOffset, to: part.startOffset, bytes };
}

function withChanges(bytes: Uint8Array, changes: readonly Change[]): Uint8Array {
  const size = changes.reduce((sum, { from, to, bytes: by }) => sum + by.length - (to - from), bytes.length);
  const changed = new Uint8Array(size);
  let read = 0;
  let length = 0;
  for (const { from, to, bytes: by } of changes) {
    changed.set(bytes.subarray(read, from), length);
    length += from - read;
    changed.set(by, length);
    length += by.length;
    read = to;
  }
  changed.set(bytes.subarray(read), length);
  return changed;
}

export function hasHighByte(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((bytes[at] ?? 0) > 127) return true;
  return false;
}
