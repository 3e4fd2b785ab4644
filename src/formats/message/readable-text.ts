// The words of a letter for snippet and search: its text bodies in order, HTML turned into text, bounded.
import { limits } from '#base/limits.ts';
import type { Bodies } from './bodies.ts';
import { htmlToText } from './html-text.ts';
import { decodeText } from './part-content.ts';

/** At most `limits.message.readableCharacters` characters with LF line ends. */
export function readableText(bytes: Uint8Array, bodies: Bodies): string {
  const parts = bodies.text.length > 0 ? bodies.text : bodies.html;
  const pieces: string[] = [];
  let left: number = limits.message.readableCharacters;
  for (const part of parts) {
    if (left <= 0) break;
    // four encoded bytes a character cover base64 of UTF-8 German or English; a longer tail is left out
    const plainText = decodeText(bytes, part, left * 4);
    const text = part.contentType.mediaType === 'text/html' ? htmlToText(plainText) : plainText;
    const piece = text.slice(0, left);
    pieces.push(piece);
    left -= piece.length;
  }
  const text = pieces.join('\n\n');
  // some mailers send an empty text side beside HTML that says everything
  return text.trim() === '' && parts !== bodies.html ? readableText(bytes, { ...bodies, text: [] }) : text;
}
