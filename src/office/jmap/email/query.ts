// Email/query and Email/queryChanges by place, time, size and keyword (RFC 8621 §§4.4, 4.5).

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { parseId, type LetterId } from '#base/ids.ts';
import { MAIL } from '#formats/jmap/capabilities.ts';
import { parseEmailCondition, parseEmailSort } from '#formats/jmap/email-query.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import { parseFilter } from '#formats/jmap/filter.ts';
import { readWindow } from '#formats/jmap/query-window.ts';
import { queryChangesShape, queryShape, readArguments } from '#formats/jmap/standard-arguments.ts';
import { countLetters, indexesOfLetters, queryLetters, type LetterQuery } from '#vault/database/query-letters.ts';
import { readLetterChanges } from '#vault/database/read-letters.ts';
import { atOneMoment } from '#vault/database/read-states.ts';
import { reading, type Call } from '../method.ts';
import { changesSince, emailState, requireStates } from '../states.ts';

// a thread is its letter: collapsing changes nothing
const collapse = { collapseThreads: v.nullish(v.boolean()) };
const shape = v.strictObject({ ...queryShape.entries, ...collapse });
const changesShape = v.strictObject({ ...queryChangesShape.entries, ...collapse });

export const emailQuery = reading('Email/query', MAIL, async (args, call) => {
  const read = readArguments(shape, args);
  if (!read.ok) return read;
  const query = parseQuery(read.value, call);
  if (!query.ok) return query;
  const window = readWindow(read.value);
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    const page = await queryLetters(db, query.value, window);
    if (page === undefined) return err({ kind: 'anchorNotFound' });
    return ok({
      queryState: emailState(states),
      canCalculateChanges: true,
      position: page.position,
      ids: page.ids,
      ...(page.total === undefined ? {} : { total: page.total }),
      ...(window.isLimitOurs ? { limit: window.limit } : {}),
    });
  });
});

/**
 * Every letter that changed since is told as removed, and as added where it stands now: keywords and mailboxes can change, so
 * one that did not move may stand in both lists (RFC 8620 §5.6).
 */
export const emailQueryChanges = reading('Email/queryChanges', MAIL, async (args, call) => {
  const read = readArguments(changesShape, args);
  if (!read.ok) return read;
  const query = parseQuery(read.value, call);
  if (!query.ok) return query;
  const { sinceQueryState, maxChanges, calculateTotal } = read.value;
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    const since = changesSince(sinceQueryState, states.era, states.emailModseq, states.emailFloor);
    if (!since.ok) return since;
    const rows = await readLetterChanges(db, call.accountId, since.value, limits.jmap.changesMax + 1);
    if (rows.length > limits.jmap.changesMax) return err({ kind: 'tooManyChanges' });
    const living = rows.filter((row) => !row.isRemoved).map((row) => parseId<LetterId>(row.id));
    const added = await indexesOfLetters(
      db,
      query.value,
      living.filter((id) => id !== undefined),
    );
    const removed = rows.filter((row) => row.createdModseq <= since.value.modseq).map((row) => row.id);
    if (added.length + removed.length > (maxChanges ?? Infinity)) return err({ kind: 'tooManyChanges' });
    return ok({
      oldQueryState: sinceQueryState,
      newQueryState: emailState(states),
      removed,
      added,
      ...(calculateTotal === true ? { total: await countLetters(db, query.value) } : {}),
    });
  });
});

function parseQuery(
  of: { readonly filter?: unknown; readonly sort?: unknown },
  call: Call,
): Result<LetterQuery, MethodError> {
  const filter = parseFilter(of.filter, parseEmailCondition);
  if (!filter.ok) return filter;
  const sort = parseEmailSort(of.sort);
  return sort.ok ? ok({ accountId: call.accountId, filter: filter.value, sort: sort.value }) : sort;
}
