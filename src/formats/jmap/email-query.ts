// What Email/query may be asked on sealed mail: places, times, sizes, keywords; never text (RFC 8621 §4.4).

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { parseId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { MethodError } from './errors.ts';
import { invalidFilter } from './filter.ts';
import { parseKeyword } from './keyword.ts';

/** All members that are present must hold. */
export interface EmailCondition {
  /** null: a mailbox that cannot exist, so nothing matches. */
  readonly inMailbox?: MailboxId | null;
  readonly inMailboxOtherThan?: readonly MailboxId[];
  readonly beforeMs?: number;
  readonly afterMs?: number;
  readonly minSize?: number;
  readonly maxSize?: number;
  readonly hasKeywords: readonly string[];
  readonly notKeywords: readonly string[];
}

export type EmailComparator =
  | { readonly property: 'receivedAt'; readonly isAscending: boolean }
  | { readonly property: 'size'; readonly isAscending: boolean }
  | { readonly property: 'hasKeyword'; readonly keyword: string; readonly isAscending: boolean };

const unsignedInt = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const utcDate = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/));
const sealedProperties = ['text', 'from', 'to', 'cc', 'bcc', 'subject', 'body', 'header', 'hasAttachment'];

const conditionShape = v.strictObject({
  inMailbox: v.optional(v.string()),
  inMailboxOtherThan: v.optional(v.pipe(v.array(v.string()), v.maxLength(limits.account.mailboxesMax))),
  before: v.optional(utcDate),
  after: v.optional(utcDate),
  minSize: v.optional(unsignedInt),
  maxSize: v.optional(unsignedInt),
  allInThreadHaveKeyword: v.optional(v.string()),
  someInThreadHaveKeyword: v.optional(v.string()),
  noneInThreadHaveKeyword: v.optional(v.string()),
  hasKeyword: v.optional(v.string()),
  notKeyword: v.optional(v.string()),
});

/** One FilterCondition. A thread is its letter, so the three thread conditions are plain keyword conditions. */
export function parseEmailCondition(value: Readonly<Record<string, unknown>>): Result<EmailCondition, MethodError> {
  const sealed = Object.keys(value).find((name) => sealedProperties.includes(name));
  if (sealed !== undefined) {
    return err({ kind: 'unsupportedFilter', description: 'Letters are sealed: the server cannot look inside them.' });
  }
  const shape = v.safeParse(conditionShape, value);
  if (!shape.success) return err(invalidFilter('A condition is unknown or of the wrong type.'));
  const c = shape.output;
  const has = [c.hasKeyword, c.allInThreadHaveKeyword, c.someInThreadHaveKeyword].filter((word) => word !== undefined);
  const not = [c.notKeyword, c.noneInThreadHaveKeyword].filter((word) => word !== undefined);
  const beforeMs = c.before === undefined ? undefined : Date.parse(c.before);
  const afterMs = c.after === undefined ? undefined : Date.parse(c.after);
  if (Number.isNaN(beforeMs) || Number.isNaN(afterMs)) return err(invalidFilter('A date does not exist.'));
  return ok({
    ...(c.inMailbox === undefined ? {} : { inMailbox: parseId<MailboxId>(c.inMailbox) ?? null }),
    ...(c.inMailboxOtherThan === undefined ? {} : { inMailboxOtherThan: knownIds(c.inMailboxOtherThan) }),
    ...(beforeMs === undefined ? {} : { beforeMs }),
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(c.minSize === undefined ? {} : { minSize: c.minSize }),
    ...(c.maxSize === undefined ? {} : { maxSize: c.maxSize }),
    // a word that cannot be a keyword is carried by no letter; it stays in the condition and matches none
    hasKeywords: has.map((word) => parseKeyword(word) ?? ''),
    notKeywords: not.map((word) => parseKeyword(word) ?? ''),
  });
}

const comparatorShape = v.strictObject({
  property: v.string(),
  isAscending: v.optional(v.boolean(), true),
  collation: v.optional(v.nullable(v.string())),
  keyword: v.optional(v.string()),
});

export const emailSortOptions = [
  'receivedAt',
  'size',
  'hasKeyword',
  'allInThreadHaveKeyword',
  'someInThreadHaveKeyword',
] as const;

/** The `sort` argument; null means newest first. */
export function parseEmailSort(value: unknown): Result<readonly EmailComparator[], MethodError> {
  if (value === null || value === undefined) return ok([]);
  const shape = v.safeParse(v.array(comparatorShape), value);
  if (!shape.success) return err({ kind: 'invalidArguments', arguments: ['sort'] });
  if (shape.output.length > limits.jmap.sortMax) return err({ kind: 'unsupportedSort' });
  const comparators: EmailComparator[] = [];
  for (const { property, isAscending, collation, keyword } of shape.output) {
    if (collation !== undefined && collation !== null) return err({ kind: 'unsupportedSort' });
    if (property === 'receivedAt' || property === 'size') comparators.push({ property, isAscending });
    else if (emailSortOptions.some((option) => option === property)) {
      if (keyword === undefined) return err({ kind: 'invalidArguments', arguments: ['sort'] });
      comparators.push({ property: 'hasKeyword', keyword: parseKeyword(keyword) ?? '', isAscending });
    } else
      return err({ kind: 'unsupportedSort', description: 'Letters are sealed: their text cannot be sorted here.' });
  }
  return ok(comparators);
}

function knownIds(ids: readonly string[]): readonly MailboxId[] {
  return ids.map((id) => parseId<MailboxId>(id)).filter((id) => id !== undefined);
}
