// What is known of addresses beside whose they are: a person's own with those given up, the house's domains, groups.

import { uuidToId, idToUuid } from './ids.ts';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { Role } from '../journal/commands.ts';
import type { Reader } from './reader.ts';

export interface OwnAddressRow {
  readonly address: string;
  readonly kind: 'address' | 'alias';
  readonly isRemoved: boolean;
}

export interface GroupRow {
  readonly address: string;
  readonly accountIds: readonly AccountId[];
}

/** Addresses first, then aliases; those given up too. */
export async function readOwnAddresses(reader: Reader, accountId: AccountId): Promise<readonly OwnAddressRow[]> {
  const rows = await reader.db
    .selectFrom('address')
    .select(['address', 'kind', 'removed_ms'])
    .where('account_id', '=', idToUuid(accountId))
    .orderBy('kind')
    .orderBy('address')
    .limit(limits.account.addressesMax)
    .execute();
  return rows.map(({ address, kind, removed_ms: removedMs }) => ({ address, kind, isRemoved: removedMs !== null }));
}

/** The first address of each living account that has one of these roles. */
export async function readAddressesOfRoles(reader: Reader, roles: readonly Role[]): Promise<readonly string[]> {
  const rows = await reader.db
    .selectFrom('address')
    .innerJoin('account', 'account.account_id', 'address.account_id')
    .select((of) => of.fn.min('address.address').as('address'))
    .where('account.role', 'in', roles)
    .where('account.closed_ms', 'is', null)
    .where('address.kind', '=', 'address')
    .where('address.removed_ms', 'is', null)
    .groupBy('account.account_id')
    .execute();
  return rows.map(({ address }) => address).toSorted();
}

/** In order of their names. */
export async function readDomains(reader: Reader): Promise<readonly string[]> {
  const rows = await reader.db.selectFrom('domain').select('domain').orderBy('domain').execute();
  return rows.map((row) => row.domain);
}

/** The groups in use. */
export async function readGroups(reader: Reader): Promise<readonly GroupRow[]> {
  const rows = await reader.db
    .selectFrom('group_address')
    .select(['address', 'account_ids'])
    .where('removed_ms', 'is', null)
    .orderBy('address')
    .execute();
  return rows.map((row) => ({
    address: row.address,
    accountIds: row.account_ids.map((uuid) => uuidToId<AccountId>(uuid)),
  }));
}
