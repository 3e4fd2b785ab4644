// Sums and states that many records move: gathered over a batch, written once at its end.

import { int4s, int8s, booleans, uuids } from '../array-parameter.ts';
import type { Session } from '../session.ts';
import type { Uuid } from '../tables.ts';
import type { RecordHeader } from '../../journal/record.ts';
import type { RecordKind } from '../../journal/record-types.ts';

/** Where an account stands after a batch: what push tells its listeners. */
export interface AccountState {
  readonly accountUuid: Uuid;
  readonly emailModseq: number;
  readonly mailboxModseq: number;
  readonly itemModseq: number;
  readonly submissionModseq: number;
}

interface AccountSum {
  seq: number;
  email: number;
  mailbox: number;
  item: number;
  submission: number;
  bytes: number;
  letters: number;
}

interface MailboxSum {
  readonly account: Uuid;
  readonly mailbox: Uuid;
  total: number;
  unread: number;
  modseq: number;
}

type States = readonly ('email' | 'mailbox' | 'item' | 'submission')[];

/** Which states a record moves: by its kind alone, so that an erased payload moves them as the living one did. */
const MOVES: { readonly [K in RecordKind]?: States } = {
  letter: ['email', 'mailbox'],
  lettersChanged: ['email', 'mailbox'],
  lettersRemoved: ['email', 'mailbox'],
  mailboxRemoved: ['email', 'mailbox'],
  summaryPut: ['email'],
  accountCreated: ['mailbox'],
  mailboxPut: ['mailbox'],
  itemPut: ['item'],
  itemRemoved: ['item'],
  blobPut: ['item'],
  blobRemoved: ['item'],
  submissionQueued: ['submission'],
  submissionCanceled: ['submission'],
  deliveryOutcome: ['submission'],
  submissionDone: ['submission'],
};

const UPDATE_MAILBOXES = `
  UPDATE mailbox m SET total = m.total + u.total, unread = m.unread + u.unread,
    counts_modseq = greatest(m.counts_modseq, u.modseq)
  FROM unnest($1::uuid[], $2::uuid[], $3::int4[], $4::int4[], $5::int8[]) AS u(account_id, mailbox_id, total, unread, modseq)
  WHERE m.account_id = u.account_id AND m.mailbox_id = u.mailbox_id`;

const UPDATE_ACCOUNTS = `
  UPDATE account_counter a SET account_seq = greatest(a.account_seq, u.seq),
    email_modseq = greatest(a.email_modseq, u.email), mailbox_modseq = greatest(a.mailbox_modseq, u.mailbox),
    item_modseq = greatest(a.item_modseq, u.item), submission_modseq = greatest(a.submission_modseq, u.submission),
    used_bytes = a.used_bytes + u.bytes, letters = a.letters + u.letters
  FROM unnest($1::uuid[], $2::int8[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::int8[],
      $9::boolean[])
    AS u(account_id, seq, email, mailbox, item, submission, bytes, letters, tells)
  WHERE a.account_id = u.account_id
  RETURNING a.account_id, a.email_modseq, a.mailbox_modseq, a.item_modseq, a.submission_modseq, u.tells`;

export class Counters {
  readonly #accounts = new Map<Uuid, AccountSum>();
  readonly #mailboxes = new Map<string, MailboxSum>();
  readonly #told = new Map<Uuid, AccountState>();

  /** The account numbers a record takes, and the states it moves unless it is voided. */
  take(account: Uuid, header: RecordHeader, isVoided: boolean): void {
    const last = header.accountSeq + Math.max(header.span, 1) - 1;
    const sum = this.#account(account);
    sum.seq = Math.max(sum.seq, last);
    if (isVoided) return;
    for (const state of MOVES[header.kind] ?? []) sum[state] = Math.max(sum[state], last);
  }

  /** Letters that came (positive) or went (negative). */
  letters(account: Uuid, count: number, bytes: number): void {
    const sum = this.#account(account);
    sum.letters += count;
    sum.bytes += bytes;
  }

  /** A mailbox's letters and unread letters, changed at account number `modseq`. */
  mailbox(
    account: Uuid,
    mailbox: Uuid,
    change: { readonly total: number; readonly unread: number; readonly modseq: number },
  ): void {
    const key = account + mailbox;
    let sum = this.#mailboxes.get(key);
    if (sum === undefined) this.#mailboxes.set(key, (sum = { account, mailbox, total: 0, unread: 0, modseq: 0 }));
    sum.total += change.total;
    sum.unread += change.unread;
    sum.modseq = Math.max(sum.modseq, change.modseq);
  }

  /** Writes what was gathered; may be called again after more was. */
  async write(tx: Session): Promise<void> {
    await this.#writeMailboxes(tx);
    await this.#writeAccounts(tx);
  }

  /** States of the accounts that moved, as of the last write. */
  get moved(): readonly AccountState[] {
    return [...this.#told.values()];
  }

  async #writeMailboxes(tx: Session): Promise<void> {
    if (this.#mailboxes.size === 0) return;
    const sums = [...this.#mailboxes.values()];
    this.#mailboxes.clear();
    await tx.rows(UPDATE_MAILBOXES, [
      uuids(sums.map((sum) => sum.account)),
      uuids(sums.map((sum) => sum.mailbox)),
      int4s(sums.map((sum) => sum.total)),
      int4s(sums.map((sum) => sum.unread)),
      int8s(sums.map((sum) => sum.modseq)),
    ]);
  }

  async #writeAccounts(tx: Session): Promise<void> {
    if (this.#accounts.size === 0) return;
    const entries = [...this.#accounts.entries()];
    this.#accounts.clear();
    const sums = entries.map(([, sum]) => sum);
    const rows = await tx.rows<{
      account_id: Uuid;
      email_modseq: number;
      mailbox_modseq: number;
      item_modseq: number;
      submission_modseq: number;
      tells: boolean;
    }>(UPDATE_ACCOUNTS, [
      uuids(entries.map(([account]) => account)),
      int8s(sums.map((sum) => sum.seq)),
      int8s(sums.map((sum) => sum.email)),
      int8s(sums.map((sum) => sum.mailbox)),
      int8s(sums.map((sum) => sum.item)),
      int8s(sums.map((sum) => sum.submission)),
      int8s(sums.map((sum) => sum.bytes)),
      int8s(sums.map((sum) => sum.letters)),
      booleans(sums.map((sum) => sum.email + sum.mailbox + sum.item + sum.submission > 0)),
    ]);
    for (const row of rows) {
      if (!row.tells) continue;
      this.#told.set(row.account_id, {
        accountUuid: row.account_id,
        emailModseq: row.email_modseq,
        mailboxModseq: row.mailbox_modseq,
        itemModseq: row.item_modseq,
        submissionModseq: row.submission_modseq,
      });
    }
  }

  #account(account: Uuid): AccountSum {
    let sum = this.#accounts.get(account);
    if (sum === undefined)
      this.#accounts.set(
        account,
        (sum = { seq: 0, email: 0, mailbox: 0, item: 0, submission: 0, bytes: 0, letters: 0 }),
      );
    return sum;
  }
}
