// Accounts closed and reopened by the operator; which wait for their end, and how old copies of what was deleted are.

import type { AccountId } from '#base/ids.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import { findPrimaryAddress, readAccount, readSessions } from '#vault/database/accounts-read.ts';
import { leaveAll, readHeldAlone } from '#office/accounts/leave-held.ts';
import { readClosedAccounts, type ClosedAccount } from '#vault/database/read-forgetting.ts';
import type { OperatorHandlers, OperatorRefusal, ResultOf } from '../operator-methods.ts';
import type { HouseForgetting } from './open-forgetting.ts';
import type { Vault } from './open-vault.ts';
import { commit, findOwner, OPERATOR, readAddress, refuse } from './operator-change.ts';

export interface AccountParts {
  readonly vault: Vault;
  readonly clock: Clock;
  readonly domain: string;
  readonly forgetting: Pick<HouseForgetting, 'budget'>;
  /** Programs that signed in with an app password are let go. */
  readonly endAppSessions: (accountId: AccountId) => void;
}

type Kinds = 'account.close' | 'account.reopen' | 'account.list';
type Planned = Promise<Result<ResultOf<'account.close'>, OperatorRefusal>>;

const DAY_MS = 86_400_000;
const { graceMs, copiesMs } = limits.forgetting;

export function createAccountHandlers(parts: AccountParts): Pick<OperatorHandlers, Kinds> {
  return {
    'account.close': ({ address, apply }) => close(parts, address, apply),
    'account.reopen': ({ address, apply }) => reopen(parts, address, apply),
    'account.list': async () => ok(await list(parts)),
  };
}

/** The day is the last on which a copy may open: the erasing itself has a day. */
export function goneAfterMs(closedMs: number): number {
  return closedMs + graceMs + DAY_MS + copiesMs;
}

async function close({ vault, clock, domain, endAppSessions }: AccountParts, text: string, apply: boolean): Planned {
  const address = readAddress(text, domain);
  if (!address.ok) return address;
  const accountId = await findOwner(vault, address.value);
  if (!accountId.ok) return accountId;
  const closedMs = clock.nowMs();
  const plan = `The mailbox of ${address.value} takes no letters any more and nobody signs in, at once. Until ${day(closedMs + graceMs)} it can be reopened; from ${day(goneAfterMs(closedMs))} on no copy on this machine holds it. Its addresses are never given to anybody else.`;
  const account = await readAccount(vault.database.reader, accountId.value);
  if (account?.closed === true)
    return refuse(
      'account-closed',
      `The mailbox of ${address.value} is closed already: siegel account list says until when.`,
    );
  const alone = await heldAlone(vault, accountId.value);
  if (!alone.ok) return alone;
  if (!apply) return ok({ plan, isApplied: false });
  const left = await leaveAll({ reader: vault.database.reader, door: vault.door }, accountId.value, OPERATOR);
  if (!left.ok)
    return refuse(
      'holders-changed',
      'A shared mailbox of this person changed meanwhile. Nothing was closed; try again.',
    );
  const done = await commit(vault, accountId.value, async () => ok({ kind: 'accountClosed', effect: { closedMs } }));
  if (!done.ok) return done;
  const sessionIds = (await readSessions(vault.database.reader, accountId.value)).map(({ sessionId }) => sessionId);
  if (sessionIds.length > 0)
    await commit(vault, accountId.value, async () => ok({ kind: 'sessionsClosed', effect: { sessionIds } }));
  endAppSessions(accountId.value);
  return ok({ plan, isApplied: true });
}

/** What only this person opens would be shut for ever with the person's own mailbox. */
async function heldAlone(
  { database: { reader } }: Vault,
  accountId: AccountId,
): Promise<Result<void, OperatorRefusal>> {
  const alone = await readHeldAlone(reader, accountId);
  if (alone.length === 0) return ok(undefined);
  const names: string[] = [];
  for (const held of alone) names.push((await findPrimaryAddress(reader, held)) ?? held);
  return refuse(
    'last-holder',
    `Nobody else opens ${names.join(', ')}: without this person it would be shut for ever. Nothing was changed. Have the person add somebody who takes it over (Settings, Shared mailboxes), or close it first: siegel account close ${names[0] ?? ''}.`,
  );
}

async function reopen({ vault, clock, domain }: AccountParts, text: string, apply: boolean): Planned {
  const address = readAddress(text, domain);
  if (!address.ok) return address;
  const find = async (): Promise<ClosedAccount | undefined> =>
    (await readClosedAccounts(vault.database.reader)).find(({ addresses }) => addresses.includes(address.value));
  const closed = await find();
  if (closed === undefined) return refuse('account-not-closed', `No closed mailbox has the address ${address.value}.`);
  if (closed.closedMs + graceMs <= clock.nowMs()) return tooLate(address.value);
  const plan = `The mailbox of ${address.value} takes letters again; its owner signs in with the password as before.`;
  if (!apply) return ok({ plan, isApplied: false });
  const done = await commit(vault, closed.accountId, async () => {
    const still = await find();
    if (still === undefined || still.closedMs + graceMs <= clock.nowMs()) return tooLate(address.value);
    return ok({ kind: 'accountReopened', effect: {} });
  });
  return done.ok ? ok({ plan, isApplied: true }) : done;
}

function tooLate(address: string): ReturnType<typeof refuse> {
  return refuse('account-erased', `The time to reopen the mailbox of ${address} is over: it is being erased.`);
}

async function list({ vault, clock, forgetting }: AccountParts): Promise<ResultOf<'account.list'>> {
  const closed = await readClosedAccounts(vault.database.reader);
  const budget = await forgetting.budget();
  return {
    closed: closed
      .filter(({ closedMs }) => closedMs + graceMs > clock.nowMs())
      .map(({ addresses, closedMs }) => ({
        address: addresses[0] ?? '',
        closedMs,
        reopenUntilMs: closedMs + graceMs,
        goneMs: goneAfterMs(closedMs),
      })),
    copies: budget.map(({ kind, ageMaxDays, copies, oldest, isOver }) => ({
      kind,
      ageMaxDays,
      copies,
      oldestDays: oldest === undefined ? null : Math.floor(oldest.ageMs / DAY_MS),
      isOver,
    })),
  };
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
