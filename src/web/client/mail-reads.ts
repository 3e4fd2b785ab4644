// What the client reads of mailboxes and letters, as the server holds it: places, flags, sealed names, sealed summaries.

import * as v from 'valibot';
import { isId, type LetterId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { JmapCall, JmapClient, JmapRefusal, Members } from './jmap-client.ts';

type Answer<T> = Promise<Result<T, JmapRefusal>>;

const letterId = v.custom<LetterId>((value) => typeof value === 'string' && isId(value));
const mailboxId = v.custom<MailboxId>((value) => typeof value === 'string' && isId(value));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

const mailboxShape = v.object({
  id: mailboxId,
  parentId: v.nullable(mailboxId),
  role: v.nullable(v.picklist(['inbox', 'archive', 'drafts', 'sent', 'trash', 'junk'])),
  sortOrder: count,
  totalEmails: count,
  unreadEmails: count,
  siegelSealedName: v.nullish(v.string()),
});
export type SealedMailbox = v.InferOutput<typeof mailboxShape>;

const placeShape = v.object({
  id: letterId,
  blobId: v.string(),
  mailboxIds: v.record(v.string(), v.literal(true)),
  keywords: v.record(v.string(), v.literal(true)),
  size: count,
  receivedAt: v.string(),
});
/** Where a letter lies and what it carries: the outer view. */
export type LetterPlaceRow = v.InferOutput<typeof placeShape>;
export const PLACE_PROPERTIES = ['id', 'blobId', 'mailboxIds', 'keywords', 'size', 'receivedAt'];

const summaryShape = v.object({
  id: letterId,
  version: count,
  summary: v.nullable(v.string()),
  terms: v.nullish(v.string()),
});
export type SealedSummaryRow = v.InferOutput<typeof summaryShape>;

const queryShape = v.object({ ids: v.array(letterId), total: v.optional(count) });

/** A call's result as a list of one shape; anything else is an answer this client does not understand. */
export function listOf<S extends v.GenericSchema>(shape: S, result: Members | undefined): readonly v.InferOutput<S>[] {
  const parsed = v.safeParse(v.array(shape), result?.['list']);
  return parsed.success ? parsed.output : [];
}

export async function readMailboxes(jmap: JmapClient): Answer<readonly SealedMailbox[]> {
  const answer = await jmap.run([['Mailbox/get', { ids: null }]]);
  return answer.ok ? ok(listOf(mailboxShape, answer.value[0])) : answer;
}

export type LetterFilter =
  | { readonly inMailbox: MailboxId }
  | { readonly inMailboxOtherThan: readonly MailboxId[] }
  | { readonly hasKeyword: string }
  | null;

/** All ids that match, newest first, in as many pages as it takes. */
export async function readLetterIds(jmap: JmapClient, filter: LetterFilter): Answer<readonly LetterId[]> {
  const ids: LetterId[] = [];
  const seen = new Set<LetterId>();
  const { queryLimit } = limits.jmap;
  for (;;) {
    const answer = await jmap.run([queryCall(filter, ids.length, queryLimit)]);
    if (!answer.ok) return answer;
    const page = v.safeParse(queryShape, answer.value[0]);
    if (!page.success) return err({ kind: 'server-unavailable' });
    // Letters that arrive between two pages move the others down: the same id twice is shown once.
    for (const id of page.output.ids) if (!seen.has(id)) ids.push(id);
    for (const id of page.output.ids) seen.add(id);
    if (page.output.ids.length < queryLimit) return ok(ids);
  }
}

function queryCall(filter: LetterFilter, position: number, limit: number): JmapCall {
  const sort = [{ property: 'receivedAt', isAscending: false }];
  return ['Email/query', { filter, sort, position, limit }];
}

/** The newest ids outside these mailboxes, in one page. */
export async function readNewestIds(
  jmap: JmapClient,
  outside: readonly MailboxId[],
  itemsMax: number,
): Answer<readonly LetterId[]> {
  const filter = outside.length > 0 ? { inMailboxOtherThan: outside } : null;
  const answer = await jmap.run([queryCall(filter, 0, itemsMax)]);
  if (!answer.ok) return answer;
  const page = v.safeParse(queryShape, answer.value[0]);
  return page.success ? ok(page.output.ids) : err({ kind: 'server-unavailable' });
}

export interface LetterRows {
  readonly places: ReadonlyMap<LetterId, LetterPlaceRow>;
  readonly summaries: ReadonlyMap<LetterId, SealedSummaryRow>;
}

/** Outer views of `ids` and sealed summaries of `summaryIds`, chunk by chunk. */
export async function readLetterRows(
  jmap: JmapClient,
  ids: readonly LetterId[],
  summaryIds: readonly LetterId[],
): Answer<LetterRows> {
  const places = new Map<LetterId, LetterPlaceRow>();
  const summaries = new Map<LetterId, SealedSummaryRow>();
  const calls: JmapCall[] = [];
  for (const chunk of chunks(ids, ROWS_AT_ONCE)) {
    calls.push(['Email/get', { ids: chunk, properties: PLACE_PROPERTIES }]);
  }
  for (const chunk of chunks(summaryIds, ROWS_AT_ONCE)) calls.push(['SealedSummary/get', { ids: chunk }]);
  for (const batch of chunks(calls, CALLS_AT_ONCE)) {
    const answer = await jmap.run(batch);
    if (!answer.ok) return answer;
    for (const [index, result] of answer.value.entries()) {
      if (batch[index]?.[0] === 'Email/get') for (const row of listOf(placeShape, result)) places.set(row.id, row);
      else for (const row of listOf(summaryShape, result)) summaries.set(row.id, row);
    }
  }
  return ok({ places, summaries });
}

/** Sealed summaries with their sealed search words. */
export async function readLetterTerms(jmap: JmapClient, ids: readonly LetterId[]): Answer<readonly SealedSummaryRow[]> {
  const rows: SealedSummaryRow[] = [];
  for (const chunk of chunks(ids, limits.jmap.termsInGet)) {
    const properties = ['id', 'version', 'summary', 'terms'];
    const answer = await jmap.run([['SealedSummary/get', { ids: chunk, properties }]]);
    if (!answer.ok) return answer;
    rows.push(...listOf(summaryShape, answer.value[0]));
  }
  return ok(rows);
}

const ROWS_AT_ONCE = 500;
const CALLS_AT_ONCE = 8;

export function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += size) parts.push(items.slice(at, at + size));
  return parts;
}
