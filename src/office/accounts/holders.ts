// Accounts that several people hold: who they are; a holder added or removed by a change that the account's own key signed.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { AnswerBody } from '#formats/auth-wire/auth-answers.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { newId, type AccountId } from '#base/ids.ts';
import {
  findAccountId,
  findPrimaryAddress,
  readAccount,
  readWraps,
  type AccountRow,
} from '#vault/database/accounts-read.ts';
import { isHolder, readHeldAccounts, readHolders, type HolderRow } from '#vault/database/holders-read.ts';
import type { Command, Wrap } from '#vault/journal/commands.ts';
import { readerKeysFromPublic } from '#vault/sealing/reader-keys.ts';
import { accountKeysOf } from './account-keys.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import { keep, sessionActor } from './house.ts';
import type { LiveSession } from './sessions.ts';
import { isSigned, settled } from './signed-change.ts';

type Done = Promise<Result<void, AuthRefusal>>;
const NO_ACCOUNT = newId<AccountId>();

export async function listShared(
  { house }: Counter,
  { accountId: holderId }: LiveSession,
): Promise<Result<AnswerBody<'shared'>, AuthRefusal>> {
  const accounts: AnswerBody<'shared'>['accounts'] = [];
  for (const accountId of await readHeldAccounts(house.reader, holderId)) {
    const account = await readAccount(house.reader, accountId);
    const address = await findPrimaryAddress(house.reader, accountId);
    const rows = await readHolders(house.reader, accountId);
    const wrapId = rows.find((row) => row.holderId === holderId)?.wrapId;
    const wrap = (await readWraps(house.reader, accountId)).find((one) => one.wrapId === wrapId);
    if (!account || address === undefined || !wrap) continue;
    const holders: AnswerBody<'shared'>['accounts'][number]['holders'] = [];
    for (const row of rows) {
      const known = (await findPrimaryAddress(house.reader, row.holderId)) ?? '';
      const { wrapId: held, addedMs, hasLeft } = row;
      holders.push({ accountId: row.holderId, address: known, wrapId: held, addedMs, hasLeft });
    }
    const { arkVersion, publicKey, sealed } = wrap;
    accounts.push({
      accountId,
      address,
      keys: { ...accountKeysOf(house.kit, account, undefined), arkVersion },
      wrap: { wrapId: wrap.wrapId, arkVersion, publicKey: toBase64Url(publicKey), sealed: toBase64Url(sealed) },
      holders,
    });
  }
  return ok({ accounts });
}

/** The first holder of an account is whoever made it: nobody else has its key. Its own sessions end then. */
export function putHolder(counter: Counter, session: LiveSession, of: RequestBody<'holderPut'>): Done {
  return withHeld(counter, session, { kind: 'holderPut', of }, async (account, rows) => {
    const { house } = counter;
    const { wrap, manifest } = of;
    const holderId = await findAccountId(house.reader, of.address, NO_ACCOUNT);
    if (holderId === NO_ACCOUNT || holderId === account.accountId) return err({ kind: 'gone' });
    if (rows.length === 0 && holderId !== session.accountId) return err({ kind: 'badRequest' });
    if (wrap.kind !== 'holder' || wrap.tokenHash !== undefined) return err({ kind: 'badRequest' });
    if (rows.some((row) => row.holderId === holderId && !row.hasLeft)) return err({ kind: 'stale' });
    const wraps = await readWraps(house.reader, account.accountId);
    if (wraps.some((one) => one.wrapId === wrap.wrapId)) return err({ kind: 'stale' });
    if (manifest.version !== account.manifest.version + 1) return err({ kind: 'stale' });
    const held = await readHeldAccounts(house.reader, holderId);
    const { holdersMax, heldMax, wrapsMax } = limits.account;
    if (rows.length >= Math.min(holdersMax, wrapsMax) || held.length >= heldMax) return err({ kind: 'tooMany' });
    // an account that is held holds none: whom it belongs to stays plain
    if ((await readHolders(house.reader, holderId)).length > 0) return err({ kind: 'badRequest' });
    const kept = withoutToken(wrap);
    const done = await commitFor(counter, session, account.accountId, {
      kind: 'holderPut',
      effect: { holderId, wrap: kept, manifest },
    });
    if (done.ok && rows.length === 0) await endOwnSessions(counter, account.accountId);
    return done;
  });
}

/**
 * Ends a holder's access with this record; the new keys and the wraps of those who stay come in the same one. Also for one who left
 * before: then only the keys are new.
 */
export function removeHolder(counter: Counter, session: LiveSession, of: RequestBody<'holderRemove'>): Done {
  return withHeld(counter, session, { kind: 'holderRemoved', of }, async (account, rows) => {
    const { holder: holderId, wraps, keys, keyring, manifest } = of;
    if (!rows.some((row) => row.holderId === holderId)) return err({ kind: 'gone' });
    const staying = rows.filter((row) => row.holderId !== holderId && !row.hasLeft);
    // whoever goes would make the keys that shall be kept from them
    if (holderId === session.accountId) return err({ kind: 'badRequest' });
    if (!areFor(wraps, staying)) return err({ kind: 'badRequest' });
    const isNext =
      manifest.version === account.manifest.version + 1 &&
      keyring.version === account.keyring.version + 1 &&
      keys.version === account.keysVersion + 1;
    if (!isNext) return err({ kind: 'stale' });
    const isSame = keys.authKey === toBase64Url(account.authKey) || keys.summaryKey === toBase64Url(account.summaryKey);
    if (isSame || !areUsable(keys, counter.house.clock.nowMs())) return err({ kind: 'keysUnusable' });
    const kept = wraps.map((wrap) => withoutToken(wrap));
    return commitFor(counter, session, account.accountId, {
      kind: 'holderRemoved',
      effect: { holderId, wraps: kept, keys, keyring, manifest },
    });
  });
}

interface HolderChange {
  readonly kind: 'holderPut' | 'holderRemoved';
  readonly of: { readonly account: AccountId; readonly challenge: string; readonly signature: string };
}

/** After the session was found among the holders, or there are none yet, and the account's own key signed the change. */
function withHeld(
  counter: Counter,
  { accountId: asking, sessionId }: LiveSession,
  { kind, of }: HolderChange,
  change: (account: AccountRow, rows: readonly HolderRow[]) => Done,
): Done {
  const { house, challenges, queue } = counter;
  const accountId = of.account;
  return queue.run(accountId, async () => {
    const { challenge, signature, ...effect } = of;
    if (challenges.take(challenge) !== sessionId) return err({ kind: 'handleExpired' });
    const account = await readAccount(house.reader, accountId);
    if (!account || account.closed || accountId === asking) return err({ kind: 'gone' });
    const rows = await readHolders(house.reader, accountId);
    const mayAsk = rows.length === 0 || (await isHolder(house.reader, accountId, asking));
    // the same answer for accounts that are not there
    if (!mayAsk) return err({ kind: 'gone' });
    if (!(await isSigned(account, { kind, effect, challenge, signature }))) return err({ kind: 'badSignature' });
    return change(account, rows);
  });
}

/** One wrap for each who stays, under the id it has. */
function areFor(wraps: RequestBody<'holderRemove'>['wraps'], staying: readonly HolderRow[]): boolean {
  const wanted = new Set(staying.map((row) => row.wrapId));
  const given = new Set(wraps.map((wrap) => wrap.wrapId));
  const [first] = wraps;
  return (
    first !== undefined &&
    wraps.length === staying.length &&
    given.size === wanted.size &&
    wraps.every((wrap) => wrap.kind === 'holder' && wanted.has(wrap.wrapId) && wrap.arkVersion === first.arkVersion)
  );
}

function areUsable(keys: RequestBody<'holderRemove'>['keys'], nowMs: number): boolean {
  const certificate = fromBase64(keys.certificate);
  const summaryKey = fromBase64(keys.summaryKey);
  if (!certificate || !summaryKey || fromBase64(keys.authKey)?.length !== 32) return false;
  return readerKeysFromPublic(certificate, summaryKey, { version: keys.version, nowMs }).ok;
}

function withoutToken({ wrapId, kind, arkVersion, publicKey, sealed }: RequestBody<'holderPut'>['wrap']): Wrap {
  return { wrapId, kind, arkVersion, publicKey, sealed };
}

/** The session that the sign-up opened: its cookie is nobody's. */
async function endOwnSessions({ sessions }: Counter, accountId: AccountId): Promise<void> {
  const ids = (await sessions.list(accountId)).map((one) => one.id);
  const [first] = ids;
  if (first !== undefined) await sessions.close(accountId, ids, first);
}

async function commitFor({ house }: Counter, session: LiveSession, accountId: AccountId, command: Command): Done {
  return settled(await keep(house, accountId, command, sessionActor(session.sessionId)));
}
