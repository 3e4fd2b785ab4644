// Notices of changes into the mailboxes of those who answer for them, sealed like any letter; and receipts of what was done.

import { randomBytes } from 'node:crypto';
import { err, ok } from '#base/result.ts';
import { writeHouseLetter } from '#post/delivery/queue/notices.ts';
import { readOwnAddresses } from '#vault/database/addresses-read.ts';
import type { ChangeBook } from '#vault/safeguards/change/change-book.ts';
import type { TellNeighbour } from '#vault/safeguards/change/neighbours.ts';
import { createRecorder } from './house-book.ts';
import type { SafeguardParts } from './open-safeguards.ts';

export function operatorPost(parts: SafeguardParts, book: () => ChangeBook): TellNeighbour {
  const { vault, reception, config, clock, log } = parts;
  const record = createRecorder(vault.door, vault.book);
  const house = { domain: config.domain, nowMs: () => clock.nowMs(), token: () => randomBytes(16).toString('hex') };
  const sendAll = async (subject: string, plainText: string): Promise<number> => {
    let reached = 0;
    for (const to of await addressesOf(parts, book())) {
      const plainLetter = writeHouseLetter(house, { to, subject, plainText });
      const [outcome] = await reception.submit({ mailFrom: '', recipients: [to], plainLetter, by: 'house notice' });
      if (outcome?.outcome === 'kept') reached += 1;
      else log.warn('change.noticeNotKept', {});
    }
    return reached;
  };
  return {
    tell: ({ subject, text }) => sendAll(subject, text),
    async tryLetter() {
      if (!book().operators.some(({ accountId }) => accountId !== null))
        return ok('no operator has a mailbox to try it with');
      const reached = await sendAll(
        'A letter to try the house with',
        'It came through the door after a change, and into the rows.',
      );
      if (reached === 0) return err({ kind: 'letter', sentence: 'no letter comes through to an operator’s mailbox.' });
      return ok(`${reached} came through`);
    },
    async receipt(kind, facts) {
      const made = await record({ kind, facts });
      if (!made.ok) log.warn('change.receiptNotMade', { why: made.error.kind === 'bookClosed' });
    },
  };
}

/** The first address of each that has a mailbox; none while the database does not answer. */
async function addressesOf({ vault, log }: SafeguardParts, book: ChangeBook): Promise<readonly string[]> {
  const addresses: string[] = [];
  for (const { accountId } of book.operators) {
    if (accountId === null) continue;
    try {
      const own = await readOwnAddresses(vault.database.reader, accountId);
      const first = own.find(({ isRemoved }) => !isRemoved);
      if (first !== undefined) addresses.push(first.address);
    } catch (cause) {
      log.fault('change.addressNotRead', cause);
    }
  }
  return addresses;
}
