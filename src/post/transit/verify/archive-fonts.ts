// Rules of PDF/A-2u for fonts: in the file, of the widths that are named, each code shown a glyph and a letter (ISO 19005-2 §6.2.11).

import {
  countOf,
  dictOf,
  dictsIn,
  isArray,
  isStream,
  isString,
  nameOf,
  type PdfDict,
  type PdfValue,
} from '#formats/pdf-read/pdf-value.ts';
import type { ArchiveFile, Blame } from './archive-values.ts';
import type { UsedFonts } from './archive-pages.ts';
import { readLetters } from './letter-map.ts';
import { readTrueType, type TrueType } from './true-type.ts';

const WIDTH_OFF = 1; // thousandths of the size
const WIDTH_FALLBACK = 1000;
const FILES = ['FontFile', 'FontFile2', 'FontFile3'];
/** U+0000, U+FEFF and U+FFFE stand for no letter (§6.2.11.7.2). */
const NO_LETTERS = /[\0\ufeff\ufffe]/;

/** Fonts by two bytes a letter over TrueType are judged; others are not agreed to. */
export function judgeFonts(file: ArchiveFile, used: UsedFonts, blame: Blame): void {
  const fonts = new Set(used.keys());
  for (const { value } of file.objects)
    for (const dict of dictsIn(value)) if (nameOf(file.document.ask(dict, 'Type')) === 'Font') fonts.add(dict);
  for (const font of fonts) {
    const subtype = nameOf(file.document.ask(font, 'Subtype')) ?? 'none';
    if (subtype === 'Type0') judgeComposite(file, { font, shown: used.get(font) ?? [] }, blame);
    else if (subtype !== 'CIDFontType2') {
      const descriptor = file.document.ask(font, 'FontDescriptor');
      const isInside = FILES.some((key) => isStream(file.document.ask(descriptor, key)));
      if (isInside || subtype === 'Type3') blame('6.2.11.2', `a font of kind ${subtype.slice(0, 20)}, not judged`);
      else blame('6.2.11.4.1', 'a font that is not embedded');
    }
  }
}

interface Composite {
  readonly font: PdfDict;
  readonly shown: readonly Uint8Array[];
}

function judgeComposite(file: ArchiveFile, { font, shown }: Composite, blame: Blame): void {
  const { document } = file;
  if (nameOf(document.ask(font, 'BaseFont')) === undefined) blame('6.2.11.2', 'a font without a name');
  if (nameOf(document.ask(font, 'Encoding')) !== 'Identity-H')
    return blame('6.2.11.3.3', 'codes of another kind, not judged');
  const list = document.ask(font, 'DescendantFonts');
  const below = isArray(list) && list.items.length === 1 ? dictOf(document.resolve(list.items[0])) : undefined;
  if (below === undefined || nameOf(document.ask(below, 'Subtype')) !== 'CIDFontType2')
    return blame('6.2.11.2', 'a font without its descendant, or of a kind not judged');
  const system = document.ask(below, 'CIDSystemInfo');
  if (!['Registry', 'Ordering'].every((key) => isString(document.ask(system, key))))
    blame('6.2.11.3.1', 'a font that does not say how it is ordered');
  const map = document.ask(below, 'CIDToGIDMap');
  const mapped = isStream(map) ? document.decode(map) : undefined;
  if (nameOf(map) !== 'Identity' && mapped?.ok !== true) return blame('6.2.11.3.2', 'no way from codes to glyphs');
  const descriptor = document.ask(below, 'FontDescriptor');
  const program = document.ask(descriptor, 'FontFile2');
  if (!isStream(program)) return blame('6.2.11.4.1', 'a font that is not embedded');
  const decoded = document.decode(program);
  const outlines = decoded.ok ? readTrueType(decoded.value) : undefined;
  if (outlines === undefined) return blame('6.2.11.4.1', 'a font that cannot be read');
  if (decoded.ok && document.ask(program, 'Length1') !== decoded.value.length)
    blame('6.2.11.2', 'a font of another length');
  const set = document.ask(descriptor, 'CIDSet');
  if (set !== undefined) blame('6.2.11.4.2', 'a CIDSet, not judged');
  const glyphOf = (code: number): number =>
    mapped?.ok === true ? ((mapped.value[2 * code] ?? 0) << 8) | (mapped.value[2 * code + 1] ?? 0) : code;
  const codes = codesOf(shown, blame);
  judgeGlyphs(codes, { glyphOf, outlines, widthOf: widthsOf(file, below, blame) }, blame);
  return judgeLetters(file, { codes, toUnicode: document.ask(font, 'ToUnicode') }, blame);
}

function codesOf(shown: readonly Uint8Array[], blame: Blame): ReadonlySet<number> {
  const codes = new Set<number>();
  for (const bytes of shown) {
    if (bytes.length % 2 === 1) blame('6.2.11.3.3', 'half a code');
    for (let at = 0; at + 1 < bytes.length; at += 2) codes.add(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0));
  }
  return codes;
}

interface Glyphs {
  readonly glyphOf: (code: number) => number;
  readonly outlines: TrueType;
  readonly widthOf: (code: number) => number;
}

function judgeGlyphs(codes: ReadonlySet<number>, { glyphOf, outlines, widthOf }: Glyphs, blame: Blame): void {
  for (const code of codes) {
    const glyph = glyphOf(code);
    const width = outlines.widthOf(glyph);
    if (glyph === 0) blame('6.2.11.8', 'a glyph that stands for none');
    else if (width === undefined) blame('6.2.11.4.1', 'a glyph that is not in its font');
    else if (!(Math.abs(width - widthOf(code)) <= WIDTH_OFF)) blame('6.2.11.5', 'a glyph of another width');
  }
}

/** ISO 32000-1 §9.7.4.3. */
function widthsOf({ document }: ArchiveFile, font: PdfDict, blame: Blame): (code: number) => number {
  const usual = document.ask(font, 'DW') ?? WIDTH_FALLBACK;
  const list = document.ask(font, 'W');
  const items = isArray(list) ? list.items.map(document.resolve) : [];
  const widths = new Map<number, number>();
  let at = 0;
  while (at < items.length) {
    const first = countOf(items[at]);
    const second = items[at + 1];
    if (first === undefined || first > 0xffff) return refuse(blame);
    if (isArray(second)) {
      second.items.forEach((width, index) => widths.set(first + index, numberOf(document.resolve(width))));
      at += 2;
      continue;
    }
    const last = countOf(second);
    if (last === undefined || last > 0xffff) return refuse(blame);
    for (let code = first; code <= last; code++) widths.set(code, numberOf(items[at + 2]));
    at += 3;
  }
  return (code) => widths.get(code) ?? numberOf(usual);
}

function refuse(blame: Blame): () => number {
  blame('6.2.11.5', 'widths that make no sense');
  return () => Number.NaN;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function judgeLetters(
  { document }: ArchiveFile,
  { codes, toUnicode }: { readonly codes: ReadonlySet<number>; readonly toUnicode: PdfValue | undefined },
  blame: Blame,
): void {
  const decoded = isStream(toUnicode) ? document.decode(toUnicode) : undefined;
  const letters = decoded?.ok === true ? readLetters(decoded.value) : undefined;
  if (letters === undefined) return blame('6.2.11.7.2', 'a font that does not say what its codes mean');
  for (const text of letters.values())
    if (text === '' || NO_LETTERS.test(text)) blame('6.2.11.7.2', 'a code that means no letter');
  for (const code of codes) if (!letters.has(code)) blame('6.2.11.7.2', 'a code that means nothing');
  return undefined;
}
