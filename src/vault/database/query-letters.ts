// Email/query as SQL: which letters, in which order, and where one stands among them (RFC 8621 §4.4).

import { sql, type RawBuilder } from 'kysely';
import { parseId, type AccountId, type LetterId, type MailboxId } from '#base/ids.ts';
import type { EmailComparator, EmailCondition } from '#formats/jmap/email-query.ts';
import type { Filter } from '#formats/jmap/filter.ts';
import { startOfWindow, type QueryWindow } from '#formats/jmap/query-window.ts';
import { idToUuid, uuidToId } from './ids.ts';
import type { Snapshot } from './read-states.ts';
import type { Uuid } from './tables.ts';

export interface LetterQuery {
  readonly accountId: AccountId;
  readonly filter: Filter<EmailCondition> | undefined;
  /** Empty: newest first. */
  readonly sort: readonly EmailComparator[];
}

export interface LetterPage {
  readonly ids: readonly LetterId[];
  /** Index of the first id among all results. */
  readonly position: number;
  readonly total: number | undefined;
}

/** One page of the results; undefined when the anchor is not among them. */
export async function queryLetters(
  db: Snapshot,
  query: LetterQuery,
  window: QueryWindow,
): Promise<LetterPage | undefined> {
  const from = resultsOf(query);
  if (from.time !== undefined) await inIndexOrder(db);
  const total = window.calculateTotal || window.position < 0 ? await countLetters(db, query, from) : undefined;
  let anchorIndex: number | undefined;
  if (window.anchor !== undefined) {
    const anchor = parseId<LetterId>(window.anchor);
    anchorIndex = anchor && (await indexOf(db, from, idToUuid(anchor)));
    if (anchorIndex === undefined) return undefined;
  }
  const position = startOfWindow(window, anchorIndex, total ?? 0);
  const ids: LetterId[] = [];
  if (window.limit > 0) {
    const { rows } = await sql<{ readonly id: Uuid }>`
      SELECT ${from.id} AS id ${from.source} ORDER BY ${from.order} LIMIT ${window.limit} OFFSET ${position}`.execute(
      db,
    );
    for (const row of rows) ids.push(uuidToId<LetterId>(row.id));
  }
  return { ids, position, total: window.calculateTotal ? total : undefined };
}

/** Number of results. */
export async function countLetters(db: Snapshot, query: LetterQuery, from = resultsOf(query)): Promise<number> {
  if (from.countOfMailbox !== undefined) {
    const row = await db
      .selectFrom('mailbox')
      .select('total')
      .where('account_id', '=', idToUuid(query.accountId))
      .where('mailbox_id', '=', idToUuid(from.countOfMailbox))
      .where('removed_modseq', 'is', null)
      .executeTakeFirst();
    return row?.total ?? 0;
  }
  const { rows } = await sql<{ readonly total: number }>`SELECT count(*)::int AS total ${from.source}`.execute(db);
  return rows[0]?.total ?? 0;
}

/** Those of `ids` that are among the results, each with its index, in order. */
export async function indexesOfLetters(
  db: Snapshot,
  query: LetterQuery,
  ids: readonly LetterId[],
): Promise<readonly { readonly id: LetterId; readonly index: number }[]> {
  if (ids.length === 0) return [];
  const rows = await ranksOf(db, resultsOf(query), ids.map(idToUuid));
  return rows.map((row) => ({ id: uuidToId<LetterId>(row.id), index: row.index }));
}

/** The parts of a statement over the results: FROM … WHERE …, ORDER BY, and how a row is named. */
interface Results {
  readonly source: RawBuilder<unknown>;
  readonly order: RawBuilder<unknown>;
  readonly id: RawBuilder<unknown>;
  /** Set when the results are exactly the letters of one mailbox: its row knows their number. */
  readonly countOfMailbox: MailboxId | undefined;
  /** Set when the order is that of the source's index. */
  readonly time: TimeOrder | undefined;
}

interface TimeOrder {
  readonly isAscending: boolean;
  /** What the order goes by, as a row. */
  readonly key: RawBuilder<unknown>;
  /** The key of one letter of the source, found by its id. */
  readonly keyOf: (id: Uuid) => RawBuilder<{ readonly received: number; readonly tie: number | Uuid }>;
}

/**
 * Within this transaction: read along the index instead of sorting. A planner that knows little of an account believes it
 * small and sorts all of it for one page (160 ms against 2 at 100,000 letters).
 */
async function inIndexOrder(db: Snapshot): Promise<void> {
  await sql`SELECT set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)`.execute(db);
}

// `tie` decides between equal times, and is what the index of each source ends with
const placed = { id: sql`p.letter_id`, received: sql`p.received_ms`, tie: sql`p.uid` };
const plain = { id: sql`l.letter_id`, received: sql`l.received_ms`, tie: sql`l.letter_id` };

/** Results of one mailbox come from its index of placements; the letter's row is joined only when something asks for it. */
function resultsOf({ accountId, filter, sort }: LetterQuery): Results {
  const account = idToUuid(accountId);
  const mailboxId = mailboxOf(filter);
  if (mailboxId === undefined) {
    const where = filter === undefined ? sql`true` : filterSql(filter, { account, ...plain });
    return {
      source: sql`FROM letter l WHERE l.account_id = ${account} AND l.removed_modseq IS NULL AND ${where}`,
      order: orderSql(sort, plain),
      id: plain.id,
      countOfMailbox: undefined,
      time: timeOrder(
        sort,
        plain,
        (id) => sql`
        SELECT received_ms AS received, letter_id AS tie FROM letter WHERE account_id = ${account} AND letter_id = ${id}`,
      ),
    };
  }
  const joined = needsLetter(filter) || sort.some((comparator) => comparator.property !== 'receivedAt');
  const join = joined ? sql`JOIN letter l ON l.account_id = p.account_id AND l.letter_id = p.letter_id` : sql``;
  const rest = filter === undefined ? sql`true` : filterSql(filter, { account, ...placed, mailboxId });
  return {
    source: sql`FROM placement p ${join} WHERE p.account_id = ${account} AND p.mailbox_id = ${idToUuid(mailboxId)}
      AND p.removed_modseq IS NULL AND ${rest}`,
    order: orderSql(sort, placed),
    id: placed.id,
    countOfMailbox: filter?.operator === 'none' && isOnlyMailbox(filter.condition) ? mailboxId : undefined,
    time: timeOrder(
      sort,
      placed,
      (id) => sql`
      SELECT received_ms AS received, uid AS tie FROM placement WHERE account_id = ${account} AND letter_id = ${id}
        AND mailbox_id = ${idToUuid(mailboxId)} AND (removed_modseq IS NULL) IS TRUE`,
    ), // so written: read-letters.ts
  };
}

function timeOrder(
  sort: readonly EmailComparator[],
  { received, tie }: typeof placed,
  keyOf: TimeOrder['keyOf'],
): TimeOrder | undefined {
  const [first] = sort;
  if (first !== undefined && first.property !== 'receivedAt') return undefined;
  return { isAscending: first?.isAscending ?? false, key: sql`(${received}, ${tie})`, keyOf };
}

/** The mailbox every result lies in: an inMailbox at the top, or directly under an AND at the top. */
function mailboxOf(filter: Filter<EmailCondition> | undefined): MailboxId | undefined {
  if (filter?.operator === 'none') return filter.condition.inMailbox ?? undefined;
  if (filter?.operator !== 'AND') return undefined;
  for (const inner of filter.conditions) {
    if (inner.operator === 'none' && inner.condition.inMailbox) return inner.condition.inMailbox;
  }
  return undefined;
}

function isOnlyMailbox({ hasKeywords, notKeywords, ...rest }: EmailCondition): boolean {
  return hasKeywords.length + notKeywords.length === 0 && Object.keys(rest).every((name) => name === 'inMailbox');
}

function needsLetter(filter: Filter<EmailCondition> | undefined): boolean {
  if (filter === undefined) return false;
  if (filter.operator !== 'none') return filter.conditions.some(needsLetter);
  const { hasKeywords, notKeywords, minSize, maxSize } = filter.condition;
  return hasKeywords.length + notKeywords.length > 0 || minSize !== undefined || maxSize !== undefined;
}

interface Names {
  readonly account: Uuid;
  readonly id: RawBuilder<unknown>;
  readonly received: RawBuilder<unknown>;
  readonly tie: RawBuilder<unknown>;
  /** The mailbox the source is already narrowed to. */
  readonly mailboxId?: MailboxId;
}

function filterSql(filter: Filter<EmailCondition>, names: Names): RawBuilder<unknown> {
  if (filter.operator === 'none') return conditionSql(filter.condition, names);
  const inner = filter.conditions.map((condition) => filterSql(condition, names));
  if (inner.length === 0) return filter.operator === 'OR' ? sql`false` : sql`true`;
  if (filter.operator === 'AND') return sql`(${sql.join(inner, sql` AND `)})`;
  const any = sql`(${sql.join(inner, sql` OR `)})`;
  return filter.operator === 'OR' ? any : sql`NOT ${any}`;
}

function conditionSql(condition: EmailCondition, names: Names): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [];
  const { inMailbox, inMailboxOtherThan, beforeMs, afterMs, minSize, maxSize } = condition;
  if (inMailbox === null) parts.push(sql`false`);
  else if (inMailbox !== undefined && inMailbox !== names.mailboxId) {
    parts.push(liesIn(names, sql`q.mailbox_id = ${idToUuid(inMailbox)}`));
  }
  if (inMailboxOtherThan !== undefined) {
    parts.push(liesIn(names, sql`q.mailbox_id <> ALL(${inMailboxOtherThan.map(idToUuid)}::uuid[])`));
  }
  if (beforeMs !== undefined) parts.push(sql`${names.received} < ${beforeMs}`);
  if (afterMs !== undefined) parts.push(sql`${names.received} >= ${afterMs}`);
  if (minSize !== undefined) parts.push(sql`l.size_bytes >= ${minSize}`);
  if (maxSize !== undefined) parts.push(sql`l.size_bytes < ${maxSize}`);
  for (const keyword of condition.hasKeywords) parts.push(sql`${keyword} = ANY(l.keywords)`);
  for (const keyword of condition.notKeywords) parts.push(sql`NOT (${keyword} = ANY(l.keywords))`);
  return parts.length === 0 ? sql`true` : sql`(${sql.join(parts, sql` AND `)})`;
}

function liesIn(names: Names, which: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`EXISTS (SELECT 1 FROM placement q WHERE q.account_id = ${names.account} AND q.letter_id = ${names.id}
    AND (q.removed_modseq IS NULL) IS TRUE AND ${which})`; // so written, no partial index is taken for it (read-letters.ts)
}

/** Ends with time and id, so that the order is total and the same each time. */
function orderSql(sort: readonly EmailComparator[], names: Pick<Names, 'received' | 'tie'>): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [];
  for (const comparator of sort) {
    const direction = comparator.isAscending ? sql`ASC` : sql`DESC`;
    if (comparator.property === 'receivedAt') {
      parts.push(sql`${names.received} ${direction}`, sql`${names.tie} ${direction}`);
      return sql.join(parts);
    }
    if (comparator.property === 'size') parts.push(sql`l.size_bytes ${direction}`);
    else parts.push(sql`(${comparator.keyword} = ANY(l.keywords)) ${direction}`);
  }
  parts.push(sql`${names.received} DESC`, sql`${names.tie} DESC`);
  return sql.join(parts);
}

/** Index of one letter among the results. By time, only what stands before it is counted, along the index. */
async function indexOf(db: Snapshot, from: Results, id: Uuid): Promise<number | undefined> {
  const { time } = from;
  if (time === undefined) return (await ranksOf(db, from, [id]))[0]?.index;
  const key = (await time.keyOf(id).execute(db)).rows[0];
  if (key === undefined) return undefined;
  const { rows } = await sql<{ readonly reached: number; readonly isAmong: boolean | null }>`
    SELECT count(*)::int AS reached, bool_or(${from.id} = ${id}) AS "isAmong" ${from.source}
      AND ${time.key} ${time.isAscending ? sql`<=` : sql`>=`} (${key.received}, ${key.tie})`.execute(db);
  const [row] = rows;
  return row?.isAmong ? row.reached - 1 : undefined;
}

async function ranksOf(
  db: Snapshot,
  from: Results,
  ids: readonly Uuid[],
): Promise<readonly { readonly id: Uuid; readonly index: number }[]> {
  const { rows } = await sql<{ readonly id: Uuid; readonly index: number }>`
    SELECT id, index FROM (
      SELECT ${from.id} AS id, (row_number() OVER (ORDER BY ${from.order}) - 1)::int AS index ${from.source}
    ) ranked WHERE id = ANY(${ids}::uuid[]) ORDER BY index`.execute(db);
  return rows;
}
