// What a page needs to show a letter: its HTML or text decoded, images by Content-ID, the files beside it.
import { type Attachment, listAttachments } from './bodies.ts';
import { htmlToText } from './html-text.ts';
import type { LetterView } from './letter-view.ts';
import { decodePart, decodeText } from './part-content.ts';
import type { Part } from './parts.ts';

export type LetterDisplay = {
  /** As the letter brings it: hostile until it was sanitised. Undefined when the letter has no HTML. */
  readonly html: string | undefined;
  /** Undefined when the letter has no plain text. */
  readonly text: string | undefined;
  /** Content-ID without brackets → image, for `cid:` addresses in the HTML. */
  readonly images: ReadonlyMap<string, Attachment>;
  /** Files to list, without images the HTML refers to. */
  readonly attachments: readonly Attachment[];
};

/** Text parts are joined in order; text among HTML is escaped, HTML among text is read out: both hold the whole letter. */
export function makeDisplay(bytes: Uint8Array, view: LetterView): LetterDisplay {
  const { bodies } = view;
  const hasHtml = bodies.html.some(isHtml);
  const html = hasHtml
    ? bodies.html.map((part) => (isHtml(part) ? decodeText(bytes, part) : asHtml(bytes, part))).join('\n')
    : undefined;
  const hasText = bodies.text.some((part) => !isHtml(part));
  const text = hasText
    ? bodies.text
        .map((part) => (isHtml(part) ? htmlToText(decodeText(bytes, part)) : decodeText(bytes, part)))
        .join('\n')
    : undefined;
  const ids = namedIds(html);
  const images = new Map<string, Attachment>();
  const attachments: Attachment[] = [];
  for (const attachment of listAttachments(bodies)) {
    const id = attachment.contentId;
    const isShown = id !== undefined && attachment.type.startsWith('image/') && ids.has(id);
    if (isShown && !images.has(id)) images.set(id, attachment);
    if (!isShown) attachments.push(attachment);
  }
  return { html, text, images, attachments };
}

/** The bytes of an attachment, as the sender had them. */
export function attachmentBytes(bytes: Uint8Array, attachment: Attachment): Uint8Array {
  return decodePart(bytes, attachment.part);
}

function isHtml(part: Part): boolean {
  return part.contentType.mediaType === 'text/html';
}

function asHtml(bytes: Uint8Array, part: Part): string {
  const escaped = decodeText(bytes, part).replace(/[&<>"]/g, (character) => ESCAPES.get(character) ?? character);
  return `<div style="white-space: pre-wrap">${escaped}</div>`;
}

const ESCAPES = new Map(Object.entries({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }));

/** Every Content-ID the HTML names, as written and with %-escapes undone (RFC 2392). */
function namedIds(html: string | undefined): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const match of (html ?? '').matchAll(/\bcid:([^\s"'<>)]{1,998})/gi)) {
    const id = match[1] ?? '';
    ids.add(id);
    ids.add(id.replaceAll('&amp;', '&'));
    ids.add(unescaped(id));
  }
  return ids;
}

function unescaped(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id; // a lone "%" is itself
  }
}
