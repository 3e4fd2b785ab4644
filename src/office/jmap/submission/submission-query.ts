// EmailSubmission/query: what left or waits, by identity, letter, time and state (RFC 8621 §7.3).

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { SUBMISSION } from '#formats/jmap/capabilities.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import { invalidFilter, matchesFilter, parseFilter } from '#formats/jmap/filter.ts';
import { readWindow, startOfWindow } from '#formats/jmap/query-window.ts';
import { queryChangesShape, queryShape, readArguments } from '#formats/jmap/standard-arguments.ts';
import { parseUtcDate } from '#formats/jmap/utc-date.ts';
import { readSubmissions, type SubmissionRow } from '#vault/database/read-submissions.ts';
import { identityId } from '../identity/identity.ts';
import { reading } from '../method.ts';
import { requireStates, submissionState } from '../states.ts';
import { undoStatusOf } from './submission-view.ts';

const ids = v.optional(v.pipe(v.array(v.string()), v.maxLength(limits.jmap.objectsInGet)));
const date = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => parseUtcDate(text) ?? NaN),
    v.number(),
  ),
);
const conditionShape = v.strictObject({
  identityIds: ids,
  emailIds: ids,
  threadIds: ids,
  undoStatus: v.optional(v.picklist(['pending', 'final', 'canceled'])),
  before: date,
  after: date,
});
type Condition = v.InferOutput<typeof conditionShape>;

const sortShape = v.nullish(
  v.pipe(
    v.array(
      v.strictObject({
        // sentAt is what RFC 8621 §7.3 calls sendAt
        property: v.picklist(['emailId', 'threadId', 'sentAt', 'sendAt']),
        isAscending: v.optional(v.boolean(), true),
        collation: v.optional(v.never()),
      }),
    ),
    v.maxLength(limits.jmap.sortMax),
  ),
);
type Comparator = NonNullable<v.InferOutput<typeof sortShape>>[number];

export const submissionQuery = reading('EmailSubmission/query', SUBMISSION, async (args, call) => {
  const read = readArguments(queryShape, args);
  if (!read.ok) return read;
  const filter = parseFilter(read.value.filter, parseCondition);
  if (!filter.ok) return filter;
  const sort = v.safeParse(sortShape, read.value.sort);
  if (!sort.success) return err({ kind: 'unsupportedSort' });
  const states = await requireStates(call);
  const rows = await readSubmissions(call.house.reader.db, call.accountId, undefined, limits.account.itemsMax);
  const at = {
    nowMs: call.house.clock.nowMs(),
    identityOf: (row: SubmissionRow) => identityId(call.accountId, row.identity),
  };
  const found = rows
    .filter((row) => matchesFilter(filter.value, (condition) => matches(row, condition, at)))
    .toSorted(byAll(sort.output ?? []))
    .map((row) => row.id);
  const window = readWindow(read.value);
  const anchorIndex = window.anchor === undefined ? undefined : found.findIndex((id) => id === window.anchor);
  if (anchorIndex === -1) return err({ kind: 'anchorNotFound' });
  const position = startOfWindow(window, anchorIndex, found.length);
  return ok({
    queryState: submissionState(states),
    canCalculateChanges: false,
    position,
    ids: found.slice(position, position + window.limit),
    ...(window.calculateTotal ? { total: found.length } : {}),
    ...(window.isLimitOurs ? { limit: window.limit } : {}),
  });
});

/** What is pending changes with time alone, so no list of changes would be whole. */
export const submissionQueryChanges = reading('EmailSubmission/queryChanges', SUBMISSION, async (args) => {
  const read = readArguments(queryChangesShape, args);
  return read.ok ? err({ kind: 'cannotCalculateChanges' }) : read;
});

function parseCondition(value: unknown): Result<Condition, MethodError> {
  const shape = v.safeParse(conditionShape, value);
  return shape.success ? ok(shape.output) : err(invalidFilter('A condition is unknown or of the wrong type.'));
}

function matches(
  row: SubmissionRow,
  { identityIds, emailIds, threadIds, undoStatus, before, after }: Condition,
  at: { readonly nowMs: number; readonly identityOf: (row: SubmissionRow) => string },
): boolean {
  return (
    (identityIds === undefined || identityIds.includes(at.identityOf(row))) &&
    (emailIds === undefined || emailIds.includes(row.letterId ?? '')) &&
    (threadIds === undefined || threadIds.includes(row.letterId ?? '')) &&
    (undoStatus === undefined || undoStatus === undoStatusOf(row, at.nowMs)) &&
    (before === undefined || row.sendAtMs < before) &&
    (after === undefined || row.sendAtMs >= after)
  );
}

/** Without an order: as the rows come, newest first. */
function byAll(comparators: readonly Comparator[]): (a: SubmissionRow, b: SubmissionRow) => number {
  return (a, b) => {
    for (const { property, isAscending } of comparators) {
      const order =
        property === 'sentAt' || property === 'sendAt'
          ? a.sendAtMs - b.sendAtMs
          : compare(a.letterId ?? '', b.letterId ?? '');
      if (order !== 0) return isAscending ? order : -order;
    }
    return 0;
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
