// Mailbox/query and Mailbox/queryChanges (RFC 8621 §§2.3, 2.4).

import * as v from 'valibot';
import { err, ok } from '#base/result.ts';
import { MAIL } from '#formats/jmap/capabilities.ts';
import { readWindow, startOfWindow } from '#formats/jmap/query-window.ts';
import { queryChangesShape, queryShape, readArguments } from '#formats/jmap/standard-arguments.ts';
import { readMailboxChanges, readMailboxes } from '#vault/database/read-mailboxes.ts';
import { atOneMoment } from '#vault/database/read-states.ts';
import { reading } from '../method.ts';
import { changesSince, mailboxState, requireStates } from '../states.ts';
import { orderMailboxes, parseMailboxOrder } from './mailbox-order.ts';

const treeArguments = { sortAsTree: v.optional(v.boolean(), false), filterAsTree: v.optional(v.boolean(), false) };
const shape = v.strictObject({ ...queryShape.entries, ...treeArguments });
const changesShape = v.strictObject({ ...queryChangesShape.entries, ...treeArguments });

export const mailboxQuery = reading('Mailbox/query', MAIL, async (args, call) => {
  const read = readArguments(shape, args);
  if (!read.ok) return read;
  const order = parseMailboxOrder(read.value);
  if (!order.ok) return order;
  const window = readWindow(read.value);
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    const results = orderMailboxes(await readMailboxes(db, call.accountId), order.value);
    const anchorIndex = results.findIndex((mailbox) => mailbox.id === window.anchor);
    if (window.anchor !== undefined && anchorIndex < 0) return err({ kind: 'anchorNotFound' });
    const position = startOfWindow(window, window.anchor === undefined ? undefined : anchorIndex, results.length);
    return ok({
      queryState: mailboxState(states),
      canCalculateChanges: !order.value.filterAsTree && !order.value.sortAsTree,
      position,
      ids: results.slice(position, position + window.limit).map((mailbox) => mailbox.id),
      ...(window.calculateTotal ? { total: results.length } : {}),
      ...(window.isLimitOurs && results.length > window.limit ? { limit: window.limit } : {}),
    });
  });
});

export const mailboxQueryChanges = reading('Mailbox/queryChanges', MAIL, async (args, call) => {
  const read = readArguments(changesShape, args);
  if (!read.ok) return read;
  const order = parseMailboxOrder(read.value);
  if (!order.ok) return order;
  // a parent's change can move or hide mailboxes that did not change themselves
  if (order.value.filterAsTree || order.value.sortAsTree) return err({ kind: 'cannotCalculateChanges' });
  const { sinceQueryState, maxChanges, calculateTotal } = read.value;
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    const since = changesSince(sinceQueryState, states.era, states.mailboxModseq);
    if (!since.ok) return since;
    const rows = await readMailboxChanges(db, call.accountId, since.value);
    // numbers of letters are neither filtered nor sorted by
    const changed = new Map(rows.filter((row) => !row.onlyCounts).map((row) => [row.id, row]));
    const results = orderMailboxes(await readMailboxes(db, call.accountId), order.value);
    const added = results.map((mailbox, index) => ({ id: mailbox.id, index })).filter(({ id }) => changed.has(id));
    const removed = [...changed.values()].filter((row) => row.createdModseq <= since.value.modseq).map((row) => row.id);
    if (added.length + removed.length > (maxChanges ?? Infinity)) return err({ kind: 'tooManyChanges' });
    return ok({
      oldQueryState: sinceQueryState,
      newQueryState: mailboxState(states),
      removed,
      added,
      ...(calculateTotal === true ? { total: results.length } : {}),
    });
  });
});
