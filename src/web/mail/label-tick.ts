// Whether chosen letters carry a label: all, some or none of them; for the menu alone, which the list does not wait for.

import type { MailboxId } from '#base/ids.ts';
import type { ListRow } from '../backend.ts';

/** Whether all, some or none of the letters carry a label; `undefined` rows are not here yet. */
export function labelTick(rows: readonly (ListRow | undefined)[], label: MailboxId): 'all' | 'some' | 'none' {
  const carrying = rows.filter((row) => row?.mailboxIds.includes(label)).length;
  return carrying === 0 ? 'none' : carrying === rows.length ? 'all' : 'some';
}
