// Operators that lay unseen words over their picture: one line of text, one start, each word and each gap stretched to its width.

import { GLYPH_WIDTH, type GlyphlessFont } from './glyphless-font.ts';
import type { PdfPage, PdfWord } from './pages.ts';
import { short } from './pdf-file.ts';

/** Name of the font among the page's resources. */
export const TEXT_FONT = 'T';

const SIZE_MIN_PT = 2;
const SIZE_OF_HEIGHT = 1; // ascender to descender of a line is about its size
const STRETCH_MIN = 1; // per cent
const GAP_SHARE = 0.25; // of a letter's width, where words touch
const FULL_EXTENT = 0.93; // of the size, from tall letters to those that hang
const ONE_SIZE = 1.12; // from one line to the next larger one
const HELD_GAP = 0.3; // of the size, left between two cells of a row

/** A word that has letters, placed in points from the left and the foot of the page. */
interface Placed {
  readonly text: string;
  readonly left: number;
  readonly width: number;
  readonly holdsNext: boolean;
}

/** Empty when the page has no words. */
export function layText(page: PdfPage, font: GlyphlessFont): string {
  const written = page.text.lines.map((line) => line.filter(hasLetters)).filter((line) => line.length > 0);
  const sizes = evenSizes(written.map((line) => sizeOf(page, line)));
  const lines = written.map((line, index) => layLine(page, line, { font, size: sizes[index] ?? SIZE_MIN_PT }));
  return lines.length === 0 ? '' : `BT\n3 Tr\n${lines.join('\n')}\nET\n`;
}

function hasLetters({ text, box }: PdfWord): boolean {
  return text.trim() !== '' && box.width > 0 && box.height > 0;
}

/** As most of its words say, each by the letters it has: "aus" is lower than "gilt", and both are of one size. */
function sizeOf(page: PdfPage, line: readonly PdfWord[]): number {
  const known = line.flatMap(({ text, box }) => {
    const extent = extentOf(text);
    return extent === undefined ? [] : [(box.height * FULL_EXTENT) / extent];
  });
  const height = known.length === 0 ? Math.max(...line.map(heightOf)) : median(known);
  return Math.max(SIZE_MIN_PT, (height * page.widthPt * SIZE_OF_HEIGHT) / page.mask.width);
}

/** How high the ink of a word is, as a share of its size; undefined: it is dashes and dots. */
function extentOf(text: string): number | undefined {
  if (!/[\p{L}\p{N}]/u.test(text)) return undefined;
  const rises = /[À-Ý]/.test(text) ? 0.81 : /[^acemnorsuvwxzgpqy.,:;·–—-]/.test(text) ? 0.72 : 0.53;
  const hangs = /[gjpqyQ()[\]{}§|@,;]/.test(text) ? 0.21 : 0;
  return rises + hangs;
}

/** Lines of nearly one size get one: readers take a change of size for a new paragraph, and then mix up columns. */
function evenSizes(sizes: readonly number[]): readonly number[] {
  const sorted = sizes.toSorted((a, b) => a - b);
  const evened = new Map<number, number>();
  for (let from = 0; from < sorted.length;) {
    const next = sorted.findIndex((size, index) => index > from && size > ONE_SIZE * (sorted[index - 1] ?? size));
    const group = sorted.slice(from, next < 0 ? sorted.length : next);
    for (const size of group) evened.set(size, median(group));
    from += group.length;
  }
  return sizes.map((size) => evened.get(size) ?? size);
}

function layLine(
  page: PdfPage,
  line: readonly PdfWord[],
  way: { readonly font: GlyphlessFont; readonly size: number },
): string {
  const scale = page.widthPt / page.mask.width;
  const words = line.map(({ text, box, holdsNext = false }): Placed => ({
    text,
    left: box.left * scale,
    width: box.width * scale,
    holdsNext,
  }));
  const baseline = page.heightPt - median(line.map((word) => word.baseline)) * (page.heightPt / page.mask.height);
  const shown = words.map((word, index) => showWord(word, words[index + 1], way)).join('');
  return `/${TEXT_FONT} ${short(way.size)} Tf 1 0 0 1 ${short(words[0]?.left ?? 0)} ${short(baseline)} Tm${shown}`;
}

/**
 * The word stretched to its box with a space behind it, then a step to where the next word begins. The space goes with
 * the word: some readers drop a letter that is shown alone between two spaces, or alone at the end of a line.
 */
function showWord(
  word: Placed,
  next: Placed | undefined,
  way: { readonly font: GlyphlessFont; readonly size: number },
): string {
  const letter = (way.size * GLYPH_WIDTH) / 1000;
  const count = Array.from(word.text).length;
  if (!next)
    return ` ${stretch(word.width, letter * count)} Tz${way.font.code(count === 1 ? `${word.text} ` : word.text)}Tj`;
  const room = next.left - word.left;
  if (word.holdsNext && room - word.width > 2 * HELD_GAP * way.size) return holdNext(word, room, way);
  // A word that runs into the next one is kept short of it: the order of the letters is what counts.
  const width = Math.min(word.width, (room * count) / (count + GAP_SHARE));
  const percent = stretch(width, letter * count);
  // Thousandths of the size, before the stretch.
  const step = (count + 1) * GLYPH_WIDTH - (room / way.size) * (100_000 / Number(percent));
  return ` ${percent} Tz[${way.font.code(`${word.text} `)}${String(Math.round(step))}]TJ`;
}

/**
 * The word and most of the white up to the next cell as one span whose text is the word (ISO 32000-1 §14.9.4): readers that part
 * columns by white see a wide word there and keep the row in one line; for those that look at letters each lies where it was.
 */
function holdNext(
  { text, width }: Placed,
  room: number,
  { font, size }: { readonly font: GlyphlessFont; readonly size: number },
): string {
  const letter = (size * GLYPH_WIDTH) / 1000;
  const percent = stretch(width, letter * Array.from(text).length);
  const gap = HELD_GAP * size;
  const blanks = stretch(room - width - gap, letter);
  const step = (HELD_GAP * 100_000) / Number(blanks);
  return (
    `/Span<</ActualText<${utf16(text)}>>>BDC ${percent} Tz${font.code(text)}Tj ` +
    `${blanks} Tz[${font.code(' ')}${String(-Math.round(step))}]TJ EMC`
  );
}

/** A text string in hexadecimal digits (ISO 32000-1 §7.9.2.2). */
function utf16(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return [0xfeff, ...units].map((unit) => unit.toString(16).padStart(4, '0')).join('');
}

function stretch(wanted: number, natural: number): string {
  return short(Math.max(STRETCH_MIN, (wanted / natural) * 100));
}

function heightOf({ box }: PdfWord): number {
  return box.height;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
