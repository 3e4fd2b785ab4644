// A shared mailbox made with an invitation: a mailbox of its own whose password nobody knows, held by its maker first.

import type { AccountId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { ownPoint } from '#vault/sealing/client/certificate-key.ts';
import type { RootKey } from '#vault/sealing/client/root-key.ts';
import { randomBytes } from '#vault/sealing/derive.ts';
import type { SharedRefusal } from '../../shared.ts';
import type { Outcome, StepOf } from '../entry-step.ts';
import { openAccount } from '../opened-account.ts';
import type { OpenSession } from '../open-session.ts';
import { putHolder, type HolderParts } from './change-holders.ts';
import { keep } from './shared-mailboxes.ts';

/** Signs the new mailbox up where OPAQUE runs, with a door whose cookies are not this session's. */
export type MakeMailbox = (of: {
  readonly code: string;
  readonly localPart: string;
  readonly plainPassword: string;
}) => Outcome<{ readonly step: StepOf<'done'>; readonly rootKey: RootKey }>;

type Answer<T> = Promise<Result<T, SharedRefusal>>;

/** The password is thrown away: the holders' keys are the only way in. */
export async function makeShared(
  { session, clock }: HolderParts,
  makeMailbox: MakeMailbox,
  of: { readonly code: string; readonly localPart: string },
): Answer<{ readonly accountId: AccountId; readonly address: string }> {
  const plainPassword = toBase64Url(randomBytes(32));
  const made = await makeMailbox({ code: of.code, localPart: of.localPart, plainPassword });
  if (!made.ok) return made;
  const { step, rootKey } = made.value;
  const doorKey = session.account.doorKey;
  const account = await openAccount(rootKey, step.keys, { remembered: undefined, doorKey });
  const point = await ownPoint(session.account.keyring, clock.nowMs());
  if (!account.ok || point === undefined) return err({ kind: 'keys-altered' });
  const own = await readOwnAddress(session);
  const put = await putHolder(session, account.value, { address: own, point });
  if (!put.ok) return put;
  const kept = await keep(session, undefined, account.value);
  return kept.ok ? ok({ accountId: rootKey.accountId, address: step.session.address }) : kept;
}

async function readOwnAddress({ door }: OpenSession): Promise<string> {
  const state = await door.get('/auth/session', 'session');
  return state.ok ? state.value.session.address : '';
}
