// Accounts that several people hold: who they are, and the wraps that open the root key for each (SEALING.md).

import { texts } from '../array-parameter.ts';
import { idToUuid } from '../ids.ts';
import type { CommandOf } from '../../journal/commands.ts';
import { bytesOf, type AccountCommand, type Context } from './effect.ts';
import { putWraps } from './sign-ups.ts';

const SQL = {
  put: `
    INSERT INTO holder (account_id, holder_id, wrap_id, added_ms) VALUES ($1, $2, $3, $4)
    ON CONFLICT (account_id, holder_id) DO UPDATE SET wrap_id = excluded.wrap_id, added_ms = excluded.added_ms`,
  leave: `
    INSERT INTO holder (account_id, holder_id, wrap_id, added_ms) VALUES ($1, $2, '', $3)
    ON CONFLICT (account_id, holder_id) DO UPDATE SET wrap_id = '', added_ms = excluded.added_ms`,
  dropWrap: `DELETE FROM wrap WHERE account_id = $1 AND kind = 'holder' AND wrap_id = $2`,
  drop: `DELETE FROM holder WHERE account_id = $1 AND (holder_id = $2 OR wrap_id = '')`,
  dropOldWraps: `DELETE FROM wrap WHERE account_id = $1 AND kind = 'holder' AND wrap_id <> ALL($2::text[])`,
  manifest: 'UPDATE account SET manifest_version = $2, manifest = $3 WHERE account_id = $1',
  rekey: `
    UPDATE account SET manifest_version = $2, manifest = $3, keyring_version = $4, keyring = $5, keys_version = $6,
      certificate = $7, summary_key = $8, auth_key = $9 WHERE account_id = $1`,
} as const;

export async function putHolder(
  { tx }: Context,
  { account, header, effect }: AccountCommand<CommandOf<'holderPut'>['effect']>,
): Promise<void> {
  const { holderId, wrap, manifest } = effect;
  await putWraps({ tx }, [{ account, wrap }]);
  await tx.rows(SQL.put, [account, idToUuid(holderId), wrap.wrapId, header.timeMs]);
  await tx.rows(SQL.manifest, [account, manifest.version, bytesOf(manifest.bytes)]);
}

/**
 * Without a wrap it holds nothing; the line stays, with the time of leaving, until the account has keys it never had. The record that
 * made it a holder may be erased since: so the line is made here, too.
 */
export async function leaveHolder(
  { tx }: Context,
  { account, header, effect: { holderId, wrapId } }: AccountCommand<CommandOf<'holderLeft'>['effect']>,
): Promise<void> {
  await tx.rows(SQL.leave, [account, idToUuid(holderId), header.timeMs]);
  await tx.rows(SQL.dropWrap, [account, wrapId]);
}

/** The wraps of those who stay keep their ids; all other wraps of holders go, and the lines of those who left before. */
export async function removeHolder(
  { tx }: Context,
  { account, effect }: AccountCommand<CommandOf<'holderRemoved'>['effect']>,
): Promise<void> {
  const { holderId, wraps, keys, keyring, manifest } = effect;
  await tx.rows(SQL.drop, [account, idToUuid(holderId)]);
  await tx.rows(SQL.dropOldWraps, [account, texts(wraps.map(({ wrapId }) => wrapId))]);
  await putWraps(
    { tx },
    wraps.map((wrap) => ({ account, wrap })),
  );
  await tx.rows(SQL.rekey, [
    account,
    manifest.version,
    bytesOf(manifest.bytes),
    keyring.version,
    bytesOf(keyring.sealed),
    keys.version,
    bytesOf(keys.certificate),
    bytesOf(keys.summaryKey),
    bytesOf(keys.authKey),
  ]);
}
