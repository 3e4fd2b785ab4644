// What sign-up, login and sessions read about accounts: one function per question, each bounded.

import type { AccountId, InviteId, MailboxId, SessionId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { MailboxRole, Role } from '../journal/commands.ts';
import { idToUuid, uuidToId } from './ids.ts';
import type { Reader } from './reader.ts';
import type { Row } from './tables.ts';

export interface CredentialRow {
  readonly version: number;
  readonly isActive: boolean;
  readonly setupId: string;
  readonly record: Uint8Array;
  readonly stretching: unknown;
  /** The root key under the password; empty after a reset by the operator. */
  readonly wrap: Uint8Array;
  readonly arkVersion: number;
}

export interface AccountRow {
  readonly accountId: AccountId;
  readonly role: Role;
  readonly closed: boolean;
  readonly closedMs: number | undefined;
  readonly certificate: Uint8Array;
  readonly summaryKey: Uint8Array;
  readonly authKey: Uint8Array;
  readonly keysVersion: number;
  readonly keyring: { readonly version: number; readonly sealed: Uint8Array };
  readonly manifest: { readonly version: number; readonly bytes: Uint8Array };
  /** TOTP secret under the settings key. */
  readonly secondFactor: Uint8Array | undefined;
  readonly secondFactorStep: number;
  readonly recoveryDueMs: number;
  /** Rules that act at the door, under the settings key. */
  readonly rules: Uint8Array | undefined;
  readonly loginFailures: number;
  readonly loginUntilMs: number;
  /** Active first. */
  readonly credentials: readonly CredentialRow[];
}

export interface SessionRow {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  readonly openedMs: number;
  readonly expiresMs: number;
}

export interface WrapRow {
  readonly wrapId: string;
  readonly kind: Row<'wrap'>['kind'];
  readonly arkVersion: number;
  readonly publicKey: Uint8Array;
  readonly sealed: Uint8Array;
  readonly tokenHash: Uint8Array | undefined;
}

export interface InviteRow {
  readonly inviteId: InviteId;
  readonly role: Role;
  readonly expiresMs: number;
  readonly isUsed: boolean;
}

/** The account behind an address that receives, or `otherwise`: an id that no account has costs the same statements. */
export async function findAccountId(reader: Reader, address: string, otherwise: AccountId): Promise<AccountId> {
  const row = await reader.db
    .selectFrom('address')
    .select('account_id')
    .where('address', '=', address)
    .where('removed_ms', 'is', null)
    .executeTakeFirst();
  return row ? uuidToId<AccountId>(row.account_id) : otherwise;
}

/** An account with its credentials in one statement; undefined when there is none. */
export async function readAccount(reader: Reader, accountId: AccountId): Promise<AccountRow | undefined> {
  const rows = await reader.db
    .selectFrom('account')
    .innerJoin('credential', 'credential.account_id', 'account.account_id')
    .selectAll('account')
    .select(['credential.version', 'credential.is_active', 'credential.setup_id', 'credential.record'])
    .select(['credential.stretching', 'credential.wrap', 'credential.ark_version'])
    .where('account.account_id', '=', idToUuid(accountId))
    .orderBy('credential.is_active', 'desc')
    .orderBy('credential.version', 'desc')
    .execute();
  const [row] = rows;
  if (!row) return undefined;
  return {
    accountId,
    role: row.role,
    closed: row.closed_ms !== null,
    closedMs: row.closed_ms ?? undefined,
    certificate: row.certificate,
    summaryKey: row.summary_key,
    authKey: row.auth_key,
    keysVersion: row.keys_version,
    keyring: { version: row.keyring_version, sealed: row.keyring },
    manifest: { version: row.manifest_version, bytes: row.manifest },
    secondFactor: row.second_factor ?? undefined,
    secondFactorStep: row.second_factor_step,
    recoveryDueMs: row.recovery_due_ms,
    rules: row.rules ?? undefined,
    loginFailures: row.login_failures,
    loginUntilMs: row.login_until_ms,
    credentials: rows.map((one) => ({
      version: one.version,
      isActive: one.is_active,
      setupId: one.setup_id,
      record: one.record,
      stretching: one.stretching,
      wrap: one.wrap,
      arkVersion: one.ark_version,
    })),
  };
}

/** The first of an account's own addresses, aliases last. */
export async function findPrimaryAddress(reader: Reader, accountId: AccountId): Promise<string | undefined> {
  const row = await reader.db
    .selectFrom('address')
    .select('address')
    .where('account_id', '=', idToUuid(accountId))
    .where('removed_ms', 'is', null)
    .orderBy('kind')
    .orderBy('address')
    .executeTakeFirst();
  return row?.address;
}

/** Whether an address was ever given to somebody: it is never given again. */
export async function isAddressTaken(reader: Reader, address: string): Promise<boolean> {
  const row = await reader.db.selectFrom('address').select('kind').where('address', '=', address).executeTakeFirst();
  return row !== undefined || (await isGroupAddress(reader, address));
}

/** Whether a group has or had the address. */
export async function isGroupAddress(reader: Reader, address: string): Promise<boolean> {
  const row = await reader.db
    .selectFrom('group_address')
    .select('address')
    .where('address', '=', address)
    .executeTakeFirst();
  return row !== undefined;
}

export async function hasAnyAccount(reader: Reader): Promise<boolean> {
  return (await reader.db.selectFrom('account').select('role').limit(1).executeTakeFirst()) !== undefined;
}

export async function findInvite(reader: Reader, codeHash: Uint8Array): Promise<InviteRow | undefined> {
  const row = await reader.db
    .selectFrom('invite')
    .selectAll()
    .where('code_hash', '=', Buffer.from(codeHash))
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    inviteId: uuidToId<InviteId>(row.invite_id),
    role: row.role,
    expiresMs: row.expires_ms,
    isUsed: row.used_by !== null,
  };
}

export async function readWraps(reader: Reader, accountId: AccountId): Promise<readonly WrapRow[]> {
  const rows = await reader.db
    .selectFrom('wrap')
    .selectAll()
    .where('account_id', '=', idToUuid(accountId))
    .orderBy('wrap_id')
    .limit(limits.account.wrapsMax)
    .execute();
  return rows.map((row) => ({
    wrapId: row.wrap_id,
    kind: row.kind,
    arkVersion: row.ark_version,
    publicKey: row.public_key,
    sealed: row.sealed,
    tokenHash: row.token_hash ?? undefined,
  }));
}

export async function findSession(reader: Reader, hash: Uint8Array): Promise<SessionRow | undefined> {
  const row = await reader.db
    .selectFrom('session')
    .selectAll()
    .where('hash', '=', Buffer.from(hash))
    .executeTakeFirst();
  return row ? sessionRow(row) : undefined;
}

/** Newest first, expired ones included. */
export async function readSessions(reader: Reader, accountId: AccountId): Promise<readonly SessionRow[]> {
  const rows = await reader.db
    .selectFrom('session')
    .selectAll()
    .where('account_id', '=', idToUuid(accountId))
    .orderBy('opened_ms', 'desc')
    .orderBy('session_id')
    .limit(limits.account.sessionsMax * 2)
    .execute();
  return rows.map(sessionRow);
}

export async function readRoleMailboxes(
  reader: Reader,
  accountId: AccountId,
): Promise<readonly { readonly id: MailboxId; readonly role: MailboxRole }[]> {
  const rows = await reader.db
    .selectFrom('mailbox')
    .select(['mailbox_id', 'role'])
    .where('account_id', '=', idToUuid(accountId))
    .where('removed_modseq', 'is', null)
    .execute();
  return rows.flatMap((row) => (row.role ? [{ id: uuidToId<MailboxId>(row.mailbox_id), role: row.role }] : []));
}

/** The certificate published for an address; undefined for unknown addresses and closed accounts. */
export async function findCertificate(reader: Reader, address: string): Promise<Uint8Array | undefined> {
  const row = await reader.db
    .selectFrom('address')
    .innerJoin('account', 'account.account_id', 'address.account_id')
    .select('account.certificate')
    .where('address.address', '=', address)
    .where('address.removed_ms', 'is', null)
    .where('account.closed_ms', 'is', null)
    .executeTakeFirst();
  return row?.certificate;
}

export async function isOwnDomain(reader: Reader, domain: string): Promise<boolean> {
  const row = await reader.db.selectFrom('domain').select('domain').where('domain', '=', domain).executeTakeFirst();
  return row !== undefined;
}

/** Living addresses of a domain after `after`, in order, at most `count`: for questions by hash. */
export async function readAddresses(
  reader: Reader,
  domain: string,
  after: string,
  count: number,
): Promise<readonly string[]> {
  const rows = await reader.db
    .selectFrom('address')
    .select('address')
    .where('address', '>', after)
    .where('address', 'like', `%@${domain.replaceAll(/[%_\\]/g, '\\$&')}`)
    .where('removed_ms', 'is', null)
    .orderBy('address')
    .limit(count)
    .execute();
  return rows.map((row) => row.address);
}

function sessionRow(row: Row<'session'>): SessionRow {
  return {
    accountId: uuidToId<AccountId>(row.account_id),
    sessionId: uuidToId<SessionId>(row.session_id),
    openedMs: row.opened_ms,
    expiresMs: row.expires_ms,
  };
}
