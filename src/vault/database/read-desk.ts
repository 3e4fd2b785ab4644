// Reads of the register of requests: entries in order, filings of a year or one by one, sealed case files. Whether they are true, office/desk says.

import type { Snapshot } from './read-states.ts';
import type { Row } from './tables.ts';

export interface DeskEntryRow {
  readonly nth: number;
  readonly atMs: number;
  readonly filing: string | null;
  readonly kind: string;
  readonly blind: string | null;
  readonly event: string | null;
  readonly leaf: string;
  readonly head: string;
}

export interface DeskFilingRow {
  readonly filing: string;
  readonly year: number;
  readonly receivedMs: number;
  readonly state: string;
  /** Canonical JSON. */
  readonly contents: string;
}

export interface DeskHead {
  readonly entries: number;
  /** Undefined: nothing was ever written down. */
  readonly head: string | undefined;
  readonly atMs: number;
}

const ENTRY = ['nth', 'at_ms', 'filing', 'kind', 'blind', 'event', 'leaf', 'head'] as const;
const PAGE = 10_000;

export async function readDeskHead(db: Snapshot): Promise<DeskHead> {
  const row = await db
    .selectFrom('desk_entry')
    .select(['nth', 'head', 'at_ms'])
    .orderBy('nth', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined
    ? { entries: 0, head: undefined, atMs: 0 }
    : { entries: row.nth + 1, head: row.head, atMs: row.at_ms };
}

/** In order, from this one on, a page at a time: also a register larger than memory. */
export async function* readDeskEntries(db: Snapshot, from = 0): AsyncGenerator<readonly DeskEntryRow[]> {
  for (let after = from - 1; ;) {
    const rows = await db
      .selectFrom('desk_entry')
      .select(ENTRY)
      .where('nth', '>', after)
      .orderBy('nth')
      .limit(PAGE)
      .execute();
    if (rows.length > 0) yield rows.map(toEntry);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.nth;
  }
}

export async function readEntriesOf(db: Snapshot, filing: string): Promise<readonly DeskEntryRow[]> {
  const rows = await db.selectFrom('desk_entry').select(ENTRY).where('filing', '=', filing).orderBy('nth').execute();
  return rows.map(toEntry);
}

/** Of the house: a kind of which there are few. */
export async function readEntriesOfKind(
  db: Snapshot,
  kind: 'POLICY_PUT' | 'REPORTED' | 'STATED',
): Promise<readonly DeskEntryRow[]> {
  const rows = await db
    .selectFrom('desk_entry')
    .select(ENTRY)
    .where('filing', 'is', null)
    .where('kind', '=', kind)
    .orderBy('nth')
    .execute();
  return rows.map(toEntry);
}

/** All that is written down of what came in by itself. */
export async function readArrivalEntries(db: Snapshot): Promise<readonly DeskEntryRow[]> {
  const rows = await db
    .selectFrom('desk_entry')
    .select(ENTRY)
    .where('kind', 'in', ['ARRIVED', 'AUTO_REPLIED', 'TAKEN', 'DISMISSED'])
    .orderBy('nth')
    .execute();
  return rows.map(toEntry);
}

/** Of what came in by itself, how many nobody has filed or dismissed. */
export async function countWaitingArrivals(db: Snapshot): Promise<number> {
  const counts = await db
    .selectFrom('desk_entry')
    .select((of) => ['kind', of.fn.countAll<string>().as('count')])
    .where('kind', 'in', ['ARRIVED', 'TAKEN', 'DISMISSED'])
    .groupBy('kind')
    .execute();
  return counts.reduce((sum, { kind, count }) => sum + (kind === 'ARRIVED' ? Number(count) : -Number(count)), 0);
}

/** The head after so many entries; undefined: there are not so many. */
export async function findDeskHead(db: Snapshot, entries: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('desk_entry')
    .select('head')
    .where('nth', '=', entries - 1)
    .executeTakeFirst();
  return row?.head;
}

export interface FilingChoice {
  readonly year?: number;
  readonly state?: string;
  /** Those behind this one. */
  readonly after?: string;
}

/** Each once, a page at a time. */
export async function* readDeskFilings(
  db: Snapshot,
  { year, state, after: first = '' }: FilingChoice = {},
): AsyncGenerator<readonly DeskFilingRow[]> {
  for (let after = first; ;) {
    const rows = await db
      .selectFrom('desk_filing')
      .selectAll()
      .where('filing', '>', after)
      .$if(year !== undefined, (query) => query.where('year', '=', year ?? 0))
      .$if(state !== undefined, (query) => query.where('state', '=', state ?? ''))
      .orderBy('filing')
      .limit(PAGE)
      .execute();
    if (rows.length > 0) yield rows.map(toFiling);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.filing;
  }
}

export async function findDeskFiling(db: Snapshot, filing: string): Promise<DeskFilingRow | undefined> {
  const row = await db.selectFrom('desk_filing').selectAll().where('filing', '=', filing).executeTakeFirst();
  return row && toFiling(row);
}

/** How many filings the year has: numbers are given in order and never again. */
export async function countDeskFilings(db: Snapshot, year: number): Promise<number> {
  const row = await db
    .selectFrom('desk_filing')
    .select((of) => of.fn.countAll<string>().as('count'))
    .where('year', '=', year)
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}

export async function findDeskFile(db: Snapshot, file: string): Promise<Uint8Array | undefined> {
  const row = await db.selectFrom('desk_file').select('sealed').where('file', '=', file).executeTakeFirst();
  return row?.sealed;
}

function toEntry(row: Pick<Row<'desk_entry'>, (typeof ENTRY)[number]>): DeskEntryRow {
  const { at_ms: atMs, ...same } = row;
  return { ...same, atMs };
}

function toFiling({ received_ms: receivedMs, ...same }: Row<'desk_filing'>): DeskFilingRow {
  return { ...same, receivedMs };
}
