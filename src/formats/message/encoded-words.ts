// Encoded words in header text → text (RFC 2047, with the language suffix of RFC 2231 §5).
import { binaryBytes, decodeCharset } from './charset.ts';
import { decodeBase64, decodeQ } from './transfer-encoding.ts';

type Word = { readonly charset: string; readonly bytes: Uint8Array; readonly end: number };

/**
 * Decodes every encoded word of `text`; what is not one stays as it is. White space between two encoded words
 * is dropped, and neighbours of one charset are joined before decoding, since mailers cut within characters.
 */
export function decodeEncodedWords(text: string): string {
  let start = text.indexOf('=?');
  if (start < 0) return text;
  const pieces: string[] = [];
  const run = new WordRun();
  const lastEnd = text.lastIndexOf('?='); // without an end ahead no try is worth its time
  let plainFrom = 0;
  while (start >= 0 && start < lastEnd) {
    const word = readWord(text, start, lastEnd);
    if (!word) {
      start = text.indexOf('=?', start + 1);
      continue;
    }
    const between = text.slice(plainFrom, start);
    if (run.isEmpty || between.trim() !== '') pieces.push(run.take(), between);
    run.add(word, pieces);
    plainFrom = word.end;
    start = text.indexOf('=?', word.end);
  }
  pieces.push(run.take(), text.slice(plainFrom));
  return pieces.join('');
}

/** Neighbouring encoded words of one charset. */
class WordRun {
  #charset = '';
  #chunks: Uint8Array[] = [];

  get isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  add(word: Word, pieces: string[]): void {
    if (!this.isEmpty && word.charset !== this.#charset) pieces.push(this.take());
    this.#charset = word.charset;
    this.#chunks.push(word.bytes);
  }

  take(): string {
    if (this.isEmpty) return '';
    const text = decodeCharset(joinBytes(this.#chunks), this.#charset);
    this.#chunks = [];
    return text;
  }
}

/** The encoded word at `start`, if there is one. Each failed try ends at a "?", so tries do not overlap. */
function readWord(text: string, start: number, lastEnd: number): Word | undefined {
  const charsetEnd = text.indexOf('?', start + 2);
  if (charsetEnd < 0 || charsetEnd === start + 2 || charsetEnd - start > 80) return undefined;
  if (text.charCodeAt(charsetEnd + 2) !== 63) return undefined;
  const encoding = text.charAt(charsetEnd + 1).toLowerCase();
  if (encoding !== 'b' && encoding !== 'q') return undefined;
  const payloadStart = charsetEnd + 3;
  const charset = (text.slice(start + 2, charsetEnd).split('*', 1)[0] ?? '').toLowerCase();
  if (/[\s"<>]/.test(charset) || payloadStart > lastEnd) return undefined;
  const payloadEnd = text.indexOf('?=', payloadStart);
  const payload = binaryBytes(text.slice(payloadStart, payloadEnd));
  return { charset, bytes: encoding === 'b' ? decodeBase64(payload) : decodeQ(payload), end: payloadEnd + 2 };
}

export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0]) return chunks[0];
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}
