// Which parts are the text to read, which the HTML to show, which are attachments (the algorithm of RFC 8621 §4.1.4).
import { limits } from '#base/limits.ts';
import { fileNameOf } from './part-content.ts';
import type { Part } from './parts.ts';

export type Bodies = {
  /** To be shown one after the other where text is wanted. */
  readonly text: readonly Part[];
  readonly html: readonly Part[];
  /** Everything else, inline images of the HTML among them. */
  readonly attachments: readonly Part[];
};

export type Attachment = {
  readonly name: string;
  /** Lower-case media type. */
  readonly type: string;
  /** Size once decoded; computed from the encoded length, so off by a few bytes. */
  readonly sizeBytes: number;
  readonly contentId: string | undefined;
  /** Shown within the text, not in the list. */
  readonly isInline: boolean;
  readonly part: Part;
};

/** The attachments of a letter, bounded. */
export function listAttachments(bodies: Bodies): readonly Attachment[] {
  return bodies.attachments.slice(0, limits.message.attachmentsMax).map((part) => ({
    name: fileNameOf(part),
    type: part.contentType.mediaType,
    sizeBytes: decodedSize(part),
    contentId: part.contentId,
    isInline: isInlineImage(part) && bodies.html.length > 0,
    part,
  }));
}

/** Only images: mailers give a Content-ID to files as well. */
function isInlineImage(part: Part): boolean {
  return part.contentType.type === 'image' && part.contentId !== undefined && part.disposition?.kind !== 'attachment';
}

/** Undefined: within this branch the parts of that kind are spoken for by the other side of an alternative. */
type Lists = { text: Part[] | undefined; html: Part[] | undefined; attachments: Part[] };

/** Sorts the leaves of a tree. A multipart in which no part was found is read as text, so that nothing is hidden. */
export function bestBodies(root: Part): Bodies {
  const bodies = { text: [], html: [], attachments: [] };
  sortParts([root], { multipart: 'mixed', isInAlternative: false }, bodies);
  return bodies;
}

type Place = { readonly multipart: string; readonly isInAlternative: boolean };

function sortParts(parts: readonly Part[], place: Place, given: Lists): void {
  const lists = { ...given };
  const textBefore = lists.text?.length ?? 0;
  const htmlBefore = lists.html?.length ?? 0;
  for (const [index, part] of parts.entries()) {
    if (part.children.length > 0) {
      const { subtype } = part.contentType;
      const inside = { multipart: subtype, isInAlternative: place.isInAlternative || subtype === 'alternative' };
      sortParts(part.children, inside, lists);
    } else if (isBodyPart(part, index, place.multipart)) sortBody(part, place, lists);
    else lists.attachments.push(part);
  }
  if (place.multipart !== 'alternative' || !lists.text || !lists.html) return;
  // one side of an alternative is missing: the other stands for it
  const hasText = lists.text.length > textBefore;
  const hasHtml = lists.html.length > htmlBefore;
  if (!hasText && hasHtml) lists.text.push(...lists.html.slice(htmlBefore));
  if (!hasHtml && hasText) lists.html.push(...lists.text.slice(textBefore));
}

function sortBody(part: Part, place: Place, lists: Lists): void {
  const isHtml = part.contentType.mediaType === 'text/html';
  if (place.multipart === 'alternative') {
    if (isHtml) lists.html?.push(part);
    else lists.text?.push(part);
    return;
  }
  if (place.isInAlternative) {
    if (isHtml) lists.text = undefined;
    else lists.html = undefined;
  }
  lists.text?.push(part);
  lists.html?.push(part);
}

function isBodyPart(part: Part, index: number, multipart: string): boolean {
  const { type, mediaType } = part.contentType;
  if (type === 'multipart') return true; // no child was found: its bytes are shown as text
  if (part.disposition?.kind === 'attachment') return false;
  if (mediaType !== 'text/plain' && mediaType !== 'text/html' && mediaType !== 'text/enriched') return false;
  return index === 0 || (multipart !== 'related' && fileNameOf(part) === '');
}

function decodedSize(part: Part): number {
  const encoded = part.endOffset - part.bodyOffset;
  if (part.encoding !== 'base64') return encoded;
  return Math.max(0, Math.floor(((encoded - (encoded / 78) * 2) * 3) / 4));
}
