// A row of the list: place and flags from the server, everything a person reads from the opened summary.

import * as v from 'valibot';
import { parseId, type MailboxId } from '#base/ids.ts';
import { isOwnLetter, type OpenedSummary } from '#vault/sealing/client/open-summary.ts';
import type { ListRow, Person, Sign } from '../backend.ts';
import type { LetterPlaceRow } from './mail-reads.ts';
import type { ThreadFacts } from './thread.ts';

const person = v.object({ name: v.fallback(v.string(), ''), address: v.fallback(v.string(), '') });

/** Facts as formats/message makes them; what is missing is empty. `sign` stands in rebuilt summaries only. */
const factsShape = v.object({
  from: v.fallback(v.array(person), []),
  to: v.fallback(v.array(person), []),
  subject: v.fallback(v.string(), ''),
  snippet: v.fallback(v.string(), ''),
  sizeBytes: v.fallback(v.number(), 0),
  attachments: v.fallback(v.array(v.unknown()), []),
  sign: v.fallback(v.optional(v.picklist(['end-to-end', 'encrypted', 'on-arrival'])), undefined),
  messageId: v.fallback(v.nullable(v.string()), null),
  inReplyTo: v.fallback(v.array(v.string()), []),
  references: v.fallback(v.array(v.string()), []),
});
export type RowFacts = v.InferOutput<typeof factsShape>;

const NO_FACTS: RowFacts = {
  from: [],
  to: [],
  subject: '',
  snippet: '',
  sizeBytes: 0,
  attachments: [],
  sign: undefined,
  messageId: null,
  inReplyTo: [],
  references: [],
};

export function factsOf(opened: OpenedSummary): RowFacts {
  const parsed = v.safeParse(factsShape, opened.summary.facts);
  return parsed.success ? parsed.output : NO_FACTS;
}

export function threadFactsOf(opened: OpenedSummary): ThreadFacts {
  const { messageId, inReplyTo, references } = factsOf(opened);
  const answered = inReplyTo.filter((name) => !references.includes(name));
  return { messageId: messageId ?? undefined, references: [...references, ...answered] };
}

/** Only the reader's own client, after opening the letter, says end-to-end: a summary of the door cannot. */
export function signOf(opened: OpenedSummary): Sign {
  if (opened.kind === 'outer') return 'encrypted';
  if (isOwnLetter(opened)) return factsOf(opened).sign ?? 'on-arrival';
  return opened.kind === 'rebuilt' ? (factsOf(opened).sign ?? 'encrypted') : 'on-arrival';
}

/** `opened` undefined: altered in storage. */
export function listRow(place: LetterPlaceRow, opened: OpenedSummary | undefined): ListRow {
  const facts = opened ? factsOf(opened) : NO_FACTS;
  const people = (list: RowFacts['from']): readonly Person[] => list;
  return {
    id: place.id,
    mailboxIds: mailboxIdsOf(place),
    keywords: Object.keys(place.keywords),
    from: people(facts.from),
    to: people(facts.to),
    subject: facts.subject,
    snippet: facts.snippet,
    receivedMs: opened?.summary.receivedMs ?? Date.parse(place.receivedAt),
    sizeBytes: facts.sizeBytes || place.size,
    attachmentsCount: facts.attachments.length,
    sign: opened ? signOf(opened) : 'on-arrival',
    expiresMs: undefined,
    altered: opened === undefined,
    threadCount: 1,
  };
}

export function mailboxIdsOf(place: LetterPlaceRow): readonly MailboxId[] {
  return Object.keys(place.mailboxIds)
    .map((id) => parseId<MailboxId>(id))
    .filter((id) => id !== undefined);
}
