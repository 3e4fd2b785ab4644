// The ledger's side of the rows: PostgreSQL counts and sums, without any key; one snapshot for all of it (decision 0015).

import { idToUuid, uuidToId } from './ids.ts';
import type { Session } from './session.ts';
import type { Uuid } from './tables.ts';
import type { AccountId, LetterId, MailboxId } from '#base/ids.ts';

/** Sums of 32-bit words as PostgreSQL gives them: signed, to be taken mod 2³². */
export interface RowSum {
  readonly count: number;
  readonly words: readonly number[];
}

export interface AccountSum extends RowSum {
  readonly accountId: AccountId;
}

export interface PlaceSum extends AccountSum {
  readonly mailboxId: MailboxId;
}

/** What names a letter for good; a change in any of it is a difference. */
export interface LetterIdentity {
  readonly letterId: LetterId;
  readonly keySeq: number;
  readonly bodySeq: number;
  readonly digest: Buffer;
  /** Eight signed words. */
  readonly words: readonly number[];
}

export interface PlacedLetter {
  readonly letterId: LetterId;
  readonly mailboxId: MailboxId;
}

/** Large tables are read whole: what makes single rows quick would make this slow. */
const SETTINGS = `
  SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
  SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on;
  SET LOCAL plan_cache_mode = auto; SET LOCAL statement_timeout = 0; SET LOCAL work_mem = '64MB'`;
const WORD_SUMS = [0, 1, 2, 3, 4, 5, 6, 7]
  .map((word) => `coalesce(sum(l.e${word}), 0) & 4294967295 AS e${word}`)
  .join(', ');
const LETTERS = `
  SELECT l.account_id, count(*) AS count, ${WORD_SUMS} FROM letter l
  WHERE $1::uuid IS NULL OR l.account_id = $1 GROUP BY l.account_id`;
/** A place without its letter counts and adds nothing: the count tells. */
const PLACES = `
  SELECT p.account_id, p.mailbox_id, count(*) AS count, ${WORD_SUMS}
  FROM placement p LEFT JOIN letter l ON l.account_id = p.account_id AND l.letter_id = p.letter_id
  WHERE p.removed_modseq IS NULL AND ($1::uuid IS NULL OR p.account_id = $1) GROUP BY p.account_id, p.mailbox_id`;
const RANGE = `
  SELECT count(*) AS count, ${WORD_SUMS} FROM letter l
  WHERE l.account_id = $1 AND l.letter_id >= $2::uuid AND l.letter_id < $3::uuid`;
const LAST_RANGE = `
  SELECT count(*) AS count, ${WORD_SUMS} FROM letter l WHERE l.account_id = $1 AND l.letter_id >= $2::uuid`;
const IDENTITY = `
  SELECT l.letter_id, l.key_seq, l.body_seq, l.digest, l.e0, l.e1, l.e2, l.e3, l.e4, l.e5, l.e6, l.e7 FROM letter l
  WHERE l.account_id = $1 AND l.letter_id >= $2::uuid ORDER BY l.letter_id LIMIT $3`;
const PLACED = `
  SELECT p.letter_id, p.mailbox_id FROM placement p WHERE p.account_id = $1 AND p.removed_modseq IS NULL`;

type SumRow = { readonly count: number } & Readonly<Record<`e${0 | 1 | 2 | 3 | 4 | 5 | 6 | 7}`, number>>;

/** Everything inside sees the rows of one moment: `appliedSeq` says which. */
export async function withLedgerRows<T>(
  session: Session,
  journal: number,
  work: (rows: LedgerRows, appliedSeq: number) => Promise<T>,
): Promise<T> {
  return session.transaction(async () => {
    await session.script(SETTINGS);
    const rows = new LedgerRows(session);
    return work(rows, await rows.position(journal));
  });
}

export class LedgerRows {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async position(journal: number): Promise<number> {
    const [row] = await this.#session.rows<{ seq: number }>('SELECT seq FROM applied WHERE journal = $1', [journal]);
    return row?.seq ?? 0;
  }

  async letters(accountId?: AccountId): Promise<readonly AccountSum[]> {
    const rows = await this.#session.rows<SumRow & { account_id: Uuid }>(LETTERS, [uuidOrNull(accountId)]);
    return rows.map((row) => ({ accountId: uuidToId<AccountId>(row.account_id), ...toSum(row) }));
  }

  async places(accountId?: AccountId): Promise<readonly PlaceSum[]> {
    const rows = await this.#session.rows<SumRow & { account_id: Uuid; mailbox_id: Uuid }>(PLACES, [
      uuidOrNull(accountId),
    ]);
    return rows.map((row) => ({
      accountId: uuidToId<AccountId>(row.account_id),
      mailboxId: uuidToId<MailboxId>(row.mailbox_id),
      ...toSum(row),
    }));
  }

  /** Letters of one account with `from` ≤ id < `to`, in the order of uuids; `to` undefined: all from there. */
  async range(accountId: AccountId, from: Uuid, to: Uuid | undefined): Promise<RowSum> {
    const account = idToUuid(accountId);
    const [row] =
      to === undefined
        ? await this.#session.rows<SumRow>(LAST_RANGE, [account, from])
        : await this.#session.rows<SumRow>(RANGE, [account, from, to]);
    return row === undefined ? { count: 0, words: [] } : toSum(row);
  }

  /** At most `count` letters from an id on, in order. */
  async identities(accountId: AccountId, from: Uuid, count: number): Promise<readonly LetterIdentity[]> {
    const rows = await this.#session.rows<
      Omit<SumRow, 'count'> & { letter_id: Uuid; key_seq: number; body_seq: number; digest: Buffer }
    >(IDENTITY, [idToUuid(accountId), from, count]);
    return rows.map((row) => ({
      letterId: uuidToId<LetterId>(row.letter_id),
      keySeq: row.key_seq,
      bodySeq: row.body_seq,
      digest: row.digest,
      words: wordsOf(row),
    }));
  }

  async placed(accountId: AccountId): Promise<readonly PlacedLetter[]> {
    const rows = await this.#session.rows<{ letter_id: Uuid; mailbox_id: Uuid }>(PLACED, [idToUuid(accountId)]);
    return rows.map((row) => ({
      letterId: uuidToId<LetterId>(row.letter_id),
      mailboxId: uuidToId<MailboxId>(row.mailbox_id),
    }));
  }
}

function uuidOrNull(id: AccountId | undefined): Uuid | null {
  return id === undefined ? null : idToUuid(id);
}

function wordsOf(row: Omit<SumRow, 'count'>): readonly number[] {
  return [row.e0, row.e1, row.e2, row.e3, row.e4, row.e5, row.e6, row.e7];
}

function toSum(row: SumRow): RowSum {
  return { count: row.count, words: wordsOf(row) };
}
