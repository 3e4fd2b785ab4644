// A letter that came to the desk, read for people: its own encryption opened too where this account can; nothing of it is drawn, all is text.

import type { CaseFile } from '#formats/desk/case-file.ts';
import { listAttachments } from '#formats/message/bodies.ts';
import { readLetter, type LetterView } from '#formats/message/letter-view.ts';
import { decodePart, decodeText } from '#formats/message/part-content.ts';
import { findInnerLayer, openInner } from '#vault/sealing/client/open-inner.ts';
import type { Keyring } from '#vault/sealing/client/keyring.ts';
import type { PlainDocument, PlainLetter } from '../../desk-work.ts';

/** Under this name the house seals a letter; before its own fields stands what the door found out about its origin. */
const LETTER_FILE = 'letter.eml';
const TEXT_CHARACTERS = 200_000;

export async function plainDocument(
  { name, bytes }: CaseFile['documents'][number],
  keyring: Keyring,
): Promise<PlainDocument> {
  const own = Uint8Array.from(bytes);
  if (name !== LETTER_FILE) return { name, bytes: own };
  return { name, bytes: own, letter: await plainLetter(own, keyring) };
}

async function plainLetter(bytes: Uint8Array<ArrayBuffer>, keyring: Keyring): Promise<PlainLetter> {
  const outer = readLetter(bytes);
  const layer = findInnerLayer(bytes);
  const opened = layer && (await openInner(layer, keyring));
  const content = opened === undefined ? outer : entityOf(opened.plainInner, layer?.isEntity === true);
  return {
    from: outer.from.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(', '),
    // what is inside the seal is what its author wrote; the outer one may say anything
    subject: content.subject === '' ? outer.subject : content.subject,
    dateMs: outer.date?.atMs,
    origin: originOf(outer),
    seal: layer === undefined ? 'none' : opened === undefined ? 'closed' : 'opened',
    text: layer !== undefined && opened === undefined ? '' : textOf(content),
    files: layer !== undefined && opened === undefined ? [] : filesOf(content),
  };
}

/** Text alone has no fields of its own. */
function entityOf(plainInner: Uint8Array, isEntity: boolean): LetterView {
  return readLetter(isEntity ? plainInner : Uint8Array.from([13, 10, ...plainInner]));
}

/** By the first such field: the house puts its own before everything else. */
function originOf(view: LetterView): PlainLetter['origin'] {
  const [dmarc] = /\bdmarc=[a-z]+/.exec(view.findText('authentication-results') ?? '') ?? [];
  if (dmarc === undefined) return 'unasked';
  return dmarc === 'dmarc=pass' ? 'proven' : 'unproven';
}

function textOf(view: LetterView): string {
  const parts = view.bodies.text.map((part) =>
    part.contentType.mediaType === 'text/html' ? view.readableText : decodeText(view.bytes, part),
  );
  return parts.join('\n\n').trim().slice(0, TEXT_CHARACTERS);
}

function filesOf(view: LetterView): readonly PlainDocument[] {
  return listAttachments(view.bodies).map(({ name, part }, at) => ({
    name: name === '' ? `${at + 1}` : name,
    bytes: Uint8Array.from(decodePart(view.bytes, part)),
  }));
}
