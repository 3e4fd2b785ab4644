// The ledger's other side: replays the journal's records in TypeScript, sharing no code with what applies them to rows.

import { createSecretKey, type KeyObject } from 'node:crypto';
import { idToBytes, type AccountId, type LetterId, type MailboxId } from '#base/ids.ts';
import type { Command, CommandOf } from '../../journal/commands.ts';
import { erasedSeqs, type KeyRecord } from '../../journal/journal.ts';
import type { LetterRecord } from '../../journal/letter-record.ts';
import type { RecordHeader } from '../../journal/record.ts';
import { ledgerElement } from './ledger-element.ts';
import { RunningSum, type LedgerSum } from './ledger-sum.ts';
import { AccountBook, LetterTable, type AccountBooks } from './letter-table.ts';

export interface LedgerJournal {
  readonly journal: number;
  readKeyRecords(afterSeq: number): AsyncIterable<readonly KeyRecord[]>;
  /** Seqs that records after `afterSeq` void. */
  findVoided(afterSeq: number): Promise<ReadonlySet<number>>;
}

export interface ReplayOptions {
  readonly journal: LedgerJournal;
  /** Up to this record, the one the rows stand at. */
  readonly untilSeq: number;
  readonly ledgerKey: Uint8Array;
  readonly accountId?: AccountId | undefined;
  readonly onProgress?: ((seq: number) => void) | undefined;
}

/** A letter whose record carries another element than its id and digest give: damage that no checksum sees. */
export interface WrongElement {
  readonly accountId: AccountId;
  readonly letterId: LetterId;
  readonly seq: number;
}

export class JournalLedger {
  readonly table = new LetterTable();
  readonly wrongElements: WrongElement[] = [];
  readonly #books = new Map<AccountId, AccountBook>();

  static async replay({ journal, untilSeq, ledgerKey, accountId, onProgress }: ReplayOptions): Promise<JournalLedger> {
    const ledger = new JournalLedger();
    const voided = await journal.findVoided(0);
    const key = createSecretKey(ledgerKey);
    for await (const records of journal.readKeyRecords(0)) {
      for (const record of records) {
        if (record.header.seq > untilSeq) return ledger;
        if (voided.has(record.header.seq)) continue;
        ledger.#endAccount(record);
        if (record.header.accountId === undefined) continue;
        if (accountId !== undefined && record.header.accountId !== accountId) continue;
        ledger.#take(record, record.header.accountId, key);
      }
      onProgress?.(records.at(-1)?.header.seq ?? 0);
    }
    return ledger;
  }

  get books(): AccountBooks {
    return this.#books;
  }

  letters(accountId: AccountId): LedgerSum {
    const sum = new RunningSum();
    for (const number of this.#books.get(accountId)?.letters.values() ?? []) this.table.addTo(sum, number);
    return sum.value;
  }

  /** One sum for each mailbox in which anything lies. */
  places(accountId: AccountId): ReadonlyMap<MailboxId, LedgerSum> {
    const sums = new Map<MailboxId, RunningSum>();
    const book = this.#books.get(accountId);
    for (const [letter, mailboxes] of book?.places ?? []) {
      const number = book?.letters.get(letter);
      for (const mailbox of mailboxes) {
        const sum = sums.get(mailbox) ?? new RunningSum();
        sums.set(mailbox, sum);
        if (number !== undefined) this.table.addTo(sum, number);
      }
    }
    return new Map([...sums].map(([mailbox, sum]) => [mailbox, sum.value]));
  }

  /** A record of the house: from here on the account has no letters and no places. */
  #endAccount({ content }: KeyRecord): void {
    if (content.kind === 'command' && content.command.kind === 'accountErased')
      this.#books.delete(content.command.effect.accountId);
  }

  #take({ header, content }: KeyRecord, accountId: AccountId, ledgerKey: KeyObject): void {
    if (content.kind === 'command' && content.command.kind === 'accountCreated') {
      this.#books.set(accountId, beginBook(header, content.command));
      return;
    }
    const book = this.#books.get(accountId);
    if (book === undefined) return;
    if (content.kind === 'letter' && content.bodyPlace !== undefined) {
      this.#arrive(book, header, content.letter, ledgerKey);
    } else if (content.kind === 'erased' && content.erased.lane === 'key') {
      for (const seq of erasedSeqs(content.erased)) {
        const letter = book.byKeySeq.get(seq);
        if (letter !== undefined) book.drop(letter);
        book.byKeySeq.delete(seq);
      }
    } else if (content.kind === 'command') {
      change(book, header, content.command);
    }
  }

  #arrive(book: AccountBook, header: RecordHeader, letter: LetterRecord, ledgerKey: KeyObject): void {
    const { letterId, packetDigest, bodySeq } = letter;
    const digest = Buffer.from(packetDigest);
    const element = ledgerElement(ledgerKey, idToBytes(letterId), digest);
    if (!element.equals(letter.element) && header.accountId !== undefined)
      this.wrongElements.push({ accountId: header.accountId, letterId, seq: header.seq });
    const keySeq = header.seq;
    book.letters.set(letterId, this.table.put({ element, digest, keySeq, bodySeq }));
    book.byKeySeq.set(keySeq, letterId);
    const mailbox = book.findMailbox(letter.mailboxId);
    book.lie(letterId, mailbox === undefined ? [] : [mailbox]);
  }
}

function beginBook({ accountSeq }: RecordHeader, { effect }: CommandOf<'accountCreated'>): AccountBook {
  const book = new AccountBook();
  for (const { id, role } of effect.mailboxes) book.mailboxes.set(id, { role, createdAt: accountSeq });
  return book;
}

function change(book: AccountBook, { accountSeq }: RecordHeader, command: Command): void {
  switch (command.kind) {
    case 'mailboxPut': {
      const { id, role } = command.effect;
      book.mailboxes.set(id, { role, createdAt: book.mailboxes.get(id)?.createdAt ?? accountSeq });
      return;
    }
    case 'mailboxRemoved':
      removeMailbox(book, command.effect);
      return;
    case 'lettersChanged':
      for (const { id, mailboxes } of command.effect.letters) {
        if (mailboxes !== undefined && book.letters.has(id)) place(book, id, mailboxes);
      }
      return;
    case 'lettersRemoved':
      for (const id of command.effect.ids) hide(book, id);
      return;
    default:
      return; // nothing about letters
  }
}

function place(book: AccountBook, id: LetterId, wanted: readonly MailboxId[]): void {
  const living = [...new Set(wanted)].filter((mailbox) => book.mailboxes.has(mailbox));
  const instead = wanted.length > 0 && living.length === 0 ? book.inbox() : undefined;
  book.hidden.delete(id);
  book.lie(id, instead === undefined ? living : [instead]);
}

function hide(book: AccountBook, id: LetterId): void {
  if (!book.letters.has(id)) return;
  book.hidden.add(id);
  book.places.delete(id);
}

/** Letters that lie elsewhere too stay there; the others go to `to`, or are hidden. */
function removeMailbox(book: AccountBook, { id, to }: CommandOf<'mailboxRemoved'>['effect']): void {
  if (!book.mailboxes.has(id)) return;
  const target = to === null ? undefined : book.findMailbox(to);
  for (const [letter, mailboxes] of book.places) {
    if (!mailboxes.includes(id)) continue;
    const rest = mailboxes.filter((mailbox) => mailbox !== id);
    if (rest.length > 0) book.lie(letter, rest);
    else if (target === undefined) hide(book, letter);
    else book.lie(letter, [target]);
  }
  book.mailboxes.delete(id);
}
