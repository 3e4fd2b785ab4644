// Conversations of the newest letters, found in opened summaries here: the server never learns which letters belong together.

import type { LetterId, MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Conversation, ListRow, MailboxInfo } from '../backend.ts';
import { threadFactsOf } from './letter-row.ts';
import { chunks, readLetterRows, readNewestIds } from './mail-reads.ts';
import type { OpenSession } from './open-session.ts';
import type { RowStore } from './row-store.ts';
import { Threads } from './thread.ts';

const SUMMARIES_AT_ONCE = 100;

export class Conversations {
  readonly #session: OpenSession;
  readonly #store: RowStore;
  readonly #threads = new Threads();
  /** Letters of each row's conversation, as it was handed out. */
  readonly #told = new Map<LetterId, number>();
  /** Letters in trash and junk belong to no conversation but their own. */
  readonly #aside = new Set<LetterId>();
  readonly #emptied: ReadonlySet<MailboxId>;
  #asideTurn = 0;
  #toldTurn = 0;

  constructor(session: OpenSession, store: RowStore, boxes: readonly MailboxInfo[]) {
    this.#session = session;
    this.#store = store;
    this.#emptied = new Set(boxes.filter(({ role }) => role === 'trash' || role === 'junk').map(({ id }) => id));
  }

  /** Opens the summaries of the newest letters that are not open yet. */
  async learn(): Promise<void> {
    const { jmap } = this.#session;
    const newest = await readNewestIds(jmap, [...this.#emptied], limits.client.threadedLettersMax);
    if (!newest.ok) return;
    const unknown = newest.value.filter((id) => !this.#store.find(id));
    for (const chunk of chunks(unknown, SUMMARIES_AT_ONCE)) {
      const read = await readLetterRows(jmap, [], chunk);
      if (!read.ok) return;
      await Promise.all([...read.value.summaries.values()].map((row) => this.#store.keep(row)));
    }
  }

  async threadOf(id: LetterId): Promise<readonly LetterId[]> {
    if (!this.#store.find(id)) await this.#store.rows([id]);
    this.#take();
    return this.#aside.has(id) ? [id] : this.#members(id);
  }

  /** Those of two letters or more. */
  all(): readonly Conversation[] {
    this.#take();
    this.#toldTurn = this.#turn();
    return this.#threads.conversations().flatMap((messages) => {
      const kept = messages.map((copies) => copies.filter((id) => !this.#aside.has(id)));
      const standing = kept.filter((copies) => copies.length > 0);
      return standing.flat().length > 1 ? [standing] : [];
    });
  }

  /** Whether `all` is another than it was when last asked. */
  hasNews(): boolean {
    this.#take();
    return this.#turn() !== this.#toldTurn;
  }

  /** The same rows, each with how many letters its conversation has as far as is known. */
  count(rows: readonly ListRow[], asked: readonly LetterId[]): readonly ListRow[] {
    this.#take();
    const here = new Set(rows.map(({ id }) => id));
    for (const id of asked) if (!here.has(id)) this.#threads.drop(id);
    for (const row of rows) this.#place(row);
    return rows.map((row) => {
      const threadCount = this.#countOf(row.id);
      this.#told.delete(row.id);
      this.#told.set(row.id, threadCount);
      for (const oldest of this.#told.keys()) {
        if (this.#told.size <= limits.client.threadedLettersMax) break;
        this.#told.delete(oldest);
      }
      return { ...row, threadCount };
    });
  }

  /** Rows handed out before whose count is another now. */
  changed(): readonly LetterId[] {
    this.#take();
    return [...this.#told].flatMap(([id, before]) => (this.#countOf(id) === before ? [] : id));
  }

  /** Who scrolls through more than are kept sees the rest as single letters: a list folds in the same time as ever. */
  #take(): void {
    for (const [id, { summary }] of this.#store.all()) {
      if (!summary || this.#threads.has(id) || this.#threads.size() >= limits.client.summariesKeptMax) continue;
      this.#threads.put(id, threadFactsOf(summary));
    }
  }

  #place({ id, mailboxIds }: ListRow): void {
    const liesAside = mailboxIds.every((box) => this.#emptied.has(box));
    if (liesAside === this.#aside.has(id)) return;
    this.#aside[liesAside ? 'add' : 'delete'](id);
    this.#asideTurn++;
  }

  #turn(): number {
    return this.#threads.turn() + this.#asideTurn;
  }

  #members(id: LetterId): readonly LetterId[] {
    return this.#threads.threadOf(id).filter((member) => member === id || !this.#aside.has(member));
  }

  #countOf(id: LetterId): number {
    return this.#aside.has(id) ? 1 : this.#members(id).length;
  }
}
