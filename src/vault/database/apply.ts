// The exact effect of journal records on the rows, with the position they bring the rows to: deterministic, once only.

import { limits } from '#base/limits.ts';
import { CannotApply, type Context } from './effects/effect.ts';
import { applyAccountCommand } from './effects/accounts.ts';
import { Counters, type AccountState } from './effects/counters.ts';
import { eraseLetters } from './effects/erasures.ts';
import { applyHouseCommand, isHouseCommand } from './effects/house.ts';
import { changeLetters, type LettersCommand } from './effects/letter-changes.ts';
import { insertLetters, type NewLetter } from './effects/letters.ts';
import {
  deskPromises,
  insertPromises,
  promisesOf,
  recordedPromise,
  signUpPromises,
  type PromiseRow,
} from './effects/promises.ts';
import { createAccounts, type SignUp } from './effects/sign-ups.ts';
import { changeSubmissions, isSubmissionCommand, type SubmissionEffect } from './effects/submissions.ts';
import { uuids } from './array-parameter.ts';
import { vouchFor } from './guarded-records.ts';
import { idToUuid } from './ids.ts';
import type { Session } from './session.ts';
import type { Uuid } from './tables.ts';
import type { Command } from '../journal/commands.ts';
import type { KeyRecord } from '../journal/journal.ts';
import type { RecordHeader } from '../journal/record.ts';

const NONE: ReadonlySet<number> = new Set();

/**
 * Applies records of one journal, in order, inside the caller's transaction. Those at or below the `applied` position are
 * passed over, so the same records twice are the same rows. `voided`: seqs that leave no effect.
 */
export async function applyRecords(
  tx: Session,
  records: readonly KeyRecord[],
  voided: ReadonlySet<number> = NONE,
): Promise<readonly AccountState[]> {
  const [first] = records;
  const last = records.at(-1);
  if (first === undefined || last === undefined) return [];
  const position = await readPosition(tx, first.header.journal);
  const fresh = records.filter((record) => record.header.seq > position);
  if (fresh.length === 0) return [];
  const states = await applyEffects(tx, fresh, voided);
  await tx.rows(MOVE_POSITION, [last.header.journal, last.header.seq]);
  return states;
}

const MOVE_POSITION = `
  INSERT INTO applied (journal, seq) VALUES ($1, $2) ON CONFLICT (journal) DO UPDATE SET seq = greatest(applied.seq, excluded.seq)`;
const READ_POSITION = 'SELECT seq FROM applied WHERE journal = $1 FOR UPDATE';

/** The last seq of a journal whose effect is in the rows; 0: none. */
export async function readPosition(tx: Session, journal: number): Promise<number> {
  const [row] = await tx.rows<{ seq: number }>(READ_POSITION, [journal]);
  return row?.seq ?? 0;
}

/** The effects without the position: applying the same records twice doubles them. */
export async function applyEffects(
  tx: Session,
  records: readonly KeyRecord[],
  voided: ReadonlySet<number>,
): Promise<readonly AccountState[]> {
  const batch = new Batch(tx, await findAccounts(tx, records));
  for (const record of records) await batch.add(record, voided.has(record.header.seq));
  return batch.finish();
}

const FIND_ACCOUNTS = 'SELECT account_id FROM account_counter WHERE account_id = ANY($1::uuid[])';

async function findAccounts(tx: Session, records: readonly KeyRecord[]): Promise<Set<Uuid>> {
  const named = new Set(
    records.flatMap(({ header }) => (header.accountId === undefined ? [] : [idToUuid(header.accountId)])),
  );
  if (named.size === 0) return named;
  const rows = await tx.rows<{ account_id: Uuid }>(FIND_ACCOUNTS, [uuids([...named])]);
  return new Set(rows.map((row) => row.account_id));
}

/** Commands that read or write the same rows as letters do: they wait for none of the account's letters to be pending. */
const TOUCHES_LETTERS: ReadonlySet<string> = new Set(['mailboxPut', 'mailboxRemoved']);

/**
 * Accounts do not touch each other's rows, so letters, changes of letters and sign-ups are gathered across accounts and
 * written whole columns at a time; within an account every effect sees those before it.
 */
class Batch {
  readonly #context: Context;
  readonly #known: Set<Uuid>;
  readonly #pending = new Set<Uuid>();
  readonly #pendingSignUps = new Set<Uuid>();
  #signUps: SignUp[] = [];
  #letters: NewLetter[] = [];
  #changes: LettersCommand[] = [];
  #submissions: SubmissionEffect[] = [];
  #promises: PromiseRow[] = [];

  constructor(tx: Session, known: Set<Uuid>) {
    this.#context = { tx, counters: new Counters() };
    this.#known = known;
  }

  async add(record: KeyRecord, isVoided: boolean): Promise<void> {
    const { header, place, content } = record;
    if (header.accountId === undefined) {
      if (content.kind === 'command' && !isVoided) await this.#addHouseCommand(header, content.command);
      return;
    }
    const account = idToUuid(header.accountId);
    if (content.kind === 'command' && content.command.kind === 'accountCreated') {
      if (isVoided) return;
      this.#signUps.push({ account, header, place, effect: content.command.effect });
      this.#promises.push(...signUpPromises(account, header, content.command.effect));
      this.#pendingSignUps.add(account);
      this.#known.add(account);
      this.#context.counters.take(account, header, false);
      return;
    }
    // an account whose creation was voided or erased has no rows to change
    if (!this.#known.has(account)) return;
    this.#context.counters.take(account, header, isVoided);
    if (isVoided) return;
    if (content.kind === 'letter' && content.bodyPlace !== undefined) {
      this.#letters.push({ account, header, place, letter: content.letter, bodyPlace: content.bodyPlace });
      this.#pending.add(account);
    } else if (content.kind === 'erased') {
      await this.#flush();
      await eraseLetters(this.#context, { account, header }, content.erased);
    } else if (content.kind === 'command') {
      await this.#addCommand({ account, header, place }, content.command);
    }
  }

  async finish(): Promise<readonly AccountState[]> {
    await this.#flush();
    await insertPromises(this.#context, this.#promises);
    return this.#context.counters.moved;
  }

  async #addHouseCommand(header: RecordHeader, command: Command): Promise<void> {
    if (command.kind === 'receiptRecorded') {
      this.#promises.push(recordedPromise(undefined, header, command.effect));
      return;
    }
    if (!isHouseCommand(command)) throw new CannotApply('a command of an account without one');
    if (this.#signUps.length > 0 || command.kind === 'accountErased') await this.#flush();
    if (command.kind === 'accountErased') {
      this.#known.delete(idToUuid(command.effect.accountId));
      this.#promises = this.#promises.filter(({ account }) => account !== idToUuid(command.effect.accountId));
    }
    await vouchFor(this.#context.tx, header);
    await applyHouseCommand(this.#context.tx, header, command);
    if (command.kind === 'deskNoted') this.#promises.push(...deskPromises(header, command.effect));
  }

  async #addCommand(of: Omit<NewLetter, 'letter' | 'bodyPlace'>, command: Command): Promise<void> {
    // they touch rows of their own alone, so they wait for the end of the batch
    if (isSubmissionCommand(command)) {
      this.#submissions.push({ account: of.account, header: of.header, command });
      return;
    }
    switch (command.kind) {
      case 'receiptRecorded':
        this.#promises.push(recordedPromise(of.account, of.header, command.effect));
        return;
      case 'lettersChanged':
      case 'lettersRemoved':
      case 'summaryPut':
        this.#changes.push({ ...of, effect: command.effect, command });
        this.#pending.add(of.account);
        return;
      case 'accountCreated':
        throw new CannotApply('a second sign-up');
      default:
        if (isHouseCommand(command)) throw new CannotApply('a command of the house under an account');
        if (this.#pendingSignUps.has(of.account) || command.kind === 'addressAdded') await this.#flush();
        if (TOUCHES_LETTERS.has(command.kind) && this.#pending.has(of.account)) await this.#flush();
        await vouchFor(
          this.#context.tx,
          of.header,
          command.kind === 'holderRemoved' ? command.effect.wraps.length + limits.account.holdersMax : undefined,
        );
        await applyAccountCommand(this.#context, of, command);
        this.#promises.push(...(await promisesOf(this.#context, of, command)));
    }
  }

  /** Sign-ups before the letters of new accounts, letters before their changes, sums last. */
  async #flush(): Promise<void> {
    const [signUps, letters, changes, submissions] = [this.#signUps, this.#letters, this.#changes, this.#submissions];
    [this.#signUps, this.#letters, this.#changes, this.#submissions] = [[], [], [], []];
    this.#pending.clear();
    this.#pendingSignUps.clear();
    if (signUps.length > 0) await createAccounts(this.#context, signUps);
    if (letters.length > 0) await insertLetters(this.#context, letters);
    if (changes.length > 0) await changeLetters(this.#context, changes);
    if (submissions.length > 0) await changeSubmissions(this.#context, submissions);
    await this.#context.counters.write(this.#context.tx);
  }
}
