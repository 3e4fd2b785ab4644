// Group addresses: which there are, one made or given other members, one taken out of use.

import type { Config } from '#base/config/read.ts';
import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import { TRANSIT_LOCAL } from '#post/transit/door/place.ts';
import { findPrimaryAddress, isAddressTaken, isGroupAddress, isOwnDomain } from '#vault/database/accounts-read.ts';
import { readGroups } from '#vault/database/addresses-read.ts';
import type { Reader } from '#vault/database/reader.ts';
import type { OperatorHandlers, OperatorRefusal, ResultOf } from '../operator-methods.ts';
import type { Vault } from './open-vault.ts';
import { commit, findOwner, readAddress, refuse } from './operator-change.ts';

interface GroupFacts {
  readonly config: Config;
  readonly vault: Vault;
}

type Planned = Promise<Result<ResultOf<'group.remove'>, OperatorRefusal>>;

export function createGroupHandlers(
  facts: GroupFacts,
): Pick<OperatorHandlers, 'group.list' | 'group.put' | 'group.remove'> {
  return {
    'group.list': async () => ok({ groups: await listGroups(facts.vault) }),
    'group.put': ({ address, members, apply }) => putGroup(facts, { address, members, apply }),
    'group.remove': ({ address, apply }) => removeGroup(facts, address, apply),
  };
}

/** Members whose account is closed are left out: the door gives them nothing either. */
async function listGroups({ database, directory }: Vault): Promise<ResultOf<'group.list'>['groups']> {
  const groups: ResultOf<'group.list'>['groups'] = [];
  for (const { address, accountIds } of await readGroups(database.reader)) {
    const members: string[] = [];
    for (const accountId of accountIds) {
      if (directory.findByAccount(accountId) === undefined) continue;
      const member = await findPrimaryAddress(database.reader, accountId);
      if (member !== undefined) members.push(member);
    }
    groups.push({ address, members });
  }
  return groups;
}

interface WantedGroup {
  readonly address: string;
  readonly members: readonly string[];
  readonly apply: boolean;
}

async function putGroup({ config, vault }: GroupFacts, wanted: WantedGroup): Planned {
  const address = readAddress(wanted.address, config.domain);
  if (!address.ok) return address;
  const members = await findMembers(vault, config.domain, wanted.members);
  if (!members.ok) return members;
  const decide = (reader: Reader) => mayBeGroup(reader, address.value, config.deskAddress);
  const may = await decide(vault.database.reader);
  if (!may.ok) return may;
  const plan = `Letters to ${address.value} arrive at ${members.value.length} account(s), a copy sealed for each: ${members.value.map((one) => one.address).join(', ')}.`;
  if (!wanted.apply) return ok({ plan, isApplied: false });
  const accountIds = members.value.map((one) => one.accountId);
  const done = await commit(vault, undefined, async (reader) => {
    const still = await decide(reader);
    return still.ok ? ok({ kind: 'groupPut', effect: { address: address.value, accountIds } }) : still;
  });
  return done.ok ? ok({ plan, isApplied: true }) : done;
}

async function mayBeGroup(
  reader: Reader,
  address: string,
  deskAddress: string | undefined,
): Promise<Result<void, OperatorRefusal>> {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  if (!(await isOwnDomain(reader, domain))) {
    return refuse('domain-unknown', `${domain} is not served here. Add it first: siegel domain add ${domain}`);
  }
  if (isForDocuments(address))
    return refuse('address-reserved', `${address} is the place for documents: no group and nobody else can have it.`);
  if (address === deskAddress)
    return refuse('address-reserved', `${address} is the desk’s: no group and nobody else can have it.`);
  if (!(await isGroupAddress(reader, address)) && (await isAddressTaken(reader, address))) {
    return refuse('address-taken', `${address} is a person's, or was: an address is never given to another person.`);
  }
  return ok(undefined);
}

/** Whether the house works on documents or not: who turns it on later must not take an address away. */
function isForDocuments(address: string): boolean {
  return address.slice(0, address.lastIndexOf('@')) === TRANSIT_LOCAL;
}

interface Member {
  readonly address: string;
  readonly accountId: AccountId;
}

/** Each account once, in the order named. */
async function findMembers(
  vault: Vault,
  domain: string,
  texts: readonly string[],
): Promise<Result<readonly Member[], OperatorRefusal>> {
  const members = new Map<AccountId, Member>();
  for (const text of texts) {
    const address = readAddress(text, domain);
    if (!address.ok) return address;
    const accountId = await findOwner(vault, address.value);
    if (!accountId.ok) return accountId;
    if (!members.has(accountId.value)) {
      members.set(accountId.value, { address: address.value, accountId: accountId.value });
    }
  }
  const { groupMembersMax } = limits.account;
  if (members.size === 0) return refuse('no-members', 'Name at least one address with --member.');
  if (members.size > groupMembersMax) return refuse('too-many', `A group has at most ${groupMembersMax} members.`);
  return ok([...members.values()]);
}

async function removeGroup({ config, vault }: GroupFacts, text: string, apply: boolean): Planned {
  const address = readAddress(text, config.domain);
  if (!address.ok) return address;
  const groups = await readGroups(vault.database.reader);
  if (!groups.some((one) => one.address === address.value)) {
    return refuse('no-such-group', `${address.value} is no group here; siegel group list shows them.`);
  }
  const plan = `${address.value} takes no letters any more and is never given to a person. Letters that came stay with their readers.`;
  if (!apply) return ok({ plan, isApplied: false });
  const done = await commit(vault, undefined, async () =>
    ok({ kind: 'groupRemoved', effect: { address: address.value } }),
  );
  return done.ok ? ok({ plan, isApplied: true }) : done;
}
