// SealedItem/get, /changes and /query: what clients keep sealed, by collection (settings, contacts, drafts …).

import * as v from 'valibot';
import { parseId, type ItemId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import { toBase64Url } from '#formats/base64/base64.ts';
import { SEALED } from '#formats/jmap/capabilities.ts';
import { splitChanges } from '#formats/jmap/changes.ts';
import { readWindow, startOfWindow, windowArguments } from '#formats/jmap/query-window.ts';
import {
  boundIds,
  changesShape,
  getShape,
  pick,
  readArguments,
  readProperties,
} from '#formats/jmap/standard-arguments.ts';
import { readItemChanges, readItemIds, readItems, readItemSizes } from '#vault/database/read-items.ts';
import { atOneMoment } from '#vault/database/read-states.ts';
import { reading } from '../method.ts';
import { changesSince, itemState, requireStates } from '../states.ts';
import { collectionName } from './read-sealed.ts';

const inCollection = { collection: collectionName };
const properties = ['id', 'collection', 'version', 'sealed'];

export const sealedItemGet = reading('SealedItem/get', SEALED, async (args, call) => {
  const read = readArguments(v.strictObject({ ...getShape.entries, ...inCollection }), args);
  if (!read.ok) return read;
  const { collection } = read.value;
  const wanted = readProperties(read.value.properties, properties);
  if (!wanted.ok) return wanted;
  const asked = read.value.ids ? boundIds(read.value.ids) : ok(undefined);
  if (!asked.ok) return asked;
  const known = asked.value?.map((id) => parseId<ItemId>(id)).filter((id) => id !== undefined);
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    const of = { accountId: call.accountId, collection };
    const sizes = await readItemSizes(db, of, known);
    if (sizes.items > limits.jmap.objectsInGet || sizes.bytes > limits.jmap.answerBytes) {
      return err({ kind: 'requestTooLarge', description: 'Name fewer ids; SealedItem/query lists them.' });
    }
    const items = await readItems(db, of, known, limits.jmap.objectsInGet);
    const found = new Set<string>(items.map((item) => item.id));
    return ok({
      state: itemState(states),
      list: items.map(({ id, version, sealed }) =>
        pick({ id, collection, version, sealed: toBase64Url(sealed) }, wanted.value),
      ),
      notFound: (asked.value ?? []).filter((id) => !found.has(id)),
    });
  });
});

export const sealedItemChanges = reading('SealedItem/changes', SEALED, async (args, call) => {
  const read = readArguments(v.strictObject({ ...changesShape.entries, ...inCollection }), args);
  if (!read.ok) return read;
  const { collection, sinceState, maxChanges } = read.value;
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    const since = changesSince(sinceState, states.era, states.itemModseq);
    if (!since.ok) return since;
    const max = Math.min(maxChanges ?? Infinity, limits.jmap.changesMax);
    const of = { accountId: call.accountId, collection };
    const rows = await readItemChanges(db, of, since.value, max + 1);
    const changes = splitChanges(rows, since.value, states.itemModseq, max);
    return ok({ oldState: sinceState, ...changes });
  });
});

/** All of a collection in order of making: what is inside only the client can compare. */
export const sealedItemQuery = reading('SealedItem/query', SEALED, async (args, call) => {
  const read = readArguments(v.strictObject({ ...windowArguments, ...inCollection }), args);
  if (!read.ok) return read;
  const window = readWindow(read.value);
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    const of = { accountId: call.accountId, collection: read.value.collection };
    const ids = await readItemIds(db, of, limits.account.itemsMax);
    const anchorIndex = ids.findIndex((id) => id === window.anchor);
    if (window.anchor !== undefined && anchorIndex < 0) return err({ kind: 'anchorNotFound' });
    const position = startOfWindow(window, window.anchor === undefined ? undefined : anchorIndex, ids.length);
    return ok({
      queryState: itemState(states),
      canCalculateChanges: false,
      position,
      ids: ids.slice(position, position + window.limit),
      ...(window.calculateTotal ? { total: ids.length } : {}),
      ...(window.isLimitOurs ? { limit: window.limit } : {}),
    });
  });
});
