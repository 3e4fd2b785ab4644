// Accounts that came to be: row, counters, address, credential, wraps and first mailboxes, whole columns at once.

import { booleans, byteas, int4s, int8s, texts, uuids } from '../array-parameter.ts';
import { idToUuid } from '../ids.ts';
import type { CommandOf } from '../../journal/commands.ts';
import { bytesOf, CannotApply, type AccountCommand, type Context } from './effect.ts';
import { uidValidity } from './mailboxes.ts';

export type SignUp = AccountCommand<CommandOf<'accountCreated'>['effect']>;

const INSERT_ACCOUNTS = `
  INSERT INTO account (account_id, role, created_ms, quota_bytes, keys_version, certificate, summary_key, auth_key,
    keyring_version, keyring, manifest_version, manifest)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::int8[], $4::int8[], $5::int4[], $6::bytea[], $7::bytea[], $8::bytea[],
    $9::int4[], $10::bytea[], $11::int4[], $12::bytea[])`;
const INSERT_COUNTERS = `
  INSERT INTO account_counter (account_id, account_seq) SELECT account_id, 0 FROM unnest($1::uuid[]) AS u(account_id)`;
const INSERT_ADDRESSES = `
  INSERT INTO address (address, account_id, kind)
  SELECT address, account_id, 'address' FROM unnest($1::text[], $2::uuid[]) AS u(address, account_id)`;
const USE_INVITES = `
  UPDATE invite i SET used_by = u.account_id FROM unnest($1::uuid[], $2::uuid[]) AS u(invite_id, account_id)
  WHERE i.invite_id = u.invite_id AND i.used_by IS NULL RETURNING i.invite_id`;
export const INSERT_CREDENTIALS = `
  INSERT INTO credential (account_id, version, is_active, setup_id, record, stretching, wrap, ark_version)
  SELECT account_id, version, is_active, setup_id, record, stretching::jsonb, wrap, ark_version
  FROM unnest($1::uuid[], $2::int4[], $3::boolean[], $4::text[], $5::bytea[], $6::text[], $7::bytea[], $8::int4[])
    AS u(account_id, version, is_active, setup_id, record, stretching, wrap, ark_version)`;
export const PUT_WRAPS = `
  INSERT INTO wrap (account_id, wrap_id, kind, ark_version, public_key, sealed, token_hash)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int4[], $5::bytea[], $6::bytea[], $7::bytea[])
  ON CONFLICT (account_id, wrap_id) DO UPDATE SET kind = excluded.kind, ark_version = excluded.ark_version,
    public_key = excluded.public_key, sealed = excluded.sealed, token_hash = excluded.token_hash`;
const INSERT_MAILBOXES = `
  INSERT INTO mailbox (account_id, mailbox_id, parent_id, role, sealed_name, sort_order, uid_validity, created_modseq, modseq, counts_modseq)
  SELECT account_id, mailbox_id, parent_id, role, sealed_name, sort_order, uid_validity, modseq, modseq, modseq
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bytea[], $6::int4[], $7::int8[], $8::int8[])
    AS u(account_id, mailbox_id, parent_id, role, sealed_name, sort_order, uid_validity, modseq)`;

/** An address or an invite that is taken stops the whole batch; the queue then tries the records one by one. */
export async function createAccounts({ tx }: Context, signUps: readonly SignUp[]): Promise<void> {
  const accounts = uuids(signUps.map(({ account }) => account));
  await tx.rows(INSERT_ACCOUNTS, [
    accounts,
    texts(signUps.map(({ effect }) => effect.role)),
    int8s(signUps.map(({ header }) => header.timeMs)),
    int8s(signUps.map(({ effect }) => effect.quotaBytes)),
    int4s(signUps.map(({ effect }) => effect.keys.version)),
    byteas(signUps.map(({ effect }) => bytesOf(effect.keys.certificate))),
    byteas(signUps.map(({ effect }) => bytesOf(effect.keys.summaryKey))),
    byteas(signUps.map(({ effect }) => bytesOf(effect.keys.authKey))),
    int4s(signUps.map(({ effect }) => effect.keyring.version)),
    byteas(signUps.map(({ effect }) => bytesOf(effect.keyring.sealed))),
    int4s(signUps.map(({ effect }) => effect.manifest.version)),
    byteas(signUps.map(({ effect }) => bytesOf(effect.manifest.bytes))),
  ]);
  await tx.rows(INSERT_COUNTERS, [accounts]);
  await tx.rows(INSERT_ADDRESSES, [texts(signUps.map(({ effect }) => effect.address)), accounts]);
  await insertCredentials(
    { tx },
    signUps.flatMap(({ account, effect: { credential } }) =>
      credential === null ? [] : [{ account, credential, isActive: true }],
    ),
  );
  await putWraps(
    { tx },
    signUps.flatMap(({ account, effect }) => effect.wraps.map((wrap) => ({ account, wrap }))),
  );
  await insertMailboxes({ tx }, signUps);
  await useInvites({ tx }, signUps);
}

type Effects = Pick<Context, 'tx'>;
type CredentialRow = {
  readonly account: string;
  readonly isActive: boolean;
} & CommandOf<'credentialPending'>['effect'];

export async function insertCredentials({ tx }: Effects, rows: readonly CredentialRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.rows(INSERT_CREDENTIALS, [
    uuids(rows.map(({ account }) => account)),
    int4s(rows.map(({ credential }) => credential.version)),
    booleans(rows.map(({ isActive }) => isActive)),
    texts(rows.map(({ credential }) => credential.setupId)),
    byteas(rows.map(({ credential }) => bytesOf(credential.record))),
    texts(rows.map(({ credential }) => JSON.stringify(credential.stretching))),
    byteas(rows.map(({ credential }) => bytesOf(credential.wrap))),
    int4s(rows.map(({ credential }) => credential.arkVersion)),
  ]);
}

type WrapRow = { readonly account: string; readonly wrap: CommandOf<'wrapPut'>['effect']['wrap'] };

export async function putWraps({ tx }: Effects, rows: readonly WrapRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.rows(PUT_WRAPS, [
    uuids(rows.map(({ account }) => account)),
    texts(rows.map(({ wrap }) => wrap.wrapId)),
    texts(rows.map(({ wrap }) => wrap.kind)),
    int4s(rows.map(({ wrap }) => wrap.arkVersion)),
    byteas(rows.map(({ wrap }) => bytesOf(wrap.publicKey))),
    byteas(rows.map(({ wrap }) => bytesOf(wrap.sealed))),
    byteas(rows.map(({ wrap }) => (wrap.tokenHash === undefined ? null : bytesOf(wrap.tokenHash)))),
  ]);
}

async function insertMailboxes({ tx }: Effects, signUps: readonly SignUp[]): Promise<void> {
  const mailboxes = signUps.flatMap(({ account, header, effect }) =>
    effect.mailboxes.map((mailbox, index) => ({ account, header, mailbox, index })),
  );
  if (mailboxes.length === 0) return;
  await tx.rows(INSERT_MAILBOXES, [
    uuids(mailboxes.map(({ account }) => account)),
    uuids(mailboxes.map(({ mailbox }) => idToUuid(mailbox.id))),
    uuids(mailboxes.map(({ mailbox }) => (mailbox.parentId === null ? null : idToUuid(mailbox.parentId)))),
    texts(mailboxes.map(({ mailbox }) => mailbox.role)),
    byteas(mailboxes.map(({ mailbox }) => bytesOf(mailbox.sealedName))),
    int4s(mailboxes.map(({ mailbox }) => mailbox.sortOrder)),
    int8s(mailboxes.map(({ header, index }) => uidValidity(header.timeMs) + index)),
    int8s(mailboxes.map(({ header }) => header.accountSeq)),
  ]);
}

async function useInvites({ tx }: Effects, signUps: readonly SignUp[]): Promise<void> {
  const used = signUps.flatMap(({ account, effect }) =>
    effect.inviteId === null ? [] : [{ account, invite: idToUuid(effect.inviteId) }],
  );
  if (used.length === 0) return;
  const rows = await tx.rows(USE_INVITES, [
    uuids(used.map(({ invite }) => invite)),
    uuids(used.map(({ account }) => account)),
  ]);
  if (rows.length !== used.length) throw new CannotApply('an invite is unknown or used');
}
