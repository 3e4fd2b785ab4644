// For tests of this room: a journal in memory with letters and promises, and rows that follow when they are told to.

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { newId, type AccountId, type InstanceId, type LetterId, type MailboxId } from '#base/ids.ts';
import type { KeyRecord, RecordContent } from '../journal/journal.ts';
import type { RecordHeader } from '../journal/record.ts';
import type { RecordKind } from '../journal/record-types.ts';
import type { BookKeys, LetterFacts, Promised } from './bodies.ts';
import type { FeedSource } from './feeder.ts';

export function makeBookKeys(): BookKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    instanceId: newId<InstanceId>(),
    ledgerKey: randomBytes(32),
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

export interface Scripted extends FeedSource {
  /** Appends what `make` makes of the next seq; it counts as applied at once. */
  add(make: (seq: number) => KeyRecord): void;
  void(seq: number): void;
  /** From now on only so much is in the rows. */
  apply(seq: number): void;
  records(from: number, to: number): readonly KeyRecord[];
  readonly letters: readonly LetterFacts[];
  readonly promises: readonly Promised[];
}

export function scriptedSource(): Scripted {
  const records: KeyRecord[] = [];
  const voided = new Set<number>();
  let applied = 0;
  const promisesOf = (of: readonly KeyRecord[]): readonly Promised[] => of.filter(isPromise).map(promiseOf);
  return {
    add: (make) => {
      applied = records.push(make(records.length + 1));
    },
    void: (seq) => void voided.add(seq),
    apply: (seq) => (applied = seq),
    records: (from, to) => records.slice(from - 1, to),
    appliedSeq: () => applied,
    promisesOf: async (of) => promisesOf(of),
    journal: {
      findVoided: async () => voided,
      async *readKeyRecords(afterSeq) {
        for (let at = afterSeq; at < records.length; at += 7) yield records.slice(at, at + 7);
      },
    },
    get letters() {
      return records.flatMap(lettersOf);
    },
    get promises() {
      return promisesOf(records);
    },
  };
}

export function lettersOf({ header, content }: KeyRecord): readonly LetterFacts[] {
  if (content.kind !== 'letter') return [];
  const { letterId, packetDigest, receivedMs } = content.letter;
  return [{ journal: header.journal, seq: header.seq, letterId, packetDigest, receivedMs }];
}

export function isPromise({ header }: KeyRecord): boolean {
  return header.kind === 'credentialPromoted';
}

export function promiseOf({ header: { journal, seq, timeMs } }: KeyRecord): Promised {
  return { journal, seq, nth: 0, kind: 'password-changed', timeMs, facts: { account: 'x', version: seq } };
}

export function letterRecord(seq: number, timeMs: number): KeyRecord {
  const empty = new Uint8Array(0);
  const place = { journal: 0, seq, segment: 1, offset: 0 };
  const letter = {
    letterId: newId<LetterId>(),
    mailboxId: newId<MailboxId>(),
    bodyJournal: 0,
    bodySeq: seq,
    packetDigest: randomBytes(32),
    packetBytes: 100,
    element: empty,
    expiresMs: 0,
    receivedMs: timeMs,
    renderVersion: 1,
    renderSizeBytes: 100,
    wrapping: 0,
    keywords: [],
    keyPacket: empty,
    summary: empty,
    terms: empty,
  };
  return record('letter', seq, timeMs, { kind: 'letter', letter, bodyPlace: place });
}

export function promiseRecord(seq: number, timeMs: number): KeyRecord {
  const command = { kind: 'credentialPromoted', effect: { version: seq, keepSessions: [] } } as const;
  return record('credentialPromoted', seq, timeMs, { kind: 'command', command });
}

function record(kind: RecordKind, seq: number, timeMs: number, content: RecordContent): KeyRecord {
  const header: RecordHeader = {
    journal: 0,
    lane: 'key',
    kind,
    seq,
    timeMs,
    class: 'ordinary',
    chainDay: 0,
    epoch: 0,
    actor: { kind: 'system', id: new Uint8Array(16) },
    build: new Uint8Array(8),
    accountId: newId<AccountId>(),
    accountSeq: seq,
    span: 1,
    durableThrough: 0,
    payloadBytes: 0,
    digest: new Uint8Array(32),
  };
  return { header, place: { journal: 0, seq, segment: 1, offset: 0 }, content };
}
