// Decision 0002's vectors: bytes on disk are for ever, so they are compared with bytes written down, not with our own decoder.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { idFromBytes, newId, type AccountId, type InstanceId, type LetterId, type MailboxId } from '#base/ids.ts';
import { crc32c } from './crc32c.ts';
import { decodeLetterRecord, encodeLetterRecord, type LetterRecord } from './letter-record.ts';
import { encodeCommand, encodeErased } from './record-content.ts';
import { chainHash, decodeHeader, encodeHeader, type RecordHeader } from './record.ts';
import { decodeSegmentHeader, encodeSegmentHeader } from './segment.ts';

interface Vectors {
  readonly segment: string;
  readonly header: string;
  readonly hash: string;
  readonly letter: string;
  readonly command: string;
  readonly compactedSegment: string;
  readonly erased: string;
  readonly erasedAlso: string;
  readonly restated: string;
  readonly ended: string;
}

const counting = (from: number, length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (from + i) & 0xff);
const vectors = JSON.parse(await readFile(new URL('./vectors.json', import.meta.url), 'utf8')) as Vectors;

const header: RecordHeader = {
  journal: 3,
  lane: 'key',
  kind: 'letter',
  seq: 0x1_0000_0002,
  timeMs: 1_760_000_000_123,
  class: 'mortal',
  chainDay: 20_370,
  epoch: 489_000,
  actor: { kind: 'door', id: counting(0x40, 16) },
  build: counting(0x80, 8),
  accountId: idFromBytes<AccountId>(counting(0x10, 16)),
  accountSeq: 77,
  span: 1,
  durableThrough: 0x1_0000_0001,
  payloadBytes: 5_000,
  digest: createHash('sha256').update('payload').digest(),
};
const letter: LetterRecord = {
  letterId: idFromBytes<LetterId>(counting(1, 16)),
  mailboxId: idFromBytes<MailboxId>(counting(0x20, 16)),
  bodyJournal: 3,
  bodySeq: 9_000_000_001,
  packetDigest: createHash('sha256').update('packet').digest(),
  packetBytes: 10_240,
  element: createHash('sha256').update('element').digest(),
  expiresMs: 1_760_400_000_000,
  receivedMs: 1_760_000_000_000,
  renderVersion: 1,
  renderSizeBytes: 14_700,
  wrapping: 1,
  keywords: ['$seen', '$junk'],
  keyPacket: counting(0, 94),
  summary: counting(7, 32),
  terms: counting(9, 16),
};

test('CRC-32C gives the values of RFC 3720 appendix B.4', () => {
  assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assert.equal(crc32c(new Uint8Array(32).fill(0xff)), 0x62a8ab43);
  assert.equal(crc32c(counting(0, 32)), 0x46dd794e);
});

test('a record header is written as decision 0002 says and read back the same', () => {
  const bytes = encodeHeader(header);
  assert.equal(bytes.toString('hex'), vectors.header);
  assert.equal(chainHash(counting(5, 32), bytes).toString('hex'), vectors.hash);
  const read = decodeHeader(bytes);
  assert(read.ok);
  assert.deepEqual({ ...read.value, digest: Buffer.from(read.value.digest) }, header);
});

test('a header with any flipped bit is refused', () => {
  const bytes = encodeHeader(header);
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    assert(!decodeHeader(copy).ok, `bit ${bit}`);
  }
});

test('a letter’s key record is written as decision 0002 says and read back the same', () => {
  const bytes = encodeLetterRecord(letter);
  assert.equal(bytes.toString('hex'), vectors.letter);
  const read = decodeLetterRecord(bytes);
  assert(read.ok);
  assert.deepEqual(read.value.keywords, ['$junk', '$seen']);
  assert.deepEqual(encodeLetterRecord(read.value), bytes);
  for (let cut = 0; cut < bytes.length; cut++) assert(!decodeLetterRecord(bytes.subarray(0, cut)).ok);
});

test('a segment header and a command are written as decision 0002 says', () => {
  const segment = encodeSegmentHeader({
    instanceId: idFromBytes<InstanceId>(counting(0x30, 16)),
    journal: 3,
    lane: 'body',
    segment: 12,
    createdMs: 1_760_000_000_000,
    firstSeq: 4_001,
    previousHash: counting(5, 32),
    previousValidBytes: 1_048_500,
    afterCrash: true,
    compactions: 0,
    originalEnd: 0,
  });
  assert.equal(segment.toString('hex'), vectors.segment);
  const decoded = decodeSegmentHeader(segment);
  assert(decoded.ok);
  const compacted = encodeSegmentHeader({ ...decoded.value, compactions: 2, originalEnd: 1_048_500 });
  assert.equal(compacted.toString('hex'), vectors.compactedSegment);
  const again = decodeSegmentHeader(compacted);
  assert(again.ok && again.value.compactions === 2 && again.value.originalEnd === 1_048_500);
  assert.equal(compacted.subarray(0, 88).toString('hex'), segment.subarray(0, 88).toString('hex'));
  const command = encodeCommand({
    kind: 'lettersChanged',
    effect: { letters: [{ keywords: ['$seen'], id: letter.letterId }] },
  });
  assert.equal(Buffer.from(command).toString('utf8'), vectors.command);
});

test('an ERASED record and a restatement are written as decision 0015 says', () => {
  const one = { lane: 'key', journal: 3, seq: 4_001, reason: 'removed', command: 4_100 } as const;
  assert.equal(text(encodeErased(one)), vectors.erased);
  assert.equal(text(encodeErased({ ...one, also: [4_002, 4_050] })), vectors.erasedAlso);
  const restated = encodeCommand({
    kind: 'accountRestated',
    effect: { records: [{ seq: 17, effect: { collection: 'contacts', id: letter.letterId, version: 1, sealed: '' } }] },
  });
  assert.equal(text(restated), vectors.restated);
  const ended = encodeCommand({
    kind: 'accountErased',
    effect: { accountId: header.accountId ?? newId<AccountId>(), addresses: ['anna@siegel.test'] },
  });
  assert.equal(text(ended), vectors.ended);
});

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
