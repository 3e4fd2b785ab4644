// Fulfilment in this house: what its jobs can read of rows, journal and queue, and where sealed packages wait.

import { join } from 'node:path';
import type { AccountId } from '#base/ids.ts';
import type { Clock } from '#base/clock.ts';
import { DamagedLetter, type DisclosureReader } from '#office/desk/fulfil/disclosure-reader.ts';
import { Fulfilment } from '#office/desk/fulfil/fulfilment.ts';
import type { RecipientProgress } from '#post/delivery/outbox.ts';
import type { Queue } from '#post/delivery/queue/queue.ts';
import { findOwner, readSealedPlaces, readSubscriber, readWaitingOf } from '#vault/database/read-disclosure.ts';
import type { HouseDesk } from './open-desk.ts';
import type { Vault } from './open-vault.ts';
import { createPackageStore } from './package-store.ts';

export interface FulfilmentFacts {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly vault: Pick<Vault, 'database' | 'door' | 'journal'>;
  readonly queue: Pick<Queue, 'list' | 'progress'>;
}

const TIDY_MS = 3_600_000;

export function openFulfilment({ desk, book }: Pick<HouseDesk, 'desk' | 'book'>, facts: FulfilmentFacts): Fulfilment {
  const store = createPackageStore(join(facts.dataDir, 'desk'));
  const fulfilment = new Fulfilment({ desk, book, store, reader: openDisclosureReader(facts) });
  // a filing may be closed elsewhere; while the database is away nothing is dropped
  const tidy = (): void => void fulfilment.tidy();
  setInterval(tidy, TIDY_MS).unref();
  return fulfilment;
}

export function openDisclosureReader({ clock, vault, queue }: Omit<FulfilmentFacts, 'dataDir'>): DisclosureReader {
  const { journal, door, database } = vault;
  const { db } = database.reader;
  return {
    async findAccount(address) {
      const found = await findOwner(db, address);
      // rows of letters come lazily
      if (found !== undefined && found !== 'several') await door.settled(found);
      return found;
    },
    async subscriber(account) {
      const row = await readSubscriber(db, account);
      if (row === undefined) return undefined;
      const { addresses, createdMs, closedMs } = row;
      const living = addresses.filter(({ isRemoved }) => !isRemoved);
      const named = (kind: 'address' | 'alias'): readonly string[] =>
        living.filter((one) => one.kind === kind).map(({ address }) => address);
      return {
        addresses: named('address'),
        aliases: named('alias'),
        givenUp: addresses.filter(({ isRemoved }) => isRemoved).map(({ address }) => address),
        createdMs,
        closedMs,
      };
    },
    async *letters(account) {
      for await (const page of readSealedPlaces(db, account)) {
        for (const { key, body, receivedMs, expiresMs } of page) {
          if (expiresMs !== 0 && expiresMs <= clock.nowMs()) continue;
          const [record, packet] = await Promise.all([journal.readLetterRecord(key), journal.readBody(body)]);
          if (!record.ok && record.error.kind === 'erased') continue;
          if (!record.ok || !packet.ok) throw new DamagedLetter();
          yield { receivedMs, expiresMs, sealed: Buffer.concat([record.value.keyPacket, packet.value]) };
        }
      }
    },
    waiting: (account) => waitingOf(account, { db, queue }),
  };
}

/** Sender from the rows, recipients from the queue: who has theirs already is left out. */
async function waitingOf(
  account: AccountId,
  { db, queue }: { readonly db: Parameters<typeof readWaitingOf>[0]; readonly queue: FulfilmentFacts['queue'] },
): ReturnType<DisclosureReader['waiting']> {
  const due = new Map(queue.list().map((letter) => [letter.id, letter]));
  const waiting: Awaited<ReturnType<DisclosureReader['waiting']>>[number][] = [];
  for (const { submissionId, sender, queuedMs } of await readWaitingOf(db, account)) {
    const letter = due.get(submissionId);
    const progress = letter && (await queue.progress(account, submissionId));
    const recipients = (progress ?? []).filter(isWaiting).map(({ address }) => address);
    if (letter !== undefined && recipients.length > 0)
      waiting.push({ sender, recipients, queuedMs, dueMs: letter.dueMs });
  }
  return waiting;
}

function isWaiting({ state }: RecipientProgress): boolean {
  return state === 'queued';
}
