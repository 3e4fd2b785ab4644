// Sealed items by collection (settings, pinned keys …): opened here, written with compare and swap.

import * as v from 'valibot';
import { isId, newId, type ItemId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { openItem, sealItem } from '#vault/sealing/client/item.ts';
import type { ChangeRefusal } from '../backend.ts';
import { listOf } from './mail-reads.ts';
import { membersOf, setDone } from './mailbox-folders.ts';
import type { OpenSession } from './open-session.ts';

export interface Item {
  readonly id: ItemId;
  readonly version: number;
  /** The JSON inside; undefined when it does not open: altered, or an older version put back. */
  readonly plainValue: unknown;
}

const shape = v.object({
  id: v.custom<ItemId>((value) => typeof value === 'string' && isId(value)),
  version: v.number(),
  sealed: v.string(),
});

export async function readItems(
  { jmap, account }: OpenSession,
  collection: string,
): Promise<Result<readonly Item[], ChangeRefusal>> {
  const answer = await jmap.run([['SealedItem/get', { collection, ids: null }]]);
  if (!answer.ok) return answer;
  const items: Item[] = [];
  for (const { id, version, sealed } of listOf(shape, answer.value[0])) {
    const bytes = fromBase64(sealed);
    const plain = bytes && (await openItem(account.keys, { collection, id, version }, bytes));
    items.push({ id, version, plainValue: plain && parseJson(plain) });
  }
  return ok(items);
}

/** `old` undefined: a new item. Refused as `gone` when somebody else wrote meanwhile. */
export async function putItem(
  { jmap, account }: OpenSession,
  collection: string,
  old: Item | undefined,
  plainValue: unknown,
): Promise<Result<undefined, ChangeRefusal>> {
  const id = old?.id ?? newId<ItemId>();
  const version = (old?.version ?? 0) + 1;
  const sealed = toBase64Url(await sealItem(account.keys, { collection, id, version }, canonicalBytes(plainValue)));
  const change = old ? { update: { [id]: { version, sealed } } } : { create: { made: { id, version, sealed } } };
  const answer = await jmap.run([['SealedItem/set', { collection, ...change }]]);
  if (!answer.ok) return answer;
  const refused = membersOf(answer.value[0]?.[old ? 'notUpdated' : 'notCreated']);
  const isStale = Object.values(refused).some((error) => membersOf(error)['type'] === 'versionMismatch');
  return isStale ? err({ kind: 'gone' }) : setDone(answer.value[0], old ? 'notUpdated' : 'notCreated');
}

function parseJson(plain: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return undefined;
  }
}
