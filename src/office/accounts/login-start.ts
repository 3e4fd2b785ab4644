// The first half of a login: equal in bytes and time for addresses somebody has and addresses nobody has.

import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import type { Stretching } from '#formats/auth-wire/auth-shapes.ts';
import { findAccountId, readAccount, type AccountRow, type CredentialRow } from '#vault/database/accounts-read.ts';
import { typedAddress } from './addresses.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import { keep, SYSTEM } from './house.ts';
import { STRETCHING, type StoredRecord } from './opaque-server.ts';

type StartAnswer = Result<AnswerBody<'loginStart'>, AuthRefusal>;

/** Counts a try, answers for the active and the pending credential. */
export function startLogin(counter: Counter, of: RequestBody<'loginStart'>): Promise<StartAnswer> {
  return counter.pace(() => answerStart(counter, of));
}

async function answerStart(counter: Counter, of: RequestBody<'loginStart'>): Promise<StartAnswer> {
  const { opaque, tries, house } = counter;
  const { accountId, account } = await findReturning(counter, of.address);
  tries.learn(accountId, { failures: account?.loginFailures ?? 0, untilMs: account?.loginUntilMs ?? 0 });
  const retryAfterMs = tries.begin(accountId);
  if (retryAfterMs > 0) return err({ kind: 'tooManyTries', retryAfterMs });
  const active = account?.credentials.find((one) => one.isActive);
  const pending = account?.credentials.find((one) => !one.isActive);
  const answer = opaque.startLogin(accountId, [recordOf(active), recordOf(pending)], of.startLoginRequest);
  if (!answer) return err({ kind: 'badRequest' });
  const [first, second] = answer;
  const loginId = counter.logins.put({
    accountId,
    places: [
      { state: first.state, version: active?.version },
      { state: second.state, version: pending?.version },
    ],
  });
  if (account) persistTriesLater(counter, accountId);
  return ok({
    loginId,
    accountId,
    instanceId: house.kit.instanceId,
    candidates: [
      { loginResponse: first.loginResponse, stretching: stretchingOf(active) },
      { loginResponse: second.loginResponse, stretching: stretchingOf(pending) },
    ],
  });
}

/** For a login: also an account that is closed and may be reopened. */
async function findReturning(counter: Counter, typed: string): ReturnType<typeof findLiving> {
  const { accountId, account } = await findTyped(counter, typed);
  return { accountId, account: account && mayReturn(counter, account) ? account : undefined };
}

/** Open, or closed so lately that it may be reopened. */
export function mayReturn({ house }: Counter, { closedMs }: Pick<AccountRow, 'closedMs'>): boolean {
  return closedMs === undefined || closedMs + limits.forgetting.graceMs > house.clock.nowMs();
}

/** The living account behind what a person typed; an id of nobody's costs the same statements. */
export async function findLiving(
  counter: Counter,
  typed: string,
): Promise<{ readonly accountId: AccountId; readonly account: AccountRow | undefined }> {
  const { accountId, account } = await findTyped(counter, typed);
  return { accountId, account: account?.closed === false ? account : undefined };
}

async function findTyped({ house, options, opaque }: Counter, typed: string): ReturnType<typeof findLiving> {
  const address = typedAddress(typed, options.domain) ?? typed;
  const accountId = await findAccountId(house.reader, address, opaque.blindedId(address));
  return { accountId, account: await readAccount(house.reader, accountId) };
}

/** Well after the answer: work that only known addresses cause must not run while one is made. The first try of a series is not written at all. */
function persistTriesLater(counter: Counter, accountId: AccountId): void {
  const { house, tries, queue, triesToKeep } = counter;
  if (tries.state(accountId).failures < 2 || triesToKeep.has(accountId)) return;
  triesToKeep.add(accountId);
  const persist = async (): Promise<void> => {
    const { failures, untilMs } = tries.state(accountId);
    if (failures >= 2) await keep(house, accountId, { kind: 'loginCounted', effect: { failures, untilMs } }, SYSTEM);
  };
  setTimeout(() => {
    triesToKeep.delete(accountId);
    queue.run(`tries ${accountId}`, persist).catch((cause: unknown) => house.log.fault('accounts.triesNotKept', cause));
  }, limits.login.triesLingerMs).unref();
}

/** A good login ends the series of tries, in memory and in the journal. */
export async function endTries({ house, tries, queue }: Counter, account: AccountRow): Promise<void> {
  const { accountId } = account;
  const isWritten = account.loginFailures > 0 || tries.state(accountId).failures >= 2;
  tries.succeed(accountId);
  if (!isWritten) return;
  const effect = { failures: 0, untilMs: 0 };
  await queue.run(`tries ${accountId}`, () => keep(house, accountId, { kind: 'loginCounted', effect }, SYSTEM));
}

function recordOf(credential: CredentialRow | undefined): StoredRecord | undefined {
  return credential && { setupId: credential.setupId, record: credential.record };
}

/** As stored with the credential; what a new one would get where there is none. */
function stretchingOf(credential: CredentialRow | undefined): Stretching {
  const stored: unknown = credential?.stretching;
  return { ...STRETCHING, ...(typeof stored === 'object' ? stored : undefined) };
}

/** Tries with a phrase are counted apart from those with a password. */
export function phraseTries(accountId: AccountId): string {
  return `phrase ${accountId}`;
}
