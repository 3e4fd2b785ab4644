// Filter, sort and tree order of mailboxes, in memory: an account has at most a thousand (RFC 8621 §2.3).

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import { invalidFilter, matchesFilter, parseFilter, type Filter } from '#formats/jmap/filter.ts';
import type { MailboxRow } from '#vault/database/read-mailboxes.ts';
import { outerName } from './mailbox-view.ts';

const conditionShape = v.strictObject({
  parentId: v.optional(v.nullable(v.string())),
  name: v.optional(v.string()),
  role: v.optional(v.nullable(v.string())),
  hasAnyRole: v.optional(v.boolean()),
  isSubscribed: v.optional(v.boolean()),
});
export type MailboxCondition = v.InferOutput<typeof conditionShape>;

const sortShape = v.array(
  v.strictObject({
    property: v.string(),
    isAscending: v.optional(v.boolean(), true),
    collation: v.optional(v.nullable(v.string())),
  }),
);

export interface MailboxOrder {
  readonly filter: Filter<MailboxCondition> | undefined;
  readonly sort: readonly { readonly property: 'name' | 'sortOrder'; readonly isAscending: boolean }[];
  readonly sortAsTree: boolean;
  readonly filterAsTree: boolean;
}

export function parseMailboxOrder(of: {
  readonly filter?: unknown;
  readonly sort?: unknown;
  readonly sortAsTree?: boolean;
  readonly filterAsTree?: boolean;
}): Result<MailboxOrder, MethodError> {
  const filter = parseFilter(of.filter, (condition) => {
    const shape = v.safeParse(conditionShape, condition);
    return shape.success ? ok(shape.output) : err(invalidFilter('A condition is unknown or of the wrong type.'));
  });
  if (!filter.ok) return filter;
  const shape = v.safeParse(sortShape, of.sort ?? []);
  if (!shape.success) return err({ kind: 'invalidArguments', arguments: ['sort'] });
  const sort: { property: 'name' | 'sortOrder'; isAscending: boolean }[] = [];
  for (const { property, isAscending, collation } of shape.output.slice(0, limits.jmap.sortMax)) {
    if ((property !== 'name' && property !== 'sortOrder') || typeof collation === 'string') {
      return err({ kind: 'unsupportedSort' });
    }
    sort.push({ property, isAscending });
  }
  return ok({
    filter: filter.value,
    sort,
    sortAsTree: of.sortAsTree ?? false,
    filterAsTree: of.filterAsTree ?? false,
  });
}

/** The mailboxes that pass, in order. Names are the outer ones: the sealed ones nobody here can read. */
export function orderMailboxes(mailboxes: readonly MailboxRow[], order: MailboxOrder): readonly MailboxRow[] {
  const compare = (a: MailboxRow, b: MailboxRow): number => compareBy(order.sort, a, b);
  const sorted = order.sortAsTree ? treeOrder(mailboxes, compare) : mailboxes.toSorted(compare);
  const passing = sorted.filter((mailbox) => matchesFilter(order.filter, (condition) => passes(mailbox, condition)));
  if (!order.filterAsTree) return passing;
  const byId = new Map(mailboxes.map((mailbox) => [mailbox.id, mailbox]));
  const ids = new Set(passing.map((mailbox) => mailbox.id));
  return passing.filter((mailbox) => {
    for (let parentId = mailbox.parentId; parentId !== undefined; parentId = byId.get(parentId)?.parentId) {
      if (!ids.has(parentId)) return false;
    }
    return true;
  });
}

function passes(mailbox: MailboxRow, condition: MailboxCondition): boolean {
  const { parentId, name, role, hasAnyRole, isSubscribed } = condition;
  return (
    (parentId === undefined || (mailbox.parentId ?? null) === parentId) &&
    (name === undefined || outerName(mailbox).toLowerCase().includes(name.toLowerCase())) &&
    (role === undefined || (mailbox.role ?? null) === role) &&
    (hasAnyRole === undefined || (mailbox.role !== undefined) === hasAnyRole) &&
    isSubscribed !== false
  );
}

function compareBy(sort: MailboxOrder['sort'], a: MailboxRow, b: MailboxRow): number {
  for (const { property, isAscending } of sort) {
    const difference = property === 'sortOrder' ? a.sortOrder - b.sortOrder : compareText(outerName(a), outerName(b));
    if (difference !== 0) return isAscending ? difference : -difference;
  }
  return compareText(a.id, b.id);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Parents in front of their children, siblings by `compare`. */
function treeOrder(
  mailboxes: readonly MailboxRow[],
  compare: (a: MailboxRow, b: MailboxRow) => number,
): readonly MailboxRow[] {
  const children = Map.groupBy(mailboxes, (mailbox) => mailbox.parentId);
  const ordered: MailboxRow[] = [];
  const waiting = (children.get(undefined) ?? []).toSorted(compare).toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    ordered.push(next);
    waiting.push(...(children.get(next.id) ?? []).toSorted(compare).toReversed());
  }
  return ordered;
}
