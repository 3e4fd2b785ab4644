// Search over opened search words: fetched and opened once a session, then a scan in memory; the server never hears a word of it.

import type { LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { queryTerms } from '#formats/message/terms.ts';
import type { Backend } from '../backend.ts';
import { chunks, readLetterIds, readLetterTerms } from './mail-reads.ts';
import type { OpenSession } from './open-session.ts';
import type { RowStore } from './row-store.ts';

export interface Search extends Pick<Backend, 'search'> {
  /** Their words are fetched again at the next search. */
  forget(ids: readonly LetterId[]): void;
}

export function createSearch({ jmap, summaries }: OpenSession, rows: RowStore): Search {
  const words = new Map<LetterId, readonly string[]>();

  async function load(ids: readonly LetterId[]): Promise<void> {
    for (const chunk of chunks(ids, limits.jmap.termsInGet)) {
      const read = await readLetterTerms(jmap, chunk);
      if (!read.ok) return;
      await Promise.all(
        read.value.map(async (row) => {
          const { summary } = await rows.keep(row);
          words.set(row.id, summary ? await summaries.words(row, summary) : []);
        }),
      );
    }
  }

  return {
    forget: (ids) => {
      for (const id of ids) words.delete(id);
    },
    async search(text) {
      const terms = queryTerms(text);
      const all = await readLetterIds(jmap, null);
      if (!all.ok || terms.length === 0) return [];
      const searched = all.value.slice(0, limits.client.lettersSearchedMax);
      await load(searched.filter((id) => !words.has(id)));
      return searched.filter((id) => {
        const own = words.get(id) ?? [];
        return terms.every(({ term, isPrefix }) => (isPrefix ? hasPrefix(own, term) : own.includes(term)));
      });
    },
  };
}

/** `sorted` by code unit: the first word not before the prefix begins with it, or none does. */
function hasPrefix(sorted: readonly string[], prefix: string): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  return sorted[low]?.startsWith(prefix) === true;
}
