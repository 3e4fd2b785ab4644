// What operator commands that change the house share: reading an address, finding its account, the commit and its refusals as sentences.

import { newId, type AccountId } from '#base/ids.ts';
import { err, ok, type Refusal, type Result } from '#base/result.ts';
import { formatAddress, normaliseAddress, parseAddress } from '#formats/smtp/address.ts';
import { findAccountId } from '#vault/database/accounts-read.ts';
import type { Decide } from '#vault/database/commit.ts';
import type { OperatorRefusal } from '../operator-methods.ts';
import type { Vault } from './open-vault.ts';

export const OPERATOR = { kind: 'operator', id: new Uint8Array(16) } as const;
const NO_ACCOUNT = newId<AccountId>();

export async function commit<E extends Refusal>(
  vault: Vault,
  accountId: AccountId | undefined,
  decide: Decide<E | OperatorRefusal>,
): Promise<Result<void, OperatorRefusal>> {
  const done = await vault.door.commit<E | OperatorRefusal>(accountId, OPERATOR, decide);
  if (done.ok) return ok(undefined);
  const { error } = done;
  if ('sentence' in error) return err(error);
  const sentence =
    error.kind === 'diskFull'
      ? 'The disk is full: nothing was changed. Make room and try again.'
      : 'The database does not answer: nothing was changed. Try again in a moment; siegel status says more.';
  return err({ kind: error.kind, sentence });
}

/** The account an address belongs to. */
export async function findOwner(vault: Vault, address: string): Promise<Result<AccountId, OperatorRefusal>> {
  const accountId = await findAccountId(vault.database.reader, address, NO_ACCOUNT);
  return accountId === NO_ACCOUNT
    ? refuse('no-such-address', `Nobody here has the address ${address}.`)
    : ok(accountId);
}

/** `anna` means anna at the house's domain. */
export function readAddress(text: string, domain: string): Result<string, OperatorRefusal> {
  const parsed = parseAddress(text.includes('@') ? text : `${text}@${domain}`);
  return parsed.ok
    ? ok(formatAddress(normaliseAddress(parsed.value)))
    : refuse('bad-address', 'That is not an address such as anna@example.org.');
}

export function refuse(kind: string, sentence: string): { readonly ok: false; readonly error: OperatorRefusal } {
  return err({ kind, sentence });
}
