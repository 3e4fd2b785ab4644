// A letter as a mail program hands it in → its Sent copy and what leaves: fields added and taken out, signed content untouched (RFC 6409 §§6, 8).

import { newId, type TraceId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import { dateField } from '#formats/compose/field-lines.ts';
import { fieldText, type HeaderField } from '#formats/message/header-fields.ts';
import { readLetter, type LetterView } from '#formats/message/letter-view.ts';
import { readOutgoing } from '#formats/message/outgoing-letter.ts';
import { withCrlf } from '#formats/smtp/line-ends.ts';

export interface HandedIn {
  readonly plainLetter: Uint8Array;
  readonly traceId: TraceId;
  readonly receivedMs: number;
  /** The protocol word of our Received field (RFC 3848, RFC 6531 §4.3). */
  readonly protocol: string;
  readonly domain: string;
  readonly isOwn: (address: string) => boolean;
}

export interface PreparedLetter {
  /** What the client sent, Date and Message-ID in front where they were missing. Bcc stays: only the sender reads it. */
  readonly plainSentCopy: Uint8Array;
  readonly plainLeaving: Uint8Array;
  /** The first address of From. */
  readonly author: string;
  /** Whether the client named the letter itself: only then it can be known again. */
  readonly hasOwnMessageId: boolean;
}

export type PrepareRefusal = { readonly kind: 'bareCr' | 'bareLf' | 'badHeader' | 'foreignAuthor' };

/** What says where and with which program somebody writes. */
const TELLS_OF_CLIENT = new Set([
  'user-agent',
  'x-mailer',
  'x-originating-ip',
  'x-client-ip',
  'x-originating-email',
  'x-php-originating-script',
  'x-authenticated-sender',
  'return-path',
]);
const CRLF = '\r\n';

export function prepareLetter(handed: HandedIn): Result<PreparedLetter, PrepareRefusal> {
  const { plainLetter, isOwn } = handed;
  const bare = findBareLineEnd(plainLetter);
  if (bare !== undefined) return err({ kind: bare });
  const view = readLetter(plainLetter);
  if (!isWhole(view)) return err({ kind: 'badHeader' });
  const plainSentCopy = withFields(missingFields(view, handed), plainLetter);
  const outgoing = readOutgoing(plainSentCopy, isOwn);
  if (!outgoing.ok) return err({ kind: outgoing.error.kind === 'foreignAuthor' ? 'foreignAuthor' : 'badHeader' });
  const hasOwnMessageId = view.findFields('message-id').length === 1;
  const author = view.from[0]?.address ?? '';
  const plainLeaving = withFields(receivedField(handed), withCrlf(cleaned(readLetter(outgoing.value.bytes))));
  return ok({ plainSentCopy, plainLeaving, author, hasOwnMessageId });
}

/** By DATA they never come this far; by BDAT they do, and nothing that leaves may hold one. */
function findBareLineEnd(bytes: Uint8Array): 'bareCr' | 'bareLf' | undefined {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) if (bytes[at - 1] !== 13) return 'bareLf';
  for (let at = bytes.indexOf(13); at >= 0; at = bytes.indexOf(13, at + 1)) if (bytes[at + 1] !== 10) return 'bareCr';
  return undefined;
}

/** Nothing between the fields that another reader could take for the end of the header, and authors that can be read in one way only. */
function isWhole(view: LetterView): boolean {
  const { fields } = view;
  if (fields.length === 0 || fields.some((field, at) => field.startOffset !== (fields[at - 1]?.endOffset ?? 0))) {
    return false;
  }
  if (view.findFields('message-id').length > 1 || view.findFields('date').length > 1) return false;
  const isPlain = (name: string, count: number): boolean =>
    view.findFields(name).every((field) => countAts(fieldText(field)) === count);
  return isPlain('from', view.from.length) && isPlain('sender', view.sender.length);
}

/** The @ outside of quotes and comments: as many as there are addresses, or two readers could find two authors. */
function countAts(text: string): number {
  let plain = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
  for (let before = ''; before !== plain;) {
    before = plain;
    plain = plain.replaceAll(/\((?:[^()\\]|\\.)*\)/g, '');
  }
  return plain.split('@').length - 1;
}

function missingFields(view: LetterView, { receivedMs }: HandedIn): string {
  const date = view.findFields('date').length === 0 ? dateField('Date', receivedMs) : '';
  const author = view.from[0]?.address ?? '';
  const id = `Message-ID: <${newId<TraceId>()}@${author.slice(author.lastIndexOf('@') + 1)}>${CRLF}`;
  return date + (view.findFields('message-id').length === 0 ? id : '');
}

/** No `from`: where the letter was written is nobody's business. */
function receivedField({ domain, protocol, traceId, receivedMs }: HandedIn): string {
  const date = dateField('', receivedMs).slice(2).trimEnd();
  return `Received: by ${domain} (Siegel) with ${protocol} id ${traceId};${CRLF} ${date}${CRLF}`;
}

function withFields(fields: string, letter: Uint8Array): Uint8Array {
  if (fields === '') return letter;
  const head = new TextEncoder().encode(fields);
  const whole = new Uint8Array(head.length + letter.length);
  whole.set(head, 0);
  whole.set(letter, head.length);
  return whole;
}

/** Without what tells of the client, and Date in UTC. A letter that its program signed leaves as it came. */
function cleaned(view: LetterView): Uint8Array {
  if (view.findFields('dkim-signature').length > 0) return view.bytes;
  const { mediaType } = view.contentType;
  const isSealed = /^multipart\/(?:signed|encrypted)$|^application\/(?:x-)?pkcs7-mime$/.test(mediaType);
  const edits = view.fields.flatMap((field): readonly Edit[] => {
    if (TELLS_OF_CLIENT.has(field.name) || isForeignHop(field)) return [{ field, text: '' }];
    if (field.name !== 'date' || isSealed || view.date === undefined || view.date.zoneMinutes === 0) return [];
    return [{ field, text: dateField('Date', view.date.atMs) }];
  });
  return applyEdits(view.bytes, edits);
}

/** Hops that name a client. Our own without one stay, so that a letter that goes round is noticed. */
function isForeignHop({ name, rawValue }: HeaderField): boolean {
  return name === 'received' && !/^\s*by\s/i.test(rawValue);
}

interface Edit {
  readonly field: HeaderField;
  readonly text: string;
}

function applyEdits(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const { field, text } of edits) {
    pieces.push(bytes.subarray(from, field.startOffset), new TextEncoder().encode(text));
    from = field.endOffset;
  }
  if (from === 0) return bytes;
  pieces.push(bytes.subarray(from));
  return Buffer.concat(pieces);
}
