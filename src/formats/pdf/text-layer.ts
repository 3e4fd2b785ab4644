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

/** A word that has letters, placed in points from the left and the foot of the page. */
interface Placed {
  readonly text: string;
  readonly left: number;
  readonly width: number;
}

/** Empty when the page has no words. */
export function layText(page: PdfPage, font: GlyphlessFont): string {
  const lines = page.text.lines.flatMap((line) => layLine(page, line, font));
  return lines.length === 0 ? '' : `BT\n3 Tr\n${lines.join('\n')}\nET\n`;
}

function layLine(page: PdfPage, line: readonly PdfWord[], font: GlyphlessFont): readonly string[] {
  const scale = page.widthPt / page.mask.width;
  const written = line.filter(({ text, box }) => text.trim() !== '' && box.width > 0 && box.height > 0);
  const words = written.map(({ text, box }): Placed => ({ text, left: box.left * scale, width: box.width * scale }));
  const [first] = words;
  if (!first) return [];
  const baseline = page.heightPt - median(written.map((word) => word.baseline)) * (page.heightPt / page.mask.height);
  const tallest = Math.max(...written.map(({ box }) => Math.min(box.height, 2 * median(written.map(heightOf)))));
  const size = Math.max(SIZE_MIN_PT, tallest * scale * SIZE_OF_HEIGHT);
  const shown = words.map((word, index) => showWord(word, words[index + 1], { font, size })).join('');
  return [`/${TEXT_FONT} ${short(size)} Tf 1 0 0 1 ${short(first.left)} ${short(baseline)} Tm${shown}`];
}

/**
 * The word stretched to its box with a space behind it, then a step to where the next word begins. The space goes with
 * the word: some readers drop a letter that is shown alone between two spaces.
 */
function showWord(
  word: Placed,
  next: Placed | undefined,
  way: { readonly font: GlyphlessFont; readonly size: number },
): string {
  const letter = (way.size * GLYPH_WIDTH) / 1000;
  const count = Array.from(word.text).length;
  if (!next) return ` ${stretch(word.width, letter * count)} Tz${way.font.code(word.text)}Tj`;
  const room = next.left - word.left;
  // A word that runs into the next one is kept short of it: the order of the letters is what counts.
  const width = Math.min(word.width, (room * count) / (count + GAP_SHARE));
  const percent = stretch(width, letter * count);
  // Thousandths of the size, before the stretch.
  const step = (count + 1) * GLYPH_WIDTH - (room / way.size) * (100_000 / Number(percent));
  return ` ${percent} Tz[${way.font.code(`${word.text} `)}${String(Math.round(step))}]TJ`;
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
