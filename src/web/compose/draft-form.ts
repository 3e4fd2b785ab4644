// Between what the composer holds and the draft that is kept or sent; the quote of an answer is found again at its end. Pure.

import type { Draft } from '../writing.ts';
import type { ComposeFile, Composing, Quote, Written } from './compose-state.ts';

/** Only files that are read belong to it. */
export function draftOf(composing: Composing, written: Written): Draft {
  const { quote, people, files } = composing;
  const join = (text: string, more: string): string => (text.trim() === '' ? `\n\n${more}` : `${text}\n\n${more}`);
  return {
    id: composing.draftId,
    identityId: composing.identityId,
    to: people.to,
    cc: people.cc,
    bcc: people.bcc,
    subject: composing.subject,
    plainHtml: written.plainHtml === undefined ? undefined : written.plainHtml + (quote?.plainHtml ?? ''),
    plainText: quote ? join(written.plainText, quote.plainText) : written.plainText,
    files: files.flatMap(({ name, mediaType, bytes, contentId }) =>
      bytes ? [{ name, mediaType, bytes, contentId }] : [],
    ),
    answers: composing.answers,
  };
}

/** A plain draft's own text, and the quote at its end: lines behind ">" with their introduction. */
export function withoutQuote(plainText: string): { readonly plainText: string; readonly quote: Quote | undefined } {
  const lines = plainText.trimEnd().split('\n');
  let from = lines.length;
  while (from > 0 && (lines[from - 1] ?? '').startsWith('>')) from--;
  const isIntroduced = from < lines.length && (lines[from - 1] ?? '').trim() !== '';
  if (!isIntroduced) return { plainText, quote: undefined };
  const before = lines.slice(0, from - 1).join('\n');
  const quoted = lines.slice(from - 1).join('\n');
  return { plainText: before.trimEnd(), quote: { plainHtml: '', plainText: quoted } };
}

export function filesOf(draft: Draft, key: () => number): readonly ComposeFile[] {
  return draft.files.map((file) => ({ ...file, key: key(), sizeBytes: file.bytes.length, readShare: 1 }));
}
