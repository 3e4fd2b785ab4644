// The ledger's sum of one account's rows.

import type { AccountId } from '#base/ids.ts';
import type { Database } from '../../database/open-database.ts';
import { withLedgerRows, type RowSum } from '../../database/read-ledger.ts';

/** Words are signed or unsigned as PostgreSQL gives them: mod 2³². */
export async function readAccountSum(
  database: Pick<Database, 'connect'>,
  journal: number,
  accountId: AccountId,
): Promise<RowSum> {
  await using session = await database.connect();
  return await withLedgerRows(session, journal, async (rows) => {
    const [sum] = await rows.letters(accountId);
    return sum ?? { count: 0, words: [] };
  });
}
