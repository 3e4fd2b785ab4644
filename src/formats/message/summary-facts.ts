// What a list of letters needs to know of one letter, bounded so that its canonical JSON stays small (RFC 5322 §3.6).
import { limits } from '#base/limits.ts';
import type { Address } from './addresses.ts';
import { listAttachments } from './bodies.ts';
import { type LetterView, oneLine } from './letter-view.ts';
import { snippetOf } from './snippet.ts';

export type AttachmentFacts = { readonly name: string; readonly type: string; readonly sizeBytes: number };

/** Plain JSON: every text is well-formed, every list bounded. */
export type SummaryFacts = {
  readonly from: readonly Address[];
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly subject: string;
  /** At most 110 characters; quoted text and signature left out where anything else is there. */
  readonly snippet: string;
  /** What the Date field says; null when it says nothing. */
  readonly dateMs: number | null;
  readonly sizeBytes: number;
  /** Files to list; images shown within the text are left out. */
  readonly attachments: readonly AttachmentFacts[];
  readonly messageId: string | null;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly listUnsubscribe: string | null;
  /** The list takes a one-click POST (RFC 8058). */
  readonly isOneClickUnsubscribe: boolean;
};

/** Facts of a letter as it is: for end-to-end letters subject and snippet are those of the outer letter. */
export function makeSummaryFacts(bytes: Uint8Array, view: LetterView): SummaryFacts {
  const { summaryAddressesMax, summaryReferencesMax, listUnsubscribeCharacters } = limits.message;
  const unsubscribe = view.listUnsubscribe;
  return withinBytes({
    from: shortAddresses(view.from, summaryAddressesMax),
    to: shortAddresses(view.to, summaryAddressesMax),
    cc: shortAddresses(view.cc, summaryAddressesMax),
    subject: view.subject,
    snippet: snippetOf(view.readableText),
    dateMs: view.date?.atMs ?? null,
    sizeBytes: bytes.length,
    attachments: attachmentFacts(view),
    messageId: view.messageId ?? null,
    inReplyTo: view.inReplyTo.slice(0, 5),
    references: view.references.slice(-summaryReferencesMax),
    // a cut address list would name another address: too long is none
    listUnsubscribe:
      unsubscribe === undefined || unsubscribe.length > listUnsubscribeCharacters ? null : unsubscribe.toWellFormed(),
    isOneClickUnsubscribe: /List-Unsubscribe=One-Click/i.test(view.listUnsubscribePost ?? ''),
  });
}

function shortAddresses(addresses: readonly Address[], itemsMax: number): readonly Address[] {
  return addresses.slice(0, itemsMax).map(({ name, address }) => ({ name, address }));
}

function attachmentFacts(view: LetterView): readonly AttachmentFacts[] {
  return listAttachments(view.bodies)
    .filter((attachment) => !attachment.isInline)
    .slice(0, limits.message.summaryAttachmentsMax)
    .map(({ name, type, sizeBytes }) => ({ name, type: oneLine(type, 100), sizeBytes }));
}

/** Halves the lists until the JSON fits; single texts are bounded already. */
function withinBytes(facts: SummaryFacts): SummaryFacts {
  let bounded = facts;
  for (let itemsMax: number = limits.message.summaryAddressesMax; itemsMax >= 1; itemsMax = Math.floor(itemsMax / 2)) {
    // three bytes of UTF-8 for each UTF-16 unit at most, in texts; a cheap upper estimate comes first
    if (JSON.stringify(bounded).length * 3 <= limits.message.summaryBytes) return bounded;
    if (new TextEncoder().encode(JSON.stringify(bounded)).length <= limits.message.summaryBytes) return bounded;
    bounded = {
      ...bounded,
      from: bounded.from.slice(0, itemsMax),
      to: bounded.to.slice(0, itemsMax),
      cc: bounded.cc.slice(0, itemsMax),
      attachments: bounded.attachments.slice(0, itemsMax),
      inReplyTo: bounded.inReplyTo.slice(0, itemsMax),
      references: bounded.references.slice(-itemsMax),
    };
  }
  return bounded;
}
