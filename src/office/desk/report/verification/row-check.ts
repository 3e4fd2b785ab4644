// The rows of the database beside those that follow from the entries: each column that differs by its name.

import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { DeskFilingRow } from '#vault/database/read-desk.ts';
import type { FilingRow } from '../../register/fold.ts';
import type { FilingNumber } from '#formats/desk/model.ts';
import type { Note } from './findings.ts';
import type { RowStore } from './row-store.ts';

export class RowCheck {
  readonly #note: Note;
  readonly #rows: RowStore;
  readonly #seen = new Set<string>();

  constructor(note: Note, rows: RowStore) {
    this.#note = note;
    this.#rows = rows;
  }

  take(stored: DeskFilingRow): void {
    const place = `filing ${stored.filing}`;
    if (this.#seen.has(stored.filing)) this.#note(place, 'rowTwice');
    this.#seen.add(stored.filing);
    const row = this.#rows.get(stored.filing as FilingNumber);
    if (!row) return this.#note(place, 'rowUnknown');
    for (const column of differing(columnsOf(row), columnsOf(stored)))
      this.#note(`${place} · ${column}`, 'columnDiffers');
  }

  finish(): void {
    if (this.#seen.size === this.#rows.size) return;
    for (const { filing } of this.#rows.values()) {
      if (!this.#seen.has(filing)) this.#note(`filing ${filing}`, 'rowMissing');
    }
  }
}

/** As they must stand in the database, or as they stand there. */
function columnsOf(row: FilingRow | DeskFilingRow): ReadonlyMap<string, string> {
  if (!('contents' in row)) {
    const contents = canonicalJson(row);
    const { filing, receivedMs, state } = row;
    return columnsOf({ filing, year: Number(filing.slice(0, 4)), receivedMs, state, contents });
  }
  const { filing: _, contents, ...copies } = row;
  return new Map([
    ...Object.entries(copies).map(([name, value]) => [name, String(value)] as const),
    ['contents', contents],
  ]);
}

function differing(due: ReadonlyMap<string, string>, stored: ReadonlyMap<string, string>): readonly string[] {
  const columns = [...due].flatMap(([name, value]) => (stored.get(name) === value ? [] : [name]));
  if (!columns.includes('contents')) return columns;
  const inside = differingMembers(due.get('contents') ?? '', stored.get('contents') ?? '');
  return columns.flatMap((name) => (name === 'contents' && inside.length > 0 ? inside : [name]));
}

/** "contents.channel"; none: it is no JSON object, or written otherwise. */
function differingMembers(due: string, stored: string): readonly string[] {
  const [one, other] = [membersOf(due), membersOf(stored)];
  const names = new Set([...one.keys(), ...other.keys()]);
  return [...names].filter((name) => one.get(name) !== other.get(name)).map((name) => `contents.${name}`);
}

function membersOf(text: string): ReadonlyMap<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(Object.entries(value).map(([name, member]) => [name, canonicalJson(member)]));
  } catch {
    return new Map();
  }
}
