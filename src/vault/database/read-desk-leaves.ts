// The leaves of the register of requests: what its public log shows.

import type { Snapshot } from './read-states.ts';

/** Leaves alone, in order: also of entries that were erased. */
export async function readDeskLeaves(
  db: Snapshot,
  { from, count }: { readonly from: number; readonly count: number },
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('desk_entry')
    .select('leaf')
    .where('nth', '>=', from)
    .orderBy('nth')
    .limit(count)
    .execute();
  return rows.map(({ leaf }) => leaf);
}
