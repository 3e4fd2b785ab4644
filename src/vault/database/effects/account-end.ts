// The end of an account: all its rows go but its addresses, which stay taken for ever.

import { texts } from '../array-parameter.ts';
import { vouchFor } from '../guarded-records.ts';
import { idToUuid } from '../ids.ts';
import type { CommandOf } from '../../journal/commands.ts';
import type { RecordHeader } from '../../journal/record.ts';
import type { Session } from '../session.ts';

/** Letters before what they lie in, the account last. */
const TABLES = [
  'placement', 'letter', 'mailbox', 'item', 'blob', 'outbound', 'submission', 'receipt', 'app_password', 'session', 'holder',
  'wrap', 'credential', 'account_counter', 'account',
] as const; // prettier-ignore

const COUNT = `SELECT (${TABLES.map((table) => `(SELECT count(*) FROM ${table} WHERE account_id = $1)`).join(' + ')})::int8 AS rows`;

/** A rebuild finds no record of the account any more and takes the addresses from here. */
const RETIRE = `
  INSERT INTO address (address, account_id, kind, removed_ms)
  SELECT a.address, $2::uuid, 'address', $3::int8 FROM unnest($1::text[]) AS a(address)
  ON CONFLICT (address) DO UPDATE SET kind = excluded.kind, removed_ms = excluded.removed_ms WHERE address.account_id = excluded.account_id`;
const LEAVE_GROUPS = `
  UPDATE group_address SET account_ids = array_remove(account_ids, $1::uuid) WHERE $1::uuid = ANY(account_ids)`;
const LEAVE_DOMAINS = 'UPDATE domain SET catch_all = NULL WHERE catch_all = $1';

export async function endAccount(
  tx: Session,
  header: RecordHeader,
  { accountId, addresses }: CommandOf<'accountErased'>['effect'],
): Promise<void> {
  const account = idToUuid(accountId);
  const [counted] = await tx.rows<{ rows: number }>(COUNT, [account]);
  if ((counted?.rows ?? 0) > 0) {
    await vouchFor(tx, header, counted?.rows ?? 0, account);
    for (const table of TABLES) await tx.rows(`DELETE FROM ${table} WHERE account_id = $1`, [account]);
  }
  await tx.rows(RETIRE, [texts(addresses), account, header.timeMs]);
  await tx.rows(LEAVE_GROUPS, [account]);
  await tx.rows(LEAVE_DOMAINS, [account]);
}
