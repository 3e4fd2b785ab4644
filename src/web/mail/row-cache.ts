// Opened rows the page has already: asks for missing ones in one go, keeps the last few thousand.

import type { LetterId } from '#base/ids.ts';
import type { Backend, ListRow } from '../backend.ts';

const ROWS_MAX = 4_000;
const ASK_MAX = 128;

export class RowCache {
  #rows = new Map<LetterId, ListRow>();
  readonly #asked = new Map<LetterId, Promise<void>>();
  /** Shown as they were until the new ones are here. */
  readonly #stale = new Set<LetterId>();
  readonly #backend: Pick<Backend, 'rows'>;
  readonly #changed: (rows: ReadonlyMap<LetterId, ListRow>) => void;

  constructor(backend: Pick<Backend, 'rows'>, changed: (rows: ReadonlyMap<LetterId, ListRow>) => void) {
    this.#backend = backend;
    this.#changed = changed;
  }

  /** Resolves when every one of these that exists is here. */
  async need(ids: readonly LetterId[]): Promise<void> {
    const missing = ids.filter((id) => (!this.#rows.has(id) || this.#stale.has(id)) && !this.#asked.has(id));
    for (let from = 0; from < missing.length; from += ASK_MAX) this.#ask(missing.slice(from, from + ASK_MAX));
    await Promise.all(ids.flatMap((id) => this.#asked.get(id) ?? []));
  }

  #ask(ids: readonly LetterId[]): void {
    const asking = this.#fetch(ids);
    for (const id of ids) {
      this.#asked.set(id, asking);
      this.#stale.delete(id);
    }
  }

  async #fetch(ids: readonly LetterId[]): Promise<void> {
    try {
      const rows = await this.#backend.rows(ids);
      const next = new Map(this.#rows);
      for (const id of ids) next.delete(id);
      for (const row of rows) next.set(row.id, row);
      for (const oldest of next.keys()) {
        if (next.size <= ROWS_MAX) break;
        next.delete(oldest);
      }
      this.#show(next);
    } catch {
      for (const id of ids) if (this.#rows.has(id)) this.#stale.add(id); // asked again when next seen
    } finally {
      for (const id of ids) this.#asked.delete(id);
    }
  }

  patch(ids: readonly LetterId[], change: (row: ListRow) => ListRow): void {
    const next = new Map(this.#rows);
    for (const id of ids) {
      const row = next.get(id);
      if (row) next.set(id, change(row));
    }
    this.#show(next);
  }

  /** What is here of them is shown on, and asked for again when it is next needed. */
  forget(ids: readonly LetterId[]): void {
    for (const id of ids) if (this.#rows.has(id)) this.#stale.add(id);
  }

  #show(next: Map<LetterId, ListRow>): void {
    this.#rows = next;
    this.#changed(next);
  }
}
