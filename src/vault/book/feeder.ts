// Takes the journal's key lane into the book, in order and once: letters become leaves of the open batch, promises become entries (decision 0012).

import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '#base/clock.ts';
import type { KeyRecord } from '../journal/journal.ts';
import type { SingleWriterJournal } from '../journal/open-journal.ts';
import type { RecordKind } from '../journal/record-types.ts';
import type { Bodies, Promised } from './bodies.ts';
import type { BookStore } from './book-store.ts';
import { receiptBytes } from './check/receipt.ts';
import { fastLeafHash } from './fast-hash.ts';

export interface FeedSource {
  readonly journal: Pick<SingleWriterJournal, 'readKeyRecords' | 'findVoided'>;
  /** The last record whose effect is in the rows: beyond it nothing is decided yet. */
  readonly appliedSeq: () => number;
  /** The promises that the rows keep of these records, in order of record and number. */
  readonly promisesOf: (records: readonly KeyRecord[]) => Promise<readonly Promised[]>;
}

/** Records that a promise to somebody follows from. Letters are promises of their own. */
export const PROMISING: ReadonlySet<RecordKind> = new Set<RecordKind>([
  'accountCreated',
  'credentialPromoted',
  'keysPut',
  'holderRemoved',
  'addressAdded',
  'receiptRecorded',
  'deskNoted',
]);

/** Letters hashed in one go: what comes in meanwhile waits a fraction of a millisecond. */
const SLICE = 64;
const REST_AFTER_MS = 5;
/** The machine may have slept meanwhile. */
const REST_MOST_MS = 250;

export interface FeederParts {
  readonly source: FeedSource;
  readonly bodies: Bodies;
  readonly clock: Clock;
  /** True: what is still to be taken waits for the next start. */
  readonly isOver: () => boolean;
}

/**
 * Records as they come from the rows. Where some are missing in between (voided, unreadable, or never offered because the
 * database was away) the journal is asked; what was taken before is passed over.
 */
export async function takeOffered(parts: FeederParts, store: BookStore, records: readonly KeyRecord[]): Promise<void> {
  const fresh = records.filter(({ header }) => header.seq > store.position);
  const last = fresh.at(-1);
  if (last === undefined) return;
  const isGapless = last.header.seq - store.position === fresh.length;
  await (isGapless ? takeRecords(parts, store, fresh) : takeFromJournal(parts, store, last.header.seq));
}

/**
 * Everything up to `untilSeq` from the journal's files. Commits on the way, so that memory stays small, and rests as long as
 * it works: letters that arrive meanwhile are taken by the same thread.
 */
export async function takeFromJournal(parts: FeederParts, store: BookStore, untilSeq: number): Promise<void> {
  const { journal } = parts.source;
  const voided = await journal.findVoided(store.position);
  let beganMs = parts.clock.monotonicMs();
  for await (const records of journal.readKeyRecords(store.position)) {
    const decided = records.filter(({ header }) => header.seq <= untilSeq);
    const valid = decided.filter(({ header }) => !voided.has(header.seq));
    await takeRecords(parts, store, valid);
    if (store.waiting === 'entries') await store.commit();
    if (decided.length < records.length) break;
    if (parts.isOver()) return;
    const workedMs = parts.clock.monotonicMs() - beganMs;
    if (workedMs < REST_AFTER_MS) continue;
    await wait(Math.min(workedMs, REST_MOST_MS));
    beganMs = parts.clock.monotonicMs();
  }
  if (untilSeq > store.position) store.passed(untilSeq);
}

async function takeRecords(
  { source, bodies, clock }: FeederParts,
  store: BookStore,
  records: readonly KeyRecord[],
): Promise<void> {
  const promising = records.filter(({ header, content }) => PROMISING.has(header.kind) && content.kind === 'command');
  const promises = promising.length === 0 ? [] : await source.promisesOf(promising);
  let next = 0;
  for (const [index, { header, content }] of records.entries()) {
    if (index % SLICE === SLICE - 1) await turn();
    const { seq, timeMs } = header;
    // without its body a letter was never answered with 250
    if (content.kind === 'letter' && content.bodyPlace !== undefined) {
      const { letterId, packetDigest, receivedMs } = content.letter;
      const leaf = fastLeafHash(
        receiptBytes(bodies.letter({ journal: store.journal, seq, letterId, packetDigest, receivedMs })),
      );
      store.addLetter({ seq, leaf }, timeMs, clock.nowMs());
      continue;
    }
    for (; promises[next]?.seq === seq; next++) {
      const promise = promises[next];
      if (promise)
        store.addEntry({ seq, nth: promise.nth, leaf: fastLeafHash(receiptBytes(bodies.promised(promise))) });
    }
    store.passed(seq);
  }
}
