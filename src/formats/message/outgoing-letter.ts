// What a letter must be before it may leave in somebody's name: one From, a Date, authors that are its sender's own, no Bcc (RFC 5322 §3.6, RFC 6409 §§6, 8).
import { err, ok, type Result } from '#base/result.ts';
import { readLetter, type LetterView } from './letter-view.ts';

export type OutgoingRefusal =
  /** Fields that are missing, twice there, or not readable. */
  | { readonly kind: 'notALetter'; readonly fields: readonly string[] }
  /** From or Sender names somebody else. */
  | { readonly kind: 'foreignAuthor' };

export interface OutgoingLetter {
  /** Without Bcc fields; the same bytes when there were none. */
  readonly bytes: Uint8Array;
  readonly view: LetterView;
}

const CR = 13;
const LF = 10;
const UNSEEN = new Set(['bcc', 'resent-bcc']);

/** `isOwn`: whether an address belongs to the account that sends. */
export function readOutgoing(
  bytes: Uint8Array,
  isOwn: (address: string) => boolean,
): Result<OutgoingLetter, OutgoingRefusal> {
  const view = readLetter(bytes);
  if (!isPlainHeader(view)) return err({ kind: 'notALetter', fields: ['headers'] });
  const fields: string[] = [];
  if (view.findFields('from').length !== 1 || view.from.every(({ address }) => address === '')) fields.push('from');
  if (view.findFields('sender').length > 1) fields.push('sender');
  if (view.findFields('date').length !== 1 || view.date === undefined) fields.push('sentAt');
  if (fields.length > 0) return err({ kind: 'notALetter', fields });
  const authors = [...view.from, ...view.sender];
  if (!authors.every(({ address }) => isOwn(address))) return err({ kind: 'foreignAuthor' });
  return ok({ bytes: withoutBcc(view), view });
}

/**
 * Every byte of the header belongs to a field, and its lines end in LF: where another reader could see other fields than this
 * one (a bare CR, a line that is none, more than the bounds), a second From or a Bcc may stand unseen.
 */
function isPlainHeader({ bytes, fields, bodyOffset, hasHeaderSection, isHeaderCut }: LetterView): boolean {
  if (!hasHeaderSection || isHeaderCut) return false;
  let at = 0;
  for (const { startOffset, endOffset } of fields) {
    if (startOffset !== at) return false;
    at = endOffset;
  }
  const emptyLine = bytes.subarray(at, bodyOffset);
  if (emptyLine.length > 2 || (emptyLine.length === 2 && emptyLine[0] !== CR)) return false;
  for (let cr = bytes.indexOf(CR); cr >= 0 && cr < bodyOffset; cr = bytes.indexOf(CR, cr + 1)) {
    if (bytes[cr + 1] !== LF) return false;
  }
  return true;
}

function withoutBcc({ bytes, fields }: LetterView): Uint8Array {
  const unseen = fields.filter(({ name }) => UNSEEN.has(name));
  if (unseen.length === 0) return bytes;
  const removed = unseen.reduce((sum, { startOffset, endOffset }) => sum + endOffset - startOffset, 0);
  const out = new Uint8Array(bytes.length - removed);
  let from = 0;
  let at = 0;
  for (const { startOffset, endOffset } of unseen) {
    out.set(bytes.subarray(from, startOffset), at);
    at += startOffset - from;
    from = endOffset;
  }
  out.set(bytes.subarray(from), at);
  return out;
}
