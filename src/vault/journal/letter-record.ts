// The payload of a letter's key record: everything one reader needs beside the shared data packet (decision 0002).

import { err, ok, type Result } from '#base/result.ts';
import { idFromBytes, idToBytes, type LetterId, type MailboxId } from '#base/ids.ts';

export interface LetterRecord {
  readonly letterId: LetterId;
  readonly mailboxId: MailboxId;
  /** Where the data packet lies: journal and body-lane seq. Its digest binds the two records. */
  readonly bodyJournal: number;
  readonly bodySeq: number;
  readonly packetDigest: Uint8Array;
  readonly packetBytes: number;
  /** HMAC-SHA-256(ledger key, letter id ‖ packet digest): what the ledger sums. */
  readonly element: Uint8Array;
  /** Milliseconds since 1970; 0: never. */
  readonly expiresMs: number;
  readonly receivedMs: number;
  readonly renderVersion: number;
  readonly renderSizeBytes: number;
  /** 0: as it is; 1: under the letter's expiry key (mortal). Holds for key packet, summary and terms. */
  readonly wrapping: number;
  readonly keywords: readonly string[];
  readonly keyPacket: Uint8Array;
  readonly summary: Uint8Array;
  readonly terms: Uint8Array;
}

const VERSION = 1;
const FIXED_BYTES = 150;

/** Fixed part of 150 bytes, then keywords, key packet, summary, terms, each with a 4-byte length. */
export function encodeLetterRecord(record: LetterRecord): Buffer {
  const keywords = Buffer.from(record.keywords.toSorted().join(' '), 'utf8');
  const variable = [keywords, record.keyPacket, record.summary, record.terms];
  const bytes = Buffer.allocUnsafe(FIXED_BYTES + variable.reduce((sum, part) => sum + 4 + part.length, 0));
  bytes.writeUInt16BE(VERSION, 0);
  bytes.set(idToBytes(record.letterId), 2);
  bytes.set(idToBytes(record.mailboxId), 18);
  bytes.writeUInt16BE(record.bodyJournal, 34);
  bytes.writeBigUInt64BE(BigInt(record.bodySeq), 36);
  bytes.set(record.packetDigest, 44);
  bytes.writeUInt32BE(record.packetBytes, 76);
  bytes.set(record.element, 80);
  bytes.writeBigUInt64BE(BigInt(record.expiresMs), 112);
  bytes.writeBigUInt64BE(BigInt(record.receivedMs), 120);
  bytes.writeUInt16BE(record.renderVersion, 128);
  bytes.writeUInt32BE(record.renderSizeBytes, 130);
  bytes.writeUInt16BE(record.wrapping, 134);
  bytes.fill(0, 136, FIXED_BYTES); // room for a later version
  let at = FIXED_BYTES;
  for (const part of variable) {
    bytes.writeUInt32BE(part.length, at);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

/** Bytes → record; views into `bytes`, not copies. */
export function decodeLetterRecord(bytes: Buffer): Result<LetterRecord, { kind: 'malformed' }> {
  if (bytes.length < FIXED_BYTES + 16 || bytes.readUInt16BE(0) !== VERSION) return err({ kind: 'malformed' });
  const parts: Buffer[] = [];
  let at = FIXED_BYTES;
  while (parts.length < 4) {
    if (at + 4 > bytes.length) return err({ kind: 'malformed' });
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return err({ kind: 'malformed' });
    parts.push(bytes.subarray(at + 4, end));
    at = end;
  }
  const [keywords, keyPacket, summary, terms] = parts;
  if (at !== bytes.length || !keywords || !keyPacket || !summary || !terms) return err({ kind: 'malformed' });
  return ok({
    letterId: idFromBytes<LetterId>(bytes.subarray(2, 18)),
    mailboxId: idFromBytes<MailboxId>(bytes.subarray(18, 34)),
    bodyJournal: bytes.readUInt16BE(34),
    bodySeq: Number(bytes.readBigUInt64BE(36)),
    packetDigest: bytes.subarray(44, 76),
    packetBytes: bytes.readUInt32BE(76),
    element: bytes.subarray(80, 112),
    expiresMs: Number(bytes.readBigUInt64BE(112)),
    receivedMs: Number(bytes.readBigUInt64BE(120)),
    renderVersion: bytes.readUInt16BE(128),
    renderSizeBytes: bytes.readUInt32BE(130),
    wrapping: bytes.readUInt16BE(134),
    keywords: keywords.length === 0 ? [] : keywords.toString('utf8').split(' '),
    keyPacket,
    summary,
    terms,
  });
}

const EMPTY_PARTS = Buffer.alloc(12); // key packet, summary and terms of no length

/** A letter's record as `decodeLetterRecord` reads it, with nothing in place of its sealed parts. */
export function copyWithoutSealed(payload: Buffer): Buffer {
  if (payload.length < FIXED_BYTES + 4) return Buffer.from(payload);
  const until = Math.min(payload.length, FIXED_BYTES + 4 + payload.readUInt32BE(FIXED_BYTES));
  return Buffer.concat([payload.subarray(0, until), EMPTY_PARTS]);
}

/** Which letter a record is of and where its body lies, without reading the rest. */
export function readLetterName(payload: Buffer): { readonly letterId: LetterId; readonly bodySeq: number } | undefined {
  if (payload.length < FIXED_BYTES || payload.readUInt16BE(0) !== VERSION) return undefined;
  return { letterId: idFromBytes<LetterId>(payload.subarray(2, 18)), bodySeq: Number(payload.readBigUInt64BE(36)) };
}
