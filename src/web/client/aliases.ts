// Addresses of the signed-in account: which there are, aliases taken up and given up by a signed change.

import { err, ok, type Result } from '#base/result.ts';
import type { AliasRefusal, OwnAddresses } from '../backend.ts';
import type { OpenSession } from './open-session.ts';
import { forgetIdentities } from './own-addresses.ts';
import { changeRefusal, makeSignedChange } from './signed-change.ts';

const ALIAS_KINDS = ['address-taken', 'address-invalid', 'too-many'] as const;

export async function readAddresses({ door }: OpenSession): Promise<Result<OwnAddresses, AliasRefusal>> {
  const answer = await door.get('/auth/addresses', 'addresses');
  if (!answer.ok) return err(aliasRefusal(answer.error));
  const { addresses, domains, left } = answer.value;
  const rows = addresses.map(({ address, kind }) => ({ address, isAlias: kind === 'alias' }));
  return ok({ addresses: rows, domains, left });
}

/** `address`: whole, or the part before @ for the house's first domain. The alias as the house writes it. */
export async function addAlias(
  session: OpenSession,
  address: string,
): Promise<Result<{ readonly address: string }, AliasRefusal>> {
  const effect = { address: address.trim() };
  const signed = await makeSignedChange(session, 'addressAdded', effect);
  if (!signed.ok) return signed;
  const added = await session.door.call('aliasAdd', { ...effect, ...signed.value });
  forgetIdentities(session);
  return added.ok ? ok({ address: added.value.address }) : err(aliasRefusal(added.error));
}

export async function removeAlias(session: OpenSession, address: string): Promise<Result<undefined, AliasRefusal>> {
  const effect = { address };
  const signed = await makeSignedChange(session, 'addressRemoved', effect);
  if (!signed.ok) return signed;
  const removed = await session.door.call('aliasRemove', { ...effect, ...signed.value });
  forgetIdentities(session);
  return removed.ok ? ok(undefined) : err(aliasRefusal(removed.error));
}

function aliasRefusal(refusal: { readonly kind: string }): AliasRefusal {
  const kind = ALIAS_KINDS.find((one) => one === refusal.kind);
  return kind === undefined ? changeRefusal(refusal) : { kind };
}
