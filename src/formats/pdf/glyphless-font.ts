// A font without ink for text that is found and copied but not seen: Type0, Identity-H, every glyph half as wide as high (ISO 32000-1 §9.7).

import { latin1, ref, type ObjectNumber, type PdfFile } from './pdf-file.ts';
import { unicodeMap } from './unicode-map.ts';

/** Of a thousandth of the size, the same for every letter: a proportional font lets readers tear words apart. */
export const GLYPH_WIDTH = 500;

export interface GlyphlessFont {
  /** Two bytes a letter as a PDF string; letters must be among those the font was put for. */
  readonly code: (text: string) => string;
  readonly number: ObjectNumber;
}

const UNITS = 1000;
const ASCENT = 800;
const DESCENT = -200;
const LETTERS_MAX = 0xfffe;

/** Puts the font for just these letters; glyph numbers follow the order of code points, so the same letters give the same bytes. */
export function putGlyphlessFont(file: PdfFile, letters: Iterable<string>): GlyphlessFont {
  const sorted = [...new Set([...letters].flatMap((text) => Array.from(text)))]
    .toSorted((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0))
    .slice(0, LETTERS_MAX);
  const glyphs = new Map(sorted.map((letter, index) => [letter, index + 1]));
  const program = emptyTrueType(sorted.length + 1);
  const fontFile = file.putStream(`/Length1 ${program.length}`, program, 'packed');
  const toUnicode = file.putStream('', latin1(unicodeMap(sorted, 4)), 'packed');
  const name = `/${tagOf(sorted)}+Glyphless`;
  const descriptor = file.put(
    `<</Type/FontDescriptor/FontName${name}/Flags 5/FontBBox[0 ${DESCENT} ${GLYPH_WIDTH} ${ASCENT}]/ItalicAngle 0` +
      `/Ascent ${ASCENT}/Descent ${DESCENT}/CapHeight ${ASCENT}/StemV 80/FontFile2 ${ref(fontFile)}>>`,
  );
  const descendant = file.put(
    `<</Type/Font/Subtype/CIDFontType2/BaseFont${name}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>` +
      `/CIDToGIDMap/Identity/DW ${GLYPH_WIDTH}/FontDescriptor ${ref(descriptor)}>>`,
  );
  const number = file.put(
    `<</Type/Font/Subtype/Type0/BaseFont${name}/Encoding/Identity-H/DescendantFonts[${ref(descendant)}]` +
      `/ToUnicode ${ref(toUnicode)}>>`,
  );
  return {
    number,
    code: (text) =>
      `<${Array.from(text)
        .map((letter) => hex4(glyphs.get(letter) ?? 0))
        .join('')}>`,
  };
}

/** §9.6.4: six capitals that tell this choice of letters from another. */
function tagOf(letters: readonly string[]): string {
  let sum = 5381;
  for (const letter of letters) sum = (sum * 33 + (letter.codePointAt(0) ?? 0)) % 308_915_776; // 26^6
  let tag = '';
  for (let place = 0; place < 6; place++) {
    tag += String.fromCharCode(65 + (sum % 26));
    sum = Math.floor(sum / 26);
  }
  return tag;
}

function hex4(value: number): string {
  return value.toString(16).padStart(4, '0');
}

/** A TrueType program of empty glyphs of one width (OpenType 1.9, the tables PDF asks for in §9.9). */
function emptyTrueType(glyphCount: number): Uint8Array {
  const head = words(1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 3, UNITS, 0, 0, 0, 0, 0, 0, 0, 0);
  const headEnd = words(0, DESCENT & 0xffff, GLYPH_WIDTH, ASCENT, 0, 8, 2, 0, 0);
  const hhea = words(1, 0, ASCENT, DESCENT & 0xffff, 0, GLYPH_WIDTH, 0, 0, GLYPH_WIDTH, 1, 0, 0, 0, 0, 0, 0, 0, 1);
  const maxp = words(1, 0, glyphCount, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0);
  // One full metric, then a left bearing of nothing for each further glyph; every glyph begins and ends at 0.
  const hmtx = new Uint8Array(4 + (glyphCount - 1) * 2);
  hmtx.set(words(GLYPH_WIDTH, 0));
  const tables: readonly (readonly [string, Uint8Array])[] = [
    ['glyf', new Uint8Array(4)],
    ['head', Uint8Array.of(...head, ...headEnd)],
    ['hhea', hhea],
    ['hmtx', hmtx],
    ['loca', new Uint8Array((glyphCount + 1) * 2)],
    ['maxp', maxp],
  ];
  return assembleFont(tables);
}

function words(...values: readonly number[]): Uint8Array {
  return Uint8Array.from(values.flatMap((value) => [(value >> 8) & 0xff, value & 0xff]));
}

function assembleFont(tables: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const directory = 12 + tables.length * 16;
  const length = tables.reduce((sum, [, data]) => sum + padded(data.length), directory);
  const font = new Uint8Array(length);
  const view = new DataView(font.buffer);
  const power = Math.floor(Math.log2(tables.length));
  font.set(words(1, 0, tables.length, 16 << power, power, (tables.length << 4) - (16 << power)));
  let at = directory;
  tables.forEach(([tag, data], index) => {
    font.set(data, at);
    const entry = 12 + index * 16;
    font.set(latin1(tag), entry);
    view.setUint32(entry + 4, sumOf(view, at, data.length));
    view.setUint32(entry + 8, at);
    view.setUint32(entry + 12, data.length);
    at += padded(data.length);
  });
  const head = tables.findIndex(([tag]) => tag === 'head');
  const adjustment = view.getUint32(12 + head * 16 + 8) + 8;
  view.setUint32(adjustment, (0xb1b0afba - sumOf(view, 0, length)) >>> 0);
  return font;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

function sumOf(view: DataView, from: number, length: number): number {
  let sum = 0;
  for (let at = from; at < from + padded(length); at += 4) sum = (sum + view.getUint32(at)) >>> 0;
  return sum;
}
