// Sealed items by collection (settings, pinned keys …): opened here, written with compare and swap.

import * as v from 'valibot';
import { isId, newId, type ItemId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { fromBase64, toBase64Url } from '#formats/base64/base64.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { openItem, sealItem } from '#vault/sealing/client/item.ts';
import type { ChangeRefusal } from '../backend.ts';
import type { Members } from './jmap-client.ts';
import { chunks, listOf } from './mail-reads.ts';
import { membersOf, setDone } from './mailbox-folders.ts';
import type { OpenSession } from './open-session.ts';

export interface Item {
  readonly id: ItemId;
  readonly version: number;
  /** The JSON inside; undefined when it does not open: altered, or an older version put back. */
  readonly plainValue: unknown;
}

const itemId = v.custom<ItemId>((value) => typeof value === 'string' && isId(value));
const idsShape = v.array(itemId);
const shape = v.object({
  id: itemId,
  version: v.number(),
  sealed: v.string(),
});

export async function readItems(
  session: OpenSession,
  collection: string,
): Promise<Result<readonly Item[], ChangeRefusal>> {
  const answer = await session.jmap.run([['SealedItem/get', { collection, ids: null }]]);
  if (answer.ok) return ok(await openItems(session, collection, answer.value[0]));
  return answer.error.kind === 'too-many' ? readManyItems(session, collection) : answer;
}

/** One item as the server has it now; undefined: there is none. */
export async function readItem(
  session: OpenSession,
  collection: string,
  id: ItemId,
): Promise<Result<Item | undefined, ChangeRefusal>> {
  const answer = await session.jmap.run([['SealedItem/get', { collection, ids: [id] }]]);
  return answer.ok ? ok((await openItems(session, collection, answer.value[0]))[0]) : answer;
}

/** Beyond what one answer holds: ids first, then a few at a time. */
async function readManyItems(
  session: OpenSession,
  collection: string,
): Promise<Result<readonly Item[], ChangeRefusal>> {
  const ids: ItemId[] = [];
  for (;;) {
    const page = await session.jmap.run([['SealedItem/query', { collection, position: ids.length }]]);
    if (!page.ok) return page;
    const found = v.safeParse(idsShape, page.value[0]?.['ids']);
    if (!found.success || found.output.length === 0) break;
    ids.push(...found.output);
  }
  const items: Item[] = [];
  for (const chunk of chunks(ids, ITEMS_AT_ONCE)) {
    const answer = await session.jmap.run([['SealedItem/get', { collection, ids: chunk }]]);
    if (!answer.ok) return answer;
    items.push(...(await openItems(session, collection, answer.value[0])));
  }
  return ok(items);
}

/** Items are at most 1 MiB, an answer 32. */
const ITEMS_AT_ONCE = 24;

async function openItems({ account }: OpenSession, collection: string, result: Members | undefined): Promise<Item[]> {
  const items: Item[] = [];
  for (const { id, version, sealed } of listOf(shape, result)) {
    const bytes = fromBase64(sealed);
    const plain = bytes && (await openItem(account.keys, { collection, id, version }, bytes));
    items.push({ id, version, plainValue: plain && parseJson(plain) });
  }
  return items;
}

/** `old` undefined: a new item. Refused as `gone` when somebody else wrote meanwhile. */
export async function putItem(
  session: OpenSession,
  collection: string,
  old: Pick<Item, 'id' | 'version'> | undefined,
  plainValue: unknown,
): Promise<Result<undefined, ChangeRefusal>> {
  const written = await putItems(session, collection, [
    { id: old?.id ?? newId<ItemId>(), version: old?.version ?? 0, plainValue },
  ]);
  return written.ok ? ok(undefined) : written;
}

/** Each with the version the server has now, 0 for a new item; afterwards it has the next. Refused when any of them is. */
export async function putItems(
  { jmap, account }: OpenSession,
  collection: string,
  items: readonly Item[],
): Promise<Result<undefined, ChangeRefusal>> {
  const create: Record<string, Members> = {};
  const update: Record<string, Members> = {};
  for (const { id, version: before, plainValue } of items) {
    const version = before + 1;
    const sealed = toBase64Url(await sealItem(account.keys, { collection, id, version }, canonicalBytes(plainValue)));
    if (before === 0) create[id] = { id, version, sealed };
    else update[id] = { version, sealed };
  }
  const answer = await jmap.run([['SealedItem/set', { collection, create, update }]]);
  if (!answer.ok) return answer;
  const refused = membersOf(answer.value[0]?.['notUpdated']);
  const isStale = Object.values(refused).some((error) => membersOf(error)['type'] === 'versionMismatch');
  if (isStale) return err({ kind: 'gone' });
  const created = setDone(answer.value[0], 'notCreated');
  return created.ok ? setDone(answer.value[0], 'notUpdated') : created;
}

/** What is gone already is removed too. */
export async function removeItem(
  { jmap }: OpenSession,
  collection: string,
  id: ItemId,
): Promise<Result<undefined, ChangeRefusal>> {
  const answer = await jmap.run([['SealedItem/set', { collection, destroy: [id] }]]);
  if (!answer.ok) return answer;
  const done = setDone(answer.value[0], 'notDestroyed');
  return done.ok || done.error.kind === 'gone' ? ok(undefined) : done;
}

function parseJson(plain: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return undefined;
  }
}
