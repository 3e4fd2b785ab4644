// Opened summaries in memory: each is fetched and opened once, flags and places are asked again every time.

import type { LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { OpenedSummary } from '#vault/sealing/client/open-summary.ts';
import type { Backend, ListRow } from '../backend.ts';
import { listRow } from './letter-row.ts';
import { readLetterIds, readLetterRows, type SealedSummaryRow } from './mail-reads.ts';
import type { OpenSession } from './open-session.ts';

export interface Opened {
  readonly version: number;
  /** Undefined: altered in storage. */
  readonly summary: OpenedSummary | undefined;
}

export interface RowStore extends Pick<Backend, 'list' | 'listKeyword' | 'rows'> {
  /** Opens and keeps; from memory when it is the same version. */
  keep(row: SealedSummaryRow): Promise<Opened>;
  find(id: LetterId): Opened | undefined;
  all(): ReadonlyMap<LetterId, Opened>;
  forget(ids: readonly LetterId[]): void;
  /** Those opened in this session. */
  opened(): Iterable<Opened>;
}

export function createRowStore({ jmap, summaries }: OpenSession): RowStore {
  const opened = new Map<LetterId, Opened>();

  async function keep(row: SealedSummaryRow): Promise<Opened> {
    const known = opened.get(row.id);
    if (known?.version === row.version) return known;
    const fresh = { version: row.version, summary: await summaries.open(row) };
    if (opened.size >= limits.client.summariesKeptMax) {
      for (const oldest of opened.keys()) {
        opened.delete(oldest);
        break;
      }
    }
    opened.set(row.id, fresh);
    return fresh;
  }

  async function ids(filter: Parameters<typeof readLetterIds>[1]): Promise<readonly LetterId[]> {
    const read = await readLetterIds(jmap, filter);
    if (!read.ok) throw new Error(`the list cannot be read: ${read.error.kind}`);
    return read.value;
  }

  return {
    keep,
    find: (id) => opened.get(id),
    opened: () => opened.values(),
    all: () => opened,
    forget: (gone) => {
      for (const id of gone) opened.delete(id);
    },
    list: (inMailbox) => ids({ inMailbox }),
    listKeyword: (hasKeyword) => ids({ hasKeyword }),
    async rows(wanted) {
      const unknown = wanted.filter((id) => !opened.has(id));
      const read = await readLetterRows(jmap, wanted, unknown);
      if (!read.ok) throw new Error(`rows cannot be read: ${read.error.kind}`);
      await Promise.all([...read.value.summaries.values()].map(keep));
      const rows: ListRow[] = [];
      for (const id of wanted) {
        const place = read.value.places.get(id);
        if (place) rows.push(listRow(place, opened.get(id)?.summary));
      }
      return rows;
    },
  };
}
