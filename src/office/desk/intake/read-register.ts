// A register kept elsewhere, line by line: every field read or refused with its line and what to write; one bad line and nothing of the file is taken.

import { limits } from '#base/limits.ts';
import type { Result } from '#base/result.ts';
import type { PastFiling } from '../book/desk.ts';
import { newFilingSchema, type NewFiling } from '../book/new-filing.ts';
import { parseCalendarDay } from '#formats/desk/calendar-day.ts';
import { placeOf } from '#formats/desk/fields.ts';
import type { Reason } from '#formats/desk/model.ts';
import * as v from 'valibot';
import { columnOf, columns, neededColumns, valueOf, valuesOf, type Column } from './column-words.ts';
import { readCsv, type CsvLine, type CsvRefusal } from './read-csv.ts';

export interface LineFault {
  readonly line: number;
  readonly what: string;
}

export interface ReadRegister {
  readonly filings: readonly PastFiling[];
  /** The first of them; with any, nothing is to be taken. */
  readonly faults: readonly LineFault[];
  /** All of them. */
  readonly faultCount: number;
}

export interface RegisterRules {
  /** Ids of norms that the policy knows. */
  readonly norms: ReadonlySet<string>;
  /** Of the house, where a line names none. */
  readonly country: string;
  readonly nowMs: number;
}

type Fields = Readonly<Partial<Record<Column, string>>>;

/** Held in memory: at most limits.deskFiling.importMax filings. */
export async function readRegister(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  rules: RegisterRules,
): Promise<ReadRegister> {
  const reader = new RegisterReader(rules);
  for await (const record of readCsv(chunks)) if (!reader.take(record)) break;
  return reader.finish();
}

class RegisterReader {
  readonly #rules: RegisterRules;
  #header: readonly Column[] | undefined;
  readonly #filings: PastFiling[] = [];
  readonly #faults: LineFault[] = [];
  #faultCount = 0;
  /** Where each reference stands, and whether it is a rejection that nothing corrected yet. */
  readonly #known = new Map<string, { readonly nth: number; isOpenRejection: boolean }>();

  constructor(rules: RegisterRules) {
    this.#rules = rules;
  }

  /** False: nothing more can be read. */
  take(record: Result<CsvLine, CsvRefusal>): boolean {
    if (!record.ok) {
      this.#fault(record.error.line, record.error.what);
      return false;
    }
    const { line, fields } = record.value;
    if (this.#header === undefined) return this.#takeHeader(line, fields);
    if (this.#filings.length === limits.deskFiling.importMax) {
      this.#fault(
        line,
        `is one too many: at most ${limits.deskFiling.importMax} filings at once, so split the file by year`,
      );
      return false;
    }
    const before = this.#faultCount;
    const filing = this.#read(line, this.#header, fields);
    if (filing !== undefined) this.#filings.push(filing);
    return this.#faultCount === before || this.#faultCount < limits.deskIntake.faultsCounted;
  }

  finish(): ReadRegister {
    if (this.#header === undefined && this.#faultCount === 0)
      this.#fault(1, `is missing: the first line names the columns ${columns.join(', ')}`);
    else if (this.#filings.length === 0 && this.#faultCount === 0)
      this.#fault(2, 'is missing: there is no filing in the file');
    return { filings: this.#filings, faults: this.#faults, faultCount: this.#faultCount };
  }

  #takeHeader(line: number, fields: readonly string[]): boolean {
    const header: Column[] = [];
    for (const name of fields) {
      const column = columnOf(name);
      if (column === undefined)
        this.#fault(line, `names a column “${short(name)}” that there is not: ${columns.join(', ')}`);
      else if (header.includes(column)) this.#fault(line, `names the column ${column} twice`);
      else header.push(column);
    }
    for (const needed of neededColumns) if (!header.includes(needed)) this.#fault(line, `lacks the column ${needed}`);
    this.#header = header;
    return this.#faultCount === 0;
  }

  #read(line: number, header: readonly Column[], values: readonly string[]): PastFiling | undefined {
    if (values.length !== header.length) {
      this.#fault(line, `has ${values.length} columns and not ${header.length}, as the first line has`);
      return undefined;
    }
    const fields: Fields = Object.fromEntries(header.map((column, at) => [column, (values[at] ?? '').trim()]));
    const say = (column: Column, what: string): void => this.#fault(line, `${column}: ${what}`);
    const before = this.#faultCount;
    const given = this.#readGiven(fields, say);
    const past = readPast(fields, this.#rules, say);
    const correctsNth = this.#readPlace(fields, past.isRejected, say);
    if (this.#faultCount > before || given === undefined) return undefined;
    return { given, past: { outcome: past.outcome, reasons: past.reasons, decidedMs: past.decidedMs }, correctsNth };
  }

  #readGiven(fields: Fields, say: Say): NewFiling | undefined {
    const { norms, country } = this.#rules;
    const bases = listOf(fields.bases);
    for (const basis of bases) if (!norms.has(basis)) say('bases', `“${short(basis)}” is no norm of the policy`);
    const named = listOf(fields.kinds).flatMap((text) => word('kinds', text, say) ?? []);
    if (named.length === 0) say('kinds', `names nothing: one or more of ${valuesOf.kinds.join(', ')}, divided by |`);
    if (new Set(named).size < named.length) say('kinds', 'names something twice');
    const value = {
      corrects: null,
      received: fields.received ?? '',
      authority: {
        class: fields.class ? word('class', fields.class, say) : 'PROSECUTION',
        country: fields.country ? fields.country.toUpperCase() : country,
      },
      channel: word('channel', fields.channel ?? '', say),
      instrument: fields.instrument ? word('instrument', fields.instrument, say) : 'REQUEST',
      urgency: fields.urgency ? word('urgency', fields.urgency, say) : 'NORMAL',
      items: named.map((kind, at) => {
        return { kind, basis: bases[Math.min(at, bases.length - 1)] ?? null, from: null, until: null, target: null };
      }),
      targets: fields.targets ? Number(fields.targets) : 1,
    };
    const shaped = v.safeParse(newFilingSchema, value, { abortEarly: true });
    if (shaped.success) return shaped.output;
    const [issue] = shaped.issues;
    const place = placeOf(issue.path);
    const column = COLUMN_OF[place.split(/[.[]/)[0] ?? ''];
    // a word that is none was said already
    if (column !== undefined && !(column in valuesOf && issue.received === 'undefined'))
      say(place === 'authority.country' ? 'country' : column, issue.message);
    return undefined;
  }

  /** Which earlier filing it corrects, from 0; null: none. */
  #readPlace({ reference = '', corrects = '' }: Fields, isRejected: boolean, say: Say): number | null {
    const nth = this.#filings.length;
    const earlier = this.#known.get(corrects);
    if (reference === '') say('reference', 'is missing: each line has one of its own, which is not kept');
    else if (this.#known.has(reference)) say('reference', `“${short(reference)}” stands on an earlier line already`);
    else this.#known.set(reference, { nth, isOpenRejection: isRejected });
    if (corrects === '') return null;
    if (earlier === undefined) say('corrects', `“${short(corrects)}” is on no earlier line`);
    else if (!earlier.isOpenRejection)
      say('corrects', `“${short(corrects)}” was not rejected, or another line corrects it already`);
    else earlier.isOpenRejection = false;
    return earlier?.nth ?? null;
  }

  #fault(line: number, what: string): void {
    this.#faultCount += 1;
    if (this.#faults.length < limits.deskIntake.faultsShown) this.#faults.push({ line, what });
  }
}

type Say = (column: Column, what: string) => void;

const COLUMN_OF: Readonly<Record<string, Column>> = {
  received: 'received',
  authority: 'class',
  channel: 'channel',
  instrument: 'instrument',
  urgency: 'urgency',
  items: 'kinds',
  targets: 'targets',
};

interface ReadPast {
  readonly outcome: PastFiling['past']['outcome'];
  readonly reasons: readonly Reason[];
  readonly decidedMs: number | null;
  readonly isRejected: boolean;
}

function readPast(fields: Fields, { nowMs }: RegisterRules, say: Say): ReadPast {
  const outcome = fields.outcome ? (word('outcome', fields.outcome, say) ?? null) : null;
  const reasons = listOf(fields.reasons).flatMap((text) => word('reasons', text, say) ?? []);
  const isRejected = outcome === 'REJECTED' || outcome === 'REJECTED_FORMAL';
  if (isRejected && reasons.length === 0)
    say('reasons', `is empty: a rejection names at least one of ${valuesOf.reasons.join(', ')}`);
  if (!isRejected && reasons.length > 0) say('reasons', 'stand only where the outcome is REJECTED or REJECTED_FORMAL');
  const decidedMs = fields.decided ? momentOf(fields.decided) : null;
  const receivedMs = momentOf(fields.received ?? '');
  if (decidedMs === undefined) say('decided', 'must be a day like "2023-01-31", or a moment with its offset');
  else if (decidedMs !== null) {
    if (outcome === null) say('decided', 'stands only where there is an outcome');
    if (decidedMs > nowMs) say('decided', 'is in the future');
    if (receivedMs !== undefined && decidedMs < receivedMs) say('decided', 'is before it was received');
  }
  if (receivedMs !== undefined && receivedMs > nowMs) say('received', 'is in the future');
  return { outcome, reasons, decidedMs: decidedMs ?? null, isRejected };
}

/** A day counts as its noon. */
function momentOf(text: string): number | undefined {
  if (parseCalendarDay(text) !== undefined) return Date.parse(`${text}T12:00:00Z`);
  const isMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{3})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  const ms = isMoment ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function word<C extends keyof typeof valuesOf>(
  column: C,
  text: string,
  say: Say,
): (typeof valuesOf)[C][number] | undefined {
  const words: readonly (typeof valuesOf)[C][number][] = valuesOf[column];
  const found = valueOf(words, text);
  if (found === undefined) say(column, `“${short(text)}” is none of ${words.join(', ')}`);
  return found;
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '')
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
