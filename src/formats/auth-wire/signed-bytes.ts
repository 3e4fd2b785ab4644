// The bytes the account-auth key signs: bound to house, account and purpose, so that no signature fits anywhere else.

import type { AccountId, InstanceId } from '#base/ids.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';

export interface SignedWhere {
  readonly instanceId: InstanceId;
  readonly accountId: AccountId;
}

export type ChangeKind =
  'credentialPending' | 'wrapPut' | 'wrapRemove' | 'totpPut' | 'totpRemove' | 'keyringPut' | 'accountClose';

/** A change of the account, with the one-time challenge (or handle) the server gave for it. `change` is the request without challenge and signature. */
export function changeBytes(
  where: SignedWhere,
  kind: ChangeKind,
  challenge: string,
  change: unknown,
): Uint8Array<ArrayBuffer> {
  return canonicalBytes({
    context: 'siegel/change/v1',
    instanceId: where.instanceId,
    accountId: where.accountId,
    kind,
    challenge,
    change,
  });
}

/** Proof that the client opened the wrap of this credential, before the server makes it the only one. */
export function credentialProofBytes(where: SignedWhere, version: number, handle: string): Uint8Array<ArrayBuffer> {
  return canonicalBytes({
    context: 'siegel/credential/v1',
    instanceId: where.instanceId,
    accountId: where.accountId,
    version,
    handle,
  });
}
