// Asks the server for a challenge and signs a change with it: what a session alone may not do.

import { err, ok, type Result } from '#base/result.ts';
import type { ChangeRefusal } from '../backend.ts';
import { signFor } from './entry-step.ts';
import type { OpenSession } from './open-session.ts';

export type SignedChangeRefusal = Pick<ChangeRefusal, 'kind'>;

export interface Signature {
  readonly challenge: string;
  readonly signature: string;
}

/** `effect`: the request's body without challenge and signature. */
export async function makeSignedChange(
  { door, account }: OpenSession,
  kind: string,
  effect: unknown,
): Promise<Result<Signature, SignedChangeRefusal>> {
  const given = await door.ask('/auth/challenge', 'challenge');
  if (!given.ok) return err(changeRefusal(given.error));
  const { challenge } = given.value;
  return ok({ challenge, signature: await signFor(account.keys.rootKey, { kind, effect, challenge }) });
}

const KINDS: Readonly<Record<string, ChangeRefusal['kind']>> = {
  'no-connection': 'no-connection',
  'signed-out': 'signed-out',
  'too-many': 'too-many',
  gone: 'gone',
  'bad-signature': 'not-allowed',
  'keys-altered': 'not-allowed',
};

export function changeRefusal({ kind }: { readonly kind: string }): SignedChangeRefusal {
  return { kind: KINDS[kind] ?? 'server-unavailable' };
}
