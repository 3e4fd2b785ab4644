// A draft as one sealed item of the collection "drafts": its text, where its files lie, and how far sending it has come.

import * as v from 'valibot';
import { isId, type ItemId, type LetterId } from '#base/ids.ts';
import type { Draft, DraftFile } from '../../writing.ts';
import type { Item } from '../sealed-items.ts';

export const DRAFTS = 'drafts';

const letterId = v.custom<LetterId>((value) => typeof value === 'string' && isId(value));
const person = v.object({ name: v.string(), address: v.string() });
const fileShape = v.object({
  name: v.string(),
  mediaType: v.string(),
  contentId: v.nullable(v.string()),
  sizeBytes: v.number(),
  sha256: v.string(),
});
export type FileMark = Readonly<v.InferOutput<typeof fileShape>>;

const groupShape = v.object({ addresses: v.array(v.string()), isSealed: v.boolean() });
/** Those who get the same bytes: one submission. */
export type Group = Readonly<v.InferOutput<typeof groupShape>>;

const attemptShape = v.object({
  messageId: v.string(),
  dateMs: v.number(),
  /** The Sent copy; also what the submissions of this attempt are counted by. */
  letterId,
  /** Submissions of that copy which were there before this attempt. */
  before: v.number(),
  /** In the order they are handed over, one after the other. */
  groups: v.array(groupShape),
  /** Those an earlier attempt reached. */
  reached: v.array(v.string()),
});
export type Attempt = Readonly<v.InferOutput<typeof attemptShape>>;

const sentShape = v.object({
  submissionIds: v.array(v.string()),
  leavesMs: v.number(),
  isFinal: v.optional(v.boolean()),
  /** The answered letter got its flag by this one. */
  isMarked: v.boolean(),
});

const draftShape = v.object({
  v: v.literal(1),
  identityId: v.string(),
  to: v.array(person),
  cc: v.array(person),
  bcc: v.array(person),
  subject: v.string(),
  plainHtml: v.nullable(v.string()),
  plainText: v.string(),
  answers: v.nullable(v.object({ id: letterId, how: v.picklist(['reply', 'forward']) })),
  savedMs: v.number(),
  /** The sealed letter that holds its files. */
  parts: v.nullable(v.object({ letterId, files: v.array(fileShape) })),
  attempt: v.nullable(attemptShape),
  /** Every group is with the queue; kept as long as it can be taken back. */
  sent: v.nullable(sentShape),
});
export type KeptDraft = Readonly<v.InferOutput<typeof draftShape>>;

export interface DraftItem {
  readonly id: ItemId;
  readonly version: number;
  readonly kept: KeptDraft;
}

export function draftItem({ id, version, plainValue }: Item): DraftItem | undefined {
  const parsed = v.safeParse(draftShape, plainValue);
  return parsed.success ? { id, version, kept: parsed.output } : undefined;
}

/** The words of a draft, without files and without how far it has come. */
export function keptDraft(draft: Draft, savedMs: number): KeptDraft {
  const people = (list: Draft['to']) => list.map(({ name, address }) => ({ name, address }));
  return {
    v: 1,
    identityId: draft.identityId,
    to: people(draft.to),
    cc: people(draft.cc),
    bcc: people(draft.bcc),
    subject: draft.subject,
    plainHtml: draft.plainHtml ?? null,
    plainText: draft.plainText,
    answers: draft.answers ?? null,
    savedMs,
    parts: null,
    attempt: null,
    sent: null,
  };
}

export function draftOf({ id, kept }: DraftItem, files: readonly DraftFile[]): Draft {
  return {
    id,
    identityId: kept.identityId,
    to: kept.to,
    cc: kept.cc,
    bcc: kept.bcc,
    subject: kept.subject,
    plainHtml: kept.plainHtml ?? undefined,
    plainText: kept.plainText,
    files,
    answers: kept.answers ?? undefined,
  };
}
