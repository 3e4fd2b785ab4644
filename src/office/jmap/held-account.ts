// Whether a session may work in an account other than its own: only as one of its holders (SEALING.md).

import { parseId, type AccountId } from '#base/ids.ts';
import { isHolder } from '#vault/database/holders-read.ts';
import type { House } from './method.ts';

/** The account of this id when `own` holds it, or is it; undefined: for this session there is no such account. */
export async function heldAccount(
  { reader }: Pick<House, 'reader'>,
  own: AccountId,
  text: string | undefined,
): Promise<AccountId | undefined> {
  const accountId = parseId<AccountId>(text);
  if (accountId === undefined || accountId === own) return accountId;
  return (await isHolder(reader, accountId, own)) ? accountId : undefined;
}
