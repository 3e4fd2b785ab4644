// A shared mailbox made on the page: signed up in the key worker, held by its maker, with the name its letters carry.

import type { AccountId } from '#base/ids.ts';
import type { Result } from '#base/result.ts';
import type { NewShared, SharedRefusal } from '../../shared.ts';
import { makeInKeyWorker } from '../../worker/make-in-key-worker.ts';
import { createIdentities } from '../compose/identities.ts';
import type { HolderParts } from './change-holders.ts';
import { makeShared } from './make-shared.ts';
import { openShared } from './open-shared.ts';

export async function makeFromPage(
  parts: HolderParts,
  { code, localPart, name, keyWorker }: NewShared,
): Promise<Result<{ readonly accountId: AccountId; readonly address: string }, SharedRefusal>> {
  const made = await makeShared(parts, makeInKeyWorker(keyWorker), { code, localPart });
  if (!made.ok || name === '') return made;
  const opened = await openShared(parts, made.value.accountId);
  if (!opened.ok) return made; // it is there all the same: the name can be given in its settings
  const named = createIdentities(opened.value);
  const [first] = await named.identities();
  if (first) await named.setIdentityName(first.id, name);
  return made;
}
