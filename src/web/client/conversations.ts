// Conversations of the newest letters, found in opened summaries here: the server never learns which letters belong together.

import type { LetterId, MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { ListRow, MailboxInfo } from '../backend.ts';
import { threadFactsOf } from './letter-row.ts';
import { chunks, readLetterRows, readNewestIds } from './mail-reads.ts';
import type { OpenSession } from './open-session.ts';
import type { RowStore } from './row-store.ts';
import { Threads } from './thread.ts';

const SUMMARIES_AT_ONCE = 100;

export interface Conversations {
  /** Opens the summaries of the newest letters that are not open yet. */
  learn(): Promise<void>;
  threadOf(id: LetterId): Promise<readonly LetterId[]>;
  /** The same rows, each with how many letters its conversation has as far as is known. */
  count(rows: readonly ListRow[], asked: readonly LetterId[]): readonly ListRow[];
  /** Rows handed out before whose count is another now. */
  changed(): readonly LetterId[];
}

export function createConversations(
  session: OpenSession,
  store: RowStore,
  boxes: readonly MailboxInfo[],
): Conversations {
  const threads = new Threads();
  const told = new Map<LetterId, number>();
  /** Letters in trash and junk belong to no conversation but their own. */
  const aside = new Set<LetterId>();
  const emptied = new Set(boxes.filter(({ role }) => role === 'trash' || role === 'junk').map(({ id }) => id));
  const liesAside = (mailboxIds: readonly MailboxId[]): boolean => mailboxIds.every((id) => emptied.has(id));

  function take(): void {
    for (const [id, { summary }] of store.all())
      if (summary && !threads.has(id)) threads.put(id, threadFactsOf(summary));
  }
  const members = (id: LetterId): readonly LetterId[] =>
    threads.threadOf(id).filter((member) => member === id || !aside.has(member));
  const countOf = (id: LetterId): number => (aside.has(id) ? 1 : members(id).length);

  return {
    async learn() {
      const newest = await readNewestIds(session.jmap, [...emptied], limits.client.threadedLettersMax);
      if (!newest.ok) return;
      const unknown = newest.value.filter((id) => !store.find(id));
      for (const chunk of chunks(unknown, SUMMARIES_AT_ONCE)) {
        const read = await readLetterRows(session.jmap, [], chunk);
        if (!read.ok) return;
        await Promise.all([...read.value.summaries.values()].map((row) => store.keep(row)));
      }
    },
    async threadOf(id) {
      if (!store.find(id)) await store.rows([id]);
      take();
      return aside.has(id) ? [id] : members(id);
    },
    count(rows, asked) {
      take();
      const here = new Set(rows.map(({ id }) => id));
      for (const id of asked) if (!here.has(id)) threads.drop(id);
      for (const { id, mailboxIds } of rows) aside[liesAside(mailboxIds) ? 'add' : 'delete'](id);
      return rows.map((row) => {
        const threadCount = countOf(row.id);
        told.delete(row.id);
        told.set(row.id, threadCount);
        for (const oldest of told.keys()) {
          if (told.size <= limits.client.threadedLettersMax) break;
          told.delete(oldest);
        }
        return { ...row, threadCount };
      });
    },
    changed() {
      take();
      return [...told].flatMap(([id, before]) => (countOf(id) === before ? [] : id));
    },
  };
}
