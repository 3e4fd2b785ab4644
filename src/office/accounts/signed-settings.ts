// Changes of wraps, keyring and the account itself, each signed by the account-auth key.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { RequestBody } from '#formats/auth-wire/auth-requests.ts';
import { readWraps } from '#vault/database/accounts-read.ts';
import type { Command } from '#vault/journal/commands.ts';
import { endAppSessions } from './app-passwords.ts';
import type { AuthRefusal } from './auth-refusals.ts';
import type { Counter } from './counter.ts';
import { keep, sessionActor } from './house.ts';
import { leaveAll } from './leave-held.ts';
import type { LiveSession } from './sessions.ts';
import { settled, withSignedChange } from './signed-change.ts';

type Done = Promise<Result<void, AuthRefusal>>;

/** A way to the root key beside the password. One phrase an account; of the other kinds several. */
export function putWrap(counter: Counter, session: LiveSession, of: RequestBody<'wrapPut'>): Done {
  return withSignedChange(counter, session, { kind: 'wrapPut', of }, async (account) => {
    const { wrap, manifest } = of;
    if ((wrap.kind === 'phrase') !== (wrap.wrapId === 'phrase')) return err({ kind: 'badRequest' });
    if ((wrap.kind === 'phrase') !== (wrap.tokenHash !== undefined)) return err({ kind: 'badRequest' });
    if (manifest.version !== account.manifest.version + 1) return err({ kind: 'stale' });
    const wraps = await readWraps(counter.house.reader, account.accountId);
    const isNew = !wraps.some((one) => one.wrapId === wrap.wrapId);
    if (isNew && wraps.length >= limits.account.wrapsMax) return err({ kind: 'tooMany' });
    const { tokenHash, ...rest } = wrap;
    const kept = tokenHash === undefined ? rest : { ...rest, tokenHash };
    return commitFor(counter, session, { kind: 'wrapPut', effect: { wrap: kept, manifest } });
  });
}

export function removeWrap(counter: Counter, session: LiveSession, of: RequestBody<'wrapRemove'>): Done {
  return withSignedChange(counter, session, { kind: 'wrapRemoved', of }, async (account) => {
    const { wrapId, manifest } = of;
    const wraps = await readWraps(counter.house.reader, account.accountId);
    if (!wraps.some((one) => one.wrapId === wrapId)) return err({ kind: 'gone' });
    if (manifest.version !== account.manifest.version + 1) return err({ kind: 'stale' });
    return commitFor(counter, session, { kind: 'wrapRemoved', effect: { wrapId, manifest } });
  });
}

/** Compare and swap: a keyring written from an old state is refused. */
export function putKeyring(counter: Counter, session: LiveSession, of: RequestBody<'keyringPut'>): Done {
  return withSignedChange(counter, session, { kind: 'keyringPut', of }, async (account) => {
    const { keyring, manifest } = of;
    if (keyring.version !== account.keyring.version + 1) return err({ kind: 'stale' });
    if (manifest.version !== account.manifest.version + 1) return err({ kind: 'stale' });
    return commitFor(counter, session, { kind: 'keyringPut', effect: { ...keyring, manifest } });
  });
}

/** Closed at once, erased after the days of grace; every session ends, and shared mailboxes are left to their other holders. */
export function closeAccount(counter: Counter, session: LiveSession, of: RequestBody<'accountClose'>): Done {
  return withSignedChange(counter, session, { kind: 'accountClosed', of }, async () => {
    const left = await leaveAll(counter.house, session.accountId, sessionActor(session.sessionId));
    if (!left.ok) return left;
    const closedMs = counter.house.clock.nowMs();
    const closed = await commitFor(counter, session, { kind: 'accountClosed', effect: { closedMs } });
    if (!closed.ok) return closed;
    endAppSessions(counter, session.accountId, undefined);
    const sessionIds = (await counter.sessions.list(session.accountId)).map((one) => one.id);
    const ended = await counter.sessions.close(session.accountId, sessionIds, session.sessionId);
    return ended.ok ? ok(undefined) : ended;
  });
}

async function commitFor({ house }: Counter, session: LiveSession, command: Command): Done {
  return settled(await keep(house, session.accountId, command, sessionActor(session.sessionId)));
}
