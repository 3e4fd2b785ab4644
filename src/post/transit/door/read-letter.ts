// A letter as it came → its author and its documents, or why it is not worked on: automatic, encrypted, empty, not to be taken apart, without one author (RFC 3834, RFC 2369).

import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import { formatAddress, normaliseAddress, parseAddress } from '#formats/smtp/address.ts';
import { listAttachments } from '#formats/message/bodies.ts';
import { cryptoShape } from '#formats/message/crypto-shape.ts';
import { readLetter, type LetterView } from '#formats/message/letter-view.ts';
import { decodePart } from '#formats/message/part-content.ts';
import { everyPart, type Part } from '#formats/message/parts.ts';
import type { SentFile } from '../contract.ts';
import type { Language, TransitLetter } from '../control/transit-letter.ts';
import { guessLanguage } from '../report/guess-language.ts';

export type ReadRefusal = {
  readonly kind: 'badHeader' | 'transitAutomatic' | 'transitEncrypted' | 'transitTangled' | 'transitNoFiles';
};

export type ReadTransit = Pick<
  TransitLetter,
  'sender' | 'messageId' | 'plainSubject' | 'plainBody' | 'files' | 'language'
>;

export function readTransitLetter(plainLetter: Uint8Array): Result<ReadTransit, ReadRefusal> {
  const view = readLetter(plainLetter);
  const author = authorOf(view);
  if (author === undefined || view.isHeaderCut) return err({ kind: 'badHeader' });
  if (isAutomatic(view)) return err({ kind: 'transitAutomatic' });
  const shape = cryptoShape(plainLetter, view);
  if (shape === 'pgpMime' || shape === 'pgpInline' || shape === 'smimeEncrypted')
    return err({ kind: 'transitEncrypted' });
  if (mayHideParts(view)) return err({ kind: 'transitTangled' });
  const files = filesOf(plainLetter, view);
  if (files.length === 0) return err({ kind: 'transitNoFiles' });
  return ok({
    sender: author,
    messageId: view.messageId ?? '',
    plainSubject: view.subject,
    plainBody: plainLetter.subarray(view.bodyOffset),
    files,
    language: languageOf(view),
  });
}

/** The one address of the one From: the answer goes there. */
function authorOf(view: LetterView): string | undefined {
  const [author] = view.from;
  if (author === undefined || view.from.length !== 1 || view.findFields('from').length !== 1) return undefined;
  const address = parseAddress(author.address);
  return address.ok ? formatAddress(normaliseAddress(address.value)) : undefined;
}

const LIST_FIELDS = ['list-id', 'list-post', 'list-unsubscribe', 'list-help', 'mailing-list'];

function isAutomatic(view: LetterView): boolean {
  if (view.autoSubmitted !== 'no') return true;
  if (LIST_FIELDS.some((name) => view.findFields(name).length > 0)) return true;
  return ['bulk', 'list', 'junk', 'auto_reply'].includes(view.precedence?.trim().toLowerCase() ?? '');
}

/** Beyond its bounds the reader runs parts together: what was in them would be missing from what goes back, and nobody told. */
function mayHideParts({ root }: LetterView): boolean {
  const parts = [...everyPart(root)];
  const isUnopened = ({ contentType, children, bodyOffset, endOffset }: Part): boolean =>
    contentType.type === 'multipart' && children.length === 0 && endOffset > bodyOffset;
  return parts.length >= limits.message.mimePartsMax || parts.some(isUnopened);
}

/** A smaller picture that the text shows is a logo or a sign; a larger one is a photo of a page. */
const SHOWN_BYTES_MAX = 20 * 1024;
/** No logo comes as one of these, but a fax of a page does, and is as small. */
const PAPER_TYPES: ReadonlySet<string> = new Set(['image/tiff', 'image/heic', 'image/heif']);

/** What stands beside the text; the signature of a signed letter covers the letter, and says nothing about a document. */
function filesOf(plainLetter: Uint8Array, view: LetterView): readonly SentFile[] {
  return listAttachments(view.bodies)
    .filter(
      ({ isInline, part, type, sizeBytes }) =>
        !(isInline && sizeBytes < SHOWN_BYTES_MAX && !PAPER_TYPES.has(type)) && !isLetterSignature(view, part),
    )
    .map(({ name, part }) => ({
      name: name === '' ? nameFor(part) : name,
      bytes: decodePart(plainLetter, part).slice(),
    }));
}

function isLetterSignature(view: LetterView, part: Part): boolean {
  return view.root.contentType.mediaType === 'multipart/signed' && view.root.children[1] === part;
}

function nameFor({ contentType }: Part): string {
  return contentType.mediaType.startsWith('message/') ? 'letter.eml' : 'document';
}

function languageOf(view: LetterView): Language {
  const named = view.findText('content-language') ?? view.findText('accept-language') ?? '';
  if (/^\s*de\b/i.test(named)) return 'de';
  return guessLanguage(`${view.subject} ${view.readableText}`);
}
