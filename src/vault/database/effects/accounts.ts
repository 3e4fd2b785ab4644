// What an account's own commands do to its rows: credentials, wraps, keys, second factor, sessions, addresses, settings.

import { uuids } from '../array-parameter.ts';
import { idToUuid } from '../ids.ts';
import type { Uuid } from '../tables.ts';
import type { CommandOf } from '../../journal/commands.ts';
import { bytesOf, CannotApply, type AccountCommand, type Context } from './effect.ts';
import { putBlob, putCacheManifest, putItem, removeBlob, removeItem } from './items.ts';
import { leaveHolder, putHolder, removeHolder } from './holders.ts';
import { putMailbox, removeMailbox } from './mailboxes.ts';
import { insertCredentials, putWraps } from './sign-ups.ts';

type AccountKind =
  | 'roleChanged'
  | 'accountClosed'
  | 'accountReopened'
  | 'accountRestated'
  | 'credentialPending'
  | 'credentialPromoted'
  | 'wrapPut'
  | 'wrapRemoved'
  | 'keyringPut'
  | 'manifestPut'
  | 'keysPut'
  | 'secondFactorPut'
  | 'secondFactorRemoved'
  | 'secondFactorStep'
  | 'loginCounted'
  | 'sessionOpened'
  | 'sessionsClosed'
  | 'addressAdded'
  | 'addressRemoved'
  | 'rulesPut'
  | 'quotaPut'
  | 'recoveryReset'
  | 'appPasswordPut'
  | 'appPasswordRemoved'
  | 'holderPut'
  | 'holderLeft'
  | 'holderRemoved'
  | 'mailboxPut'
  | 'mailboxRemoved'
  | 'itemPut'
  | 'itemRemoved'
  | 'blobPut'
  | 'blobRemoved'
  | 'cacheManifestPut';

type Effects = { readonly [K in AccountKind]: CommandOf<K>['effect'] };
type Handlers = {
  readonly [K in AccountKind]: (context: Context, command: AccountCommand<Effects[K]>) => Promise<void>;
};
/** One command of the kinds handled here, its kind and effect belonging together. */
type OneCommand<K extends AccountKind> = { readonly [P in K]: { readonly kind: P; readonly effect: Effects[P] } }[K];

/** UPDATE account SET `columns` with $2, $3 … */
function updateAccount(...columns: readonly string[]): string {
  const set = columns.map((column, index) => `${column} = $${index + 2}`).join(', ');
  return `UPDATE account SET ${set} WHERE account_id = $1`;
}

const SQL = {
  role: updateAccount('role'),
  closed: updateAccount('closed_ms'),
  manifest: updateAccount('manifest_version', 'manifest'),
  keyring: updateAccount('keyring_version', 'keyring'),
  keys: updateAccount('keys_version', 'certificate', 'summary_key', 'auth_key'),
  secondFactor: updateAccount('second_factor'),
  step: updateAccount('second_factor_step'),
  login: updateAccount('login_failures', 'login_until_ms'),
  rules: updateAccount('rules'),
  quota: updateAccount('quota_bytes'),
  reset: updateAccount('recovery_due_ms'),
  dropPending: 'DELETE FROM credential WHERE account_id = $1 AND NOT is_active',
  hasCredential: 'SELECT 1 FROM credential WHERE account_id = $1 AND version = $2',
  dropOthers: 'DELETE FROM credential WHERE account_id = $1 AND version <> $2',
  promote: 'UPDATE credential SET is_active = true WHERE account_id = $1 AND version = $2',
  endOthers: 'DELETE FROM session WHERE account_id = $1 AND session_id <> ALL($2::uuid[])',
  endSessions: 'DELETE FROM session WHERE account_id = $1 AND session_id = ANY($2::uuid[])',
  putAppPassword: `
    INSERT INTO app_password (account_id, app_password_id, hash, sealed_name, created_ms, used_day) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (account_id, app_password_id) DO UPDATE SET hash = excluded.hash, sealed_name = excluded.sealed_name,
      created_ms = excluded.created_ms, used_day = excluded.used_day`,
  dropAppPassword: 'DELETE FROM app_password WHERE account_id = $1 AND app_password_id = $2',
  dropAppPasswords: 'DELETE FROM app_password WHERE account_id = $1',
  dropWrap: 'DELETE FROM wrap WHERE account_id = $1 AND wrap_id = $2',
  openSession: `
    INSERT INTO session (account_id, session_id, hash, opened_ms, expires_ms) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (account_id, session_id) DO UPDATE SET hash = excluded.hash, expires_ms = excluded.expires_ms`,
  addAddress: `
    INSERT INTO address (address, account_id, kind)
    SELECT $2::text, $1::uuid, $3::text WHERE NOT EXISTS (SELECT 1 FROM group_address WHERE address = $2)
    ON CONFLICT (address) DO UPDATE SET kind = excluded.kind, removed_ms = NULL WHERE address.account_id = excluded.account_id
    RETURNING 1`,
  dropAddress: 'UPDATE address SET removed_ms = $3 WHERE account_id = $1 AND address = $2 AND removed_ms IS NULL',
} as const;

const HANDLERS: Handlers = {
  roleChanged: async ({ tx }, { account, effect }) => void (await tx.rows(SQL.role, [account, effect.role])),
  accountClosed: async ({ tx }, { account, effect }) => void (await tx.rows(SQL.closed, [account, effect.closedMs])),
  accountReopened: async ({ tx }, { account }) => void (await tx.rows(SQL.closed, [account, null])),
  // met where the restated records stand; here it says nothing new
  accountRestated: () => Promise.resolve(),
  credentialPending: async (context, { account, effect }) => {
    await context.tx.rows(SQL.dropPending, [account]);
    await insertCredentials(context, [{ account, credential: effect.credential, isActive: false }]);
    await putManifest(context, account, effect.manifest);
  },
  credentialPromoted: async ({ tx }, { account, effect }) => {
    const known = await tx.rows(SQL.hasCredential, [account, effect.version]);
    // the record that brought it may be erased since: then a later one took its place, and this one must not drop anything
    if (known.length > 0) {
      await tx.rows(SQL.dropOthers, [account, effect.version]);
      await tx.rows(SQL.promote, [account, effect.version]);
    }
    await tx.rows(SQL.endOthers, [account, uuids(effect.keepSessions.map((id) => idToUuid(id)))]);
    if (effect.endsAppPasswords === true) await tx.rows(SQL.dropAppPasswords, [account]);
  },
  wrapPut: async (context, { account, effect }) => {
    await putWraps(context, [{ account, wrap: effect.wrap }]);
    await putManifest(context, account, effect.manifest);
  },
  wrapRemoved: async (context, { account, effect }) => {
    await context.tx.rows(SQL.dropWrap, [account, effect.wrapId]);
    await putManifest(context, account, effect.manifest);
  },
  keyringPut: async (context, { account, effect }) => {
    await context.tx.rows(SQL.keyring, [account, effect.version, bytesOf(effect.sealed)]);
    await putManifest(context, account, effect.manifest);
  },
  manifestPut: (context, { account, effect }) => putManifest(context, account, effect),
  keysPut: async ({ tx }, { account, effect: { keys } }) => {
    await tx.rows(SQL.keys, [
      account,
      keys.version,
      bytesOf(keys.certificate),
      bytesOf(keys.summaryKey),
      bytesOf(keys.authKey),
    ]);
  },
  secondFactorPut: async ({ tx }, { account, effect: { sealed, step } }) => {
    await tx.rows(SQL.secondFactor, [account, bytesOf(sealed)]);
    if (step !== undefined) await tx.rows(SQL.step, [account, step]);
  },
  secondFactorRemoved: async ({ tx }, { account }) => void (await tx.rows(SQL.secondFactor, [account, null])),
  secondFactorStep: async ({ tx }, { account, effect }) => void (await tx.rows(SQL.step, [account, effect.step])),
  loginCounted: async ({ tx }, { account, effect }) =>
    void (await tx.rows(SQL.login, [account, effect.failures, effect.untilMs])),
  sessionOpened: async ({ tx }, { account, header, effect }) => {
    await tx.rows(SQL.openSession, [
      account,
      idToUuid(effect.sessionId),
      bytesOf(effect.hash),
      header.timeMs,
      effect.expiresMs,
    ]);
  },
  sessionsClosed: async ({ tx }, { account, effect }) =>
    void (await tx.rows(SQL.endSessions, [account, uuids(effect.sessionIds.map((id) => idToUuid(id)))])),
  addressAdded: async ({ tx }, { account, effect }) => {
    const added = await tx.rows(SQL.addAddress, [account, effect.address, effect.kind]);
    if (added.length === 0) throw new CannotApply('the address belongs to another account');
  },
  addressRemoved: async ({ tx }, { account, header, effect }) =>
    void (await tx.rows(SQL.dropAddress, [account, effect.address, header.timeMs])),
  rulesPut: async ({ tx }, { account, effect }) => void (await tx.rows(SQL.rules, [account, bytesOf(effect.sealed)])),
  quotaPut: async ({ tx }, { account, effect }) => void (await tx.rows(SQL.quota, [account, effect.quotaBytes])),
  recoveryReset: async ({ tx }, { account, effect }) => void (await tx.rows(SQL.reset, [account, effect.dueMs])),
  appPasswordPut: async ({ tx }, { account, effect }) => {
    const { id, hash, sealedName, createdMs, usedDay = null } = effect;
    await tx.rows(SQL.putAppPassword, [account, idToUuid(id), bytesOf(hash), bytesOf(sealedName), createdMs, usedDay]);
  },
  appPasswordRemoved: async ({ tx }, { account, effect }) =>
    void (await tx.rows(SQL.dropAppPassword, [account, idToUuid(effect.id)])),
  holderPut: putHolder,
  holderLeft: leaveHolder,
  holderRemoved: removeHolder,
  mailboxPut: putMailbox,
  mailboxRemoved: removeMailbox,
  itemPut: putItem,
  itemRemoved: removeItem,
  blobPut: putBlob,
  blobRemoved: removeBlob,
  cacheManifestPut: putCacheManifest,
};

export async function applyAccountCommand<K extends AccountKind>(
  context: Context,
  of: Omit<AccountCommand<unknown>, 'effect'>,
  command: OneCommand<K>,
): Promise<void> {
  await HANDLERS[command.kind](context, { ...of, effect: command.effect });
}

async function putManifest(
  { tx }: Context,
  account: Uuid,
  manifest: CommandOf<'manifestPut'>['effect'] | undefined,
): Promise<void> {
  if (manifest !== undefined) await tx.rows(SQL.manifest, [account, manifest.version, bytesOf(manifest.bytes)]);
}
