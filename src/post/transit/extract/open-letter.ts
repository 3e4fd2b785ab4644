// A letter taken apart: its attachments, and the letter itself with their places left empty, so that no word of it is lost.

import { unreachable } from '#base/assert.ts';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { bestBodies } from '#formats/message/bodies.ts';
import { cryptoShape } from '#formats/message/crypto-shape.ts';
import { type LetterView, readLetter } from '#formats/message/letter-view.ts';
import { decodePart, fileNameOf } from '#formats/message/part-content.ts';
import { everyPart, type Part } from '#formats/message/parts.ts';
import type { KeepReason } from '../contract.ts';
import type { Budget } from './budget.ts';

export interface OpenedLetter {
  readonly attachments: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** The letter's own bytes without what the attachments hold; undefined: it has none, and is what it was. */
  readonly rest: Uint8Array | undefined;
}

type LetterRefusal = { readonly kind: KeepReason };

/** Smaller pictures that the text shows are logos and signs: they stay where they are. */
export const SHOWN_BYTES_MAX = 20 * 1024;

/** A signed or encrypted letter is not taken apart: `signed`, `encrypted`. */
export function openLetter(bytes: Uint8Array, budget: Budget): Result<OpenedLetter, LetterRefusal> {
  const view = readLetter(bytes);
  const refusal = judge(bytes, view);
  if (refusal !== undefined) return err({ kind: refusal });
  const parts = bestBodies(view.root).attachments.filter((part) => !isShownInText(part));
  if (parts.length === 0) return ok({ attachments: [], rest: undefined });
  const attachments = parts.map((part) => ({ name: nameOf(part), bytes: contentOf(bytes, part) }));
  const spent = budget.spend(
    attachments.length,
    attachments.reduce((sum, attachment) => sum + attachment.bytes.length, 0),
  );
  return spent === undefined ? ok({ attachments, rest: without(bytes, parts) }) : err({ kind: spent });
}

function judge(bytes: Uint8Array, view: LetterView): KeepReason | undefined {
  const parts = [...everyPart(view.root)];
  if (view.isHeaderCut) return 'damaged';
  // beyond the bound the reader runs parts together
  if (parts.length >= limits.message.mimePartsMax) return 'tooManyEntries';
  if (parts.some(({ contentType }) => contentType.mediaType === 'multipart/signed')) return 'signed';
  const shape = cryptoShape(bytes, view);
  switch (shape) {
    case 'pgpSigned':
    case 'smimeSigned':
      return 'signed';
    case 'pgpMime':
    case 'pgpInline':
    case 'smimeEncrypted':
      return 'encrypted';
    case 'clear':
    case 'fakeEncrypted':
      return undefined;
    default:
      return unreachable(shape);
  }
}

function isShownInText(part: Part): boolean {
  return (
    part.contentType.type === 'image' &&
    part.contentId !== undefined &&
    part.disposition?.kind !== 'attachment' &&
    part.endOffset - part.bodyOffset <= SHOWN_BYTES_MAX
  );
}

function isLetter(part: Part): boolean {
  return part.contentType.mediaType === 'message/rfc822' || part.contentType.mediaType === 'message/global';
}

function nameOf(part: Part): string {
  const name = fileNameOf(part);
  if (name !== '') return name;
  return isLetter(part) ? 'letter.eml' : 'attachment';
}

/** A copy: a view would hold the whole letter in memory as long as the smallest attachment lives. */
function contentOf(bytes: Uint8Array, part: Part): Uint8Array {
  return decodePart(bytes, part).slice();
}

/** Parts never overlap; they stand in the order of the letter or, beside alternatives, are sorted into it. */
function without(bytes: Uint8Array, parts: readonly Part[]): Uint8Array {
  const gone = parts.toSorted((left, right) => left.bodyOffset - right.bodyOffset);
  const rest = new Uint8Array(bytes.length - gone.reduce((sum, part) => sum + part.endOffset - part.bodyOffset, 0));
  let [from, to] = [0, 0];
  for (const { bodyOffset, endOffset } of gone) {
    rest.set(bytes.subarray(from, bodyOffset), to);
    to += bodyOffset - from;
    from = endOffset;
  }
  rest.set(bytes.subarray(from), to);
  return rest;
}
