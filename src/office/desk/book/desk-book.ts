// The one door into the register: what is decided is decided against its rows, journalled with all that follows from it, and in the rows before anybody is answered.

import { randomBytes } from 'node:crypto';
import { requireValue } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { CommitDoor } from '#vault/database/commit.ts';
import {
  countDeskFilings,
  findDeskHead,
  readDeskHead,
  readArrivalEntries,
  readEntriesOf,
  readEntriesOfKind,
  type DeskEntryRow,
} from '#vault/database/read-desk.ts';
import type { Reader } from '#vault/database/reader.ts';
import type { CommandOf } from '#vault/journal/commands.ts';
import type { Actor } from '#vault/journal/record.ts';
import { FIRST_HEAD, headAfter, leafOf } from '../register/chain.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import { stepArrival, type Arrival, type IllegalArrival } from '../register/arrival.ts';
import {
  filingOf,
  isArrivalEvent,
  isFilingEvent,
  subjectOf,
  type ArrivalEvent,
  type DeskEvent,
  type Entry,
  type FilingEvent,
} from '../register/event.ts';
import { followingOf, stepFiling, type FilingRow, type IllegalStep } from '../register/fold.ts';
import type { ArrivalId, Digest, FilingNumber } from '#formats/desk/model.ts';
import { parseEntry } from './parse-entry.ts';

/** The register as it stood when somebody decided. */
export interface Register {
  readonly entries: number;
  readonly head: Digest;
  /** Never before the newest entry. */
  readonly nowMs: number;
  /** Computed from its entries, whose leaves are checked; undefined: there is no such filing. */
  filing(number: FilingNumber): Promise<FilingRow | undefined>;
  /** The same of something that came in. */
  arrival(id: ArrivalId): Promise<Arrival | undefined>;
  /** Everything that came in, oldest first. */
  arrivals(): Promise<readonly Arrival[]>;
  /** How many filings the year has: the number of its newest. */
  filingsOf(year: number): Promise<number>;
  /** All of this kind, in order. */
  ofKind(kind: 'POLICY_PUT' | 'REPORTED' | 'STATED'): Promise<readonly Entry[]>;
  /** The head after so many entries. */
  headAt(entries: number): Promise<Digest | undefined>;
  readonly read: Reader;
}

export type BookRefusal =
  | { readonly kind: 'step'; readonly filing: FilingNumber | null; readonly step: IllegalStep }
  | { readonly kind: 'arrival'; readonly arrival: ArrivalId; readonly step: IllegalArrival }
  /** An entry in the rows is not what was written: nothing is decided on it. */
  | { readonly kind: 'altered'; readonly nth: number }
  | { readonly kind: 'tooMuch' }
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'diskFull' };

export interface Noted {
  readonly entries: readonly Entry[];
  /** After each entry. */
  readonly heads: readonly Digest[];
  readonly rows: ReadonlyMap<FilingNumber, FilingRow>;
}

/** What a decision adds to the register. Is asked twice at most, and only reads. */
export type Decide<E extends { readonly kind: string }> = (
  register: Register,
) => Promise<Result<readonly DeskEvent[], E>>;

const SYSTEM: Actor = { kind: 'system', id: new Uint8Array(16) };
/** Of one record of the journal, which holds a decision whole. */
const BYTES_MAX = 24 * 1024 * 1024;

class Altered extends Error {
  readonly nth: number;
  constructor(nth: number) {
    super(`entry ${nth} of the register is not what was written`);
    this.name = 'Altered';
    this.nth = nth;
  }
}

export class DeskBook {
  readonly #door: Pick<CommitDoor, 'commit'>;
  readonly #reader: Reader;
  readonly #clock: Clock;

  constructor({ door, reader, clock }: { door: Pick<CommitDoor, 'commit'>; reader: Reader; clock: Clock }) {
    this.#door = door;
    this.#reader = reader;
    this.#clock = clock;
  }

  /** The register now, for reading. */
  open(): Promise<Register> {
    return openRegister(this.#reader, this.#clock);
  }

  /** All events or none; what follows from a second signature is added. */
  async note<E extends { readonly kind: string }>(decide: Decide<E>): Promise<Result<Noted, E | BookRefusal>> {
    let noted: Noted | undefined;
    const committed = await this.#door
      .commit<E | BookRefusal>(undefined, SYSTEM, async (read) => {
        const register = await openRegister(read, this.#clock);
        const decided = await decide(register);
        if (!decided.ok) return decided;
        const written = await write(register, decided.value);
        if (!written.ok) return written;
        noted = written.value;
        const effect = effectOf(noted);
        if (JSON.stringify(effect).length > BYTES_MAX) return err({ kind: 'tooMuch' });
        return ok({ kind: 'deskNoted', effect });
      })
      .catch((cause: unknown) => {
        if (cause instanceof Altered) return err({ kind: 'altered' as const, nth: cause.nth });
        throw cause;
      });
    if (!committed.ok) return committed;
    if (noted === undefined) throw new Error('a decision that was committed was made');
    return ok(noted);
  }

  /** A sealed case file, before the entry that names it: killed in between, nobody knows of it and nothing is missing. */
  async keepFile(effect: CommandOf<'deskFilePut'>['effect']): Promise<Result<void, BookRefusal>> {
    const kept = await this.#door.commit<never>(undefined, SYSTEM, async () => ok({ kind: 'deskFilePut', effect }));
    return kept.ok ? ok(undefined) : kept;
  }
}

async function openRegister(read: Reader, clock: Clock): Promise<Register> {
  const { entries, head, atMs } = await readDeskHead(read.db);
  const counts = new Map<number, Promise<number>>();
  return {
    entries,
    head: head === undefined ? FIRST_HEAD : parseDigest(head),
    nowMs: Math.max(clock.nowMs(), atMs),
    read,
    filingsOf(year) {
      const known = counts.get(year) ?? countDeskFilings(read.db, year);
      counts.set(year, known);
      return known;
    },
    async filing(number) {
      const rows = await readEntriesOf(read.db, number);
      return rows.map(toEntry).reduce<FilingRow | undefined>((row, entry) => stepped(row, entry), undefined);
    },
    async arrival(id) {
      const rows = await readEntriesOf(read.db, id);
      return rows.map(toEntry).reduce<Arrival | undefined>((known, entry) => arrived(known, entry), undefined);
    },
    async arrivals() {
      const known = new Map<ArrivalId, Arrival>();
      for (const row of await readArrivalEntries(read.db)) {
        const entry = toEntry(row);
        if (!isArrivalEvent(entry.event)) throw new Altered(entry.nth);
        const { arrival } = entry.event;
        known.set(arrival, arrived(known.get(arrival), entry));
      }
      return [...known.values()];
    },
    ofKind: async (kind) => (await readEntriesOfKind(read.db, kind)).map(toEntry),
    async headAt(count) {
      if (count === 0) return FIRST_HEAD;
      const found = await findDeskHead(read.db, count);
      return found === undefined ? undefined : parseDigest(found);
    },
  };
}

function stepped(row: FilingRow | undefined, entry: Entry): FilingRow {
  const { event, nth } = entry;
  if (!isFilingEvent(event)) throw new Altered(nth);
  const next = stepFiling(row, event, entry);
  if (!next.ok) throw new Altered(nth);
  return next.value;
}

function arrived(known: Arrival | undefined, { event, nth }: Entry): Arrival {
  const next = isArrivalEvent(event) ? stepArrival(known, event) : undefined;
  if (next?.ok !== true) throw new Altered(nth);
  return next.value;
}

/** Throws Altered for one that is erased, torn, or has another leaf. */
function toEntry(row: DeskEntryRow): Entry {
  const entry = parseEntry(row);
  if (entry === undefined || leafOf(entry) !== row.leaf) throw new Altered(row.nth);
  return entry;
}

interface Changed {
  readonly filings: Map<FilingNumber, FilingRow>;
  readonly arrivals: Map<ArrivalId, Arrival>;
}

async function write(register: Register, events: readonly DeskEvent[]): Promise<Result<Noted, BookRefusal>> {
  const changed: Changed = { filings: new Map(), arrivals: new Map() };
  const entries: Entry[] = [];
  const heads: Digest[] = [];
  let { head } = register;
  const waiting = [...events];
  for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) {
    const nth = register.entries + entries.length;
    const entry: Entry = { nth, atMs: register.nowMs, blind: parseDigest(randomBytes(32).toString('hex')), event };
    if (isArrivalEvent(event)) {
      const taken = await takeArrival(register, changed, event);
      if (!taken.ok) return taken;
    } else if (isFilingEvent(event)) {
      const row = await takeFiling(register, changed, { entry, event });
      if (!row.ok) return row;
      const follows = followingOf(event, row.value);
      if (follows !== undefined) waiting.unshift(follows);
    }
    entries.push(entry);
    head = headAfter(head, leafOf(entry));
    heads.push(head);
  }
  return ok({ entries, heads, rows: changed.filings });
}

async function takeFiling(
  register: Register,
  { filings }: Changed,
  { entry, event }: { readonly entry: Entry; readonly event: FilingEvent },
): Promise<Result<FilingRow, BookRefusal>> {
  const filing = filingOf(event);
  const row = stepFiling(filings.get(filing) ?? (await findFiling(register, filing)), event, entry);
  if (!row.ok) return err({ kind: 'step', filing, step: row.error });
  filings.set(filing, row.value);
  return row;
}

async function takeArrival(
  register: Register,
  { arrivals }: Changed,
  event: ArrivalEvent,
): Promise<Result<Arrival, BookRefusal>> {
  const { arrival } = event;
  const next = stepArrival(arrivals.get(arrival) ?? (await register.arrival(arrival)), event);
  if (!next.ok) return err({ kind: 'arrival', arrival, step: next.error });
  arrivals.set(arrival, next.value);
  return next;
}

/** Numbers are given in order: behind the newest of its year there is none to look for. */
async function findFiling(register: Register, filing: FilingNumber): Promise<FilingRow | undefined> {
  const [year = 0, number = 0] = filing.split('-').map(Number);
  return number > (await register.filingsOf(year)) ? undefined : register.filing(filing);
}

function effectOf({ entries, heads, rows }: Noted): CommandOf<'deskNoted'>['effect'] {
  return {
    entries: entries.map((entry, at) => ({
      nth: entry.nth,
      atMs: entry.atMs,
      filing: subjectOf(entry.event),
      kind: entry.event.kind,
      blind: entry.blind,
      event: canonicalJson(entry.event),
      leaf: leafOf(entry),
      head: requireValue(heads[at], 'a head after each entry'),
    })),
    rows: [...rows.values()].map((row) => ({
      filing: row.filing,
      year: Number(row.filing.slice(0, 4)),
      receivedMs: row.receivedMs,
      state: row.state,
      row: canonicalJson(row),
    })),
  };
}
