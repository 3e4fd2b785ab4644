// For tests: a process that journals letters and promises, feeds the book and tells every head it signs, until it is killed.

import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { join } from 'node:path';
import { manualClock } from '#base/clock.ts';
import { newId, type AccountId, type InstanceId, type LetterId, type MailboxId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { nodeDisk } from '../journal/disk.ts';
import type { KeyRecord } from '../journal/journal.ts';
import { openJournal, type SingleWriterJournal } from '../journal/open-journal.ts';
import type { BookKeys } from './bodies.ts';
import { openCheckpoint } from './checkpoint.ts';
import { openBook, type Book } from './open-book.ts';
import { isPromise, promiseOf } from './test-feed.ts';

const MINUTE = 60_000;
const ACTOR = { kind: 'system', id: new Uint8Array(16) } as const;

export interface KilledHouse {
  readonly journal: SingleWriterJournal;
  readonly book: Book;
  readonly clock: ReturnType<typeof manualClock>;
}

/** Keys that follow from the folder, so that every process has the same. */
function keysOf(directory: string): BookKeys {
  const seed = createHash('sha256').update(directory).digest();
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    instanceId: 'a'.repeat(26) as InstanceId,
    ledgerKey: seed,
    publicKey: createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

/** `forgets`: the twin, whose checkpoint does not know which record was the last. */
export async function openKilledHouse(directory: string, forgets: boolean): Promise<KilledHouse> {
  const keys = keysOf(directory);
  const clock = manualClock(1_700_000_000_000);
  const { journal } = await openJournal({
    disk: nodeDisk,
    directory: join(directory, 'journal'),
    instanceId: keys.instanceId,
    journal: 0,
    clock,
    build: new Uint8Array(8),
    lastAccountSeq: () => 0,
  });
  const opened = await openBook({
    disk: nodeDisk,
    directory: join(directory, 'book'),
    journal: 0,
    keys,
    clock,
    log: silentLog,
    source: {
      journal,
      appliedSeq: () => journal.durableSeq,
      promisesOf: async (records) => records.filter(isPromise).map(promiseOf),
    },
    ...(forgets ? { openCheckpoint: openForgetful } : {}),
  });
  if (!opened.ok) throw new Error(opened.error.kind);
  const { timeMs } = opened.value.newestHead();
  clock.advanceMs(Math.max(0, timeMs - clock.nowMs()));
  return { journal, book: opened.value, clock };
}

const openForgetful: typeof openCheckpoint = async (disk, directory) => {
  const real = await openCheckpoint(disk, directory);
  let last = { ...real.last, position: 0 };
  return {
    get last() {
      return last;
    },
    async write(state) {
      await real.write(state);
      last = state;
    },
    close: () => real.close(),
  };
};

async function appendSome(journal: SingleWriterJournal): Promise<readonly KeyRecord[]> {
  const letters = Array.from({ length: 8 }, () => {
    const packet = randomBytes(64);
    return journal.appendLetter({
      packet,
      packetDigest: createHash('sha256').update(packet).digest(),
      copies: [{ accountId: newId<AccountId>(), actor: ACTOR, record: letterPart() }],
    });
  });
  const command = { kind: 'credentialPromoted', effect: { version: 1, keepSessions: [] } } as const;
  const promise = journal.appendCommand({ accountId: newId<AccountId>(), actor: ACTOR, command });
  const done = await Promise.all([...letters, promise]);
  const records = done.flatMap((result) => (result.ok ? result.value : []));
  return records.toSorted((a, b) => a.header.seq - b.header.seq);
}

function letterPart() {
  const empty = new Uint8Array(0);
  return {
    letterId: newId<LetterId>(),
    mailboxId: newId<MailboxId>(),
    element: new Uint8Array(32),
    expiresMs: 0,
    receivedMs: 1_700_000_000_000,
    renderVersion: 1,
    renderSizeBytes: 100,
    wrapping: 0,
    keywords: [],
    keyPacket: empty,
    summary: empty,
    terms: empty,
  };
}

/** A head is printed when it was signed: from then on somebody may hold it. */
async function runUntilKilled(directory: string, forgets: boolean): Promise<void> {
  const { journal, book, clock } = await openKilledHouse(directory, forgets);
  for (let round = 0; ; round++) {
    book.offer(await appendSome(journal));
    clock.advanceMs(round % 3 === 0 ? 25 * MINUTE : 1_000);
    await book.work();
    process.stdout.write(`${JSON.stringify(book.newestHead())}\n`);
  }
}

if (import.meta.main) await runUntilKilled(process.argv[2] ?? '', process.argv[3] === 'forgets');
