// The book of this house: opened beside the journal, fed with what reaches the rows; and how other rooms put a promise into it.

import { join } from 'node:path';
import { sign } from 'node:crypto';
import { assert } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import type { AccountId } from '#base/ids.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { isFacts, isKind, type Facts, type ReceiptFile } from '#vault/book/check/receipt.ts';
import { openBook, type Book } from '#vault/book/open-book.ts';
import type { CommitDoor, CommitRefusal } from '#vault/database/commit.ts';
import type { Database } from '#vault/database/open-database.ts';
import { readPromisesOf } from '#vault/database/read-receipts.ts';
import { nodeDisk } from '#vault/journal/disk.ts';
import type { SingleWriterJournal } from '#vault/journal/open-journal.ts';
import { signingKey, type KeyKit } from '#vault/keykit/key-kit.ts';

export interface BookParts {
  readonly dataDir: string;
  readonly kit: KeyKit;
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: SingleWriterJournal;
  readonly door: CommitDoor;
  readonly database: Database;
}

/** Undefined: it cannot be used, which is logged and stops nothing else. */
export async function openHouseBook(parts: BookParts): Promise<Book | undefined> {
  const { dataDir, kit, clock, log, journal, door, database } = parts;
  const privateKey = signingKey(kit.bookKey);
  try {
    const opened = await openBook({
      disk: nodeDisk,
      directory: join(dataDir, 'book'),
      journal: journal.journal,
      keys: {
        instanceId: kit.instanceId,
        ledgerKey: kit.ledgerKey,
        publicKey: kit.bookKey.publicKey,
        sign: (bytes) => sign(null, bytes, privateKey),
      },
      clock,
      log,
      source: {
        journal,
        appliedSeq: () => door.health.appliedSeq,
        promisesOf: (records) => readPromisesOf(database.reader.db, records),
      },
    });
    if (!opened.ok) {
      log.error('book.damaged', {});
      return undefined;
    }
    door.onApplied((_, records) => opened.value.offer(records));
    return opened.value;
  } catch (cause) {
    log.fault('book.notOpened', cause);
    return undefined;
  }
}

/** What is promised to an account, or by the house to nobody in particular. Facts are flat, so that a person can read them. */
export interface PromiseToRecord {
  readonly accountId?: AccountId;
  readonly kind: string;
  readonly facts: Facts;
}

export type RecordReceipt = (
  promise: PromiseToRecord,
) => Promise<Result<ReceiptFile, CommitRefusal | { readonly kind: 'bookClosed' }>>;

const SYSTEM = { kind: 'system', id: new Uint8Array(16) } as const;

/** Journals the promise; resolves with the signed receipt when it is durable and in the rows. It lies in the book a moment later. */
export function createRecorder(door: Pick<CommitDoor, 'commit'>, book: Book | undefined): RecordReceipt {
  return async ({ accountId, kind, facts }) => {
    assert(isKind(kind) && isFacts(facts), 'a promise has a kind and flat, bounded facts');
    if (book === undefined) return err({ kind: 'bookClosed' });
    const command = { kind: 'receiptRecorded', effect: { kind, facts } } as const;
    const done = await door.commit<never>(accountId, SYSTEM, async () => ok(command));
    if (!done.ok) return done;
    const { journal, seq, timeMs } = done.value.record.header;
    return ok(book.signedReceipt({ journal, seq, nth: 0, kind, timeMs, facts }));
  };
}
