// One pass over the rows of the register: what is counted for a year, before anything is rounded, shared or left out.

import {
  authorityClasses,
  channels,
  instruments,
  kinds,
  origins,
  outcomes,
  reasons,
  urgencies,
  type Channel,
  type Kind,
} from '#formats/desk/model.ts';
import type { FilingRow } from '../register/fold.ts';

export const outcomeRows = [...outcomes, 'OPEN'] as const;
export const protections = ['ENCRYPTED', 'CLEAR', 'PAPER', 'UNKNOWN'] as const;
export type Protection = (typeof protections)[number];

const protectionOf: Readonly<Record<Channel, Protection>> = {
  ESB: 'ENCRYPTED',
  PGP: 'ENCRYPTED',
  SMIME: 'ENCRYPTED',
  WEB: 'ENCRYPTED',
  PLAIN_MAIL: 'CLEAR',
  MIXED: 'CLEAR',
  FAX: 'CLEAR',
  POST: 'PAPER',
  OTHER: 'UNKNOWN',
};

/** A number for each word. */
export type Tally = Map<string, number>;
/** cells[row][column], both by their words. */
export type Cross = ReadonlyMap<string, Tally>;

export interface YearCount {
  readonly year: number;
  total: number;
  corrections: number;
  targets: number;
  rejectedFirst: number;
  rejectedFormal: number;
  rejectedCorrected: number;
  /** From receipt to verdict, in no order. */
  readonly spansMs: number[];
  readonly origin: Tally;
  readonly authority: Tally;
  readonly kind: Tally;
  readonly channel: Tally;
  readonly protection: Tally;
  readonly instrument: Tally;
  readonly urgency: Tally;
  readonly reason: Tally;
  readonly outcome: Tally;
  readonly kindChannel: Cross;
  readonly kindOutcome: Cross;
  readonly originKind: Cross;
  readonly channelOutcome: Cross;
}

/** Several years in the same pass: rows may come from a stream that is read once. */
export function countYears(rows: Iterable<FilingRow>, years: readonly number[]): readonly YearCount[] {
  const counts = new Map(years.map((year) => [String(year).padStart(4, '0'), emptyCount(year)]));
  for (const row of rows) {
    const count = counts.get(row.receivedOn.slice(0, 4));
    if (count) countRow(count, row);
  }
  return [...counts.values()];
}

export function countYear(rows: Iterable<FilingRow>, year: number): YearCount {
  return countYears(rows, [year])[0] ?? emptyCount(year);
}

export function emptyCount(year: number): YearCount {
  return {
    year,
    total: 0,
    corrections: 0,
    targets: 0,
    rejectedFirst: 0,
    rejectedFormal: 0,
    rejectedCorrected: 0,
    spansMs: [],
    origin: tallyOf(origins),
    authority: tallyOf(authorityClasses),
    kind: tallyOf(kinds),
    channel: tallyOf(channels),
    protection: tallyOf(protections),
    instrument: tallyOf(instruments),
    urgency: tallyOf(urgencies),
    reason: tallyOf(reasons),
    outcome: tallyOf(outcomeRows),
    kindChannel: crossOf(kinds, channels),
    kindOutcome: crossOf(kinds, outcomeRows),
    originKind: crossOf(origins, kinds),
    channelOutcome: crossOf(channels, outcomeRows),
  };
}

function countRow(count: YearCount, row: FilingRow): void {
  const outcome = row.outcome ?? 'OPEN';
  count.total++;
  count.targets += row.targets;
  if (row.corrects !== null) count.corrections++;
  if (row.decidedMs !== null) count.spansMs.push(row.decidedMs - row.receivedMs);
  add(count.origin, row.origin);
  add(count.authority, row.authority.class);
  add(count.channel, row.channel);
  add(count.protection, protectionOf[row.channel]);
  add(count.instrument, row.instrument);
  add(count.urgency, row.urgency);
  add(count.outcome, outcome);
  addCross(count.channelOutcome, row.channel, outcome);
  for (const kind of kindsOf(row)) {
    add(count.kind, kind);
    addCross(count.kindChannel, kind, row.channel);
    addCross(count.kindOutcome, kind, outcome);
    addCross(count.originKind, row.origin, kind);
  }
  if (outcome === 'REJECTED' || outcome === 'REJECTED_FORMAL') countRejected(count, row);
}

function countRejected(count: YearCount, row: FilingRow): void {
  count.rejectedFirst++;
  if (row.outcome === 'REJECTED_FORMAL') count.rejectedFormal++;
  if (row.correctedBy !== null) count.rejectedCorrected++;
  for (const reason of row.reasons) add(count.reason, reason);
}

/** Each once, however many items ask for it. */
function kindsOf({ items }: FilingRow): Iterable<Kind> {
  const [first] = items;
  if (first !== undefined && items.length === 1) return [first.kind];
  return new Set(items.map(({ kind }) => kind));
}

function tallyOf(words: readonly string[]): Tally {
  return new Map(words.map((word) => [word, 0]));
}

function crossOf(rows: readonly string[], columns: readonly string[]): Cross {
  return new Map(rows.map((row) => [row, tallyOf(columns)]));
}

function add(tally: Tally, word: string): void {
  const before = tally.get(word);
  if (before === undefined) throw new Error(`a row of the register says ${word}, which the model does not know`);
  tally.set(word, before + 1);
}

function addCross(cross: Cross, row: string, column: string): void {
  const tally = cross.get(row);
  if (!tally) throw new Error(`a row of the register says ${row}, which the model does not know`);
  add(tally, column);
}
