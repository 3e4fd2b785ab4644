// The visible letters of reports as a Type 3 font: outlines as operators of the page, so nothing but the file itself is needed (ISO 32000-1 §9.6.5).

import { latin1, ref, type ObjectNumber, type PdfFile } from './pdf-file.ts';
import { PUBLIC_SANS } from './public-sans.ts';
import { unicodeMap } from './unicode-map.ts';

export interface ReportFont {
  /** One byte a letter, as a PDF string. */
  readonly code: (text: string) => string;
  readonly number: ObjectNumber;
}

const UNITS = 1000;
const FALLBACK = '?';
/** Letters that do not come apart into a letter and a mark, and signs that are understood in others. */
const PLAIN: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  '→': '->',
  '≤': '<=',
  '≥': '>=',
  '\u2212': '–',
  '\u2011': '-',
  '\u00a0': ' ',
  '\u202f': ' ',
};

/** In sizes of the font. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of drawable(text)) width += PUBLIC_SANS[letter]?.width ?? 0;
  return width / UNITS;
}

export function putReportFont(file: PdfFile, texts: readonly string[]): ReportFont {
  const used = [...new Set(texts.flatMap((text) => Array.from(drawable(text))))].toSorted();
  const codes = new Map(used.map((letter, index) => [letter, index + 1]));
  const outlines = used.map((letter) => {
    const { width, path } = PUBLIC_SANS[letter] ?? { width: 0, path: '' };
    // d1: the shape has no colour of its own; its box may be generous.
    return file.putStream('', latin1(`${width} 0 -250 -300 1400 1100 d1\n${path}${path === '' ? '' : ' f'}`), 'packed');
  });
  const names = used.map((_, index) => `/g${index + 1}`);
  const toUnicode = file.putStream('', latin1(unicodeMap(used, 2)), 'packed');
  const number = file.put(
    `<</Type/Font/Subtype/Type3/Name/R/FontBBox[-250 -300 1400 1100]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 1/LastChar ${used.length}` +
      `/Widths[${used.map((letter) => PUBLIC_SANS[letter]?.width ?? 0).join(' ')}]` +
      `/Encoding<</Type/Encoding/Differences[1${names.join('')}]>>` +
      `/CharProcs<<${outlines.map((outline, index) => `${names[index] ?? ''} ${ref(outline)}`).join('')}>>` +
      `/Resources<<>>/ToUnicode ${ref(toUnicode)}>>`,
  );
  const code = (text: string): string =>
    `<${Array.from(drawable(text))
      .map((letter) => (codes.get(letter) ?? 0).toString(16).padStart(2, '0'))
      .join('')}>`;
  return { number, code };
}

/** The text in letters that the font has; there are fewer than 255 of them. */
function drawable(text: string): string {
  let drawn = '';
  for (const letter of text.normalize('NFC')) {
    const simple = PUBLIC_SANS[letter] ? letter : (PLAIN[letter] ?? letter.normalize('NFKD').replace(/\p{M}/gu, ''));
    for (const part of simple) drawn += PUBLIC_SANS[part] ? part : FALLBACK;
  }
  return drawn;
}
