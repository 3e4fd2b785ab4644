// Rules of PDF/A-2 for what is drawn: every operator of pages and forms is known, its resources named, its colours covered; which codes are shown in which font (ISO 19005-2 §6.2.2).

import { limits } from '#base/limits.ts';
import { PdfLexer } from '#formats/pdf-read/pdf-lexer.ts';
import {
  dictOf,
  isArray,
  isDict,
  isStream,
  isString,
  nameOf,
  type PdfDict,
  type PdfStream,
  type PdfValue,
} from '#formats/pdf-read/pdf-value.ts';
import { judgeSpace } from './archive-dicts.ts';
import { judgeHex } from './archive-frame.ts';
import type { Covered } from './archive-intent.ts';
import { judgeValue, type ArchiveFile, type Blame } from './archive-values.ts';

/** Font → bytes shown in it. */
export type UsedFonts = ReadonlyMap<PdfDict, readonly Uint8Array[]>;

const NESTED_MAX = 28;
const FORMS_MAX = 16;
const OPERANDS_MAX = 64;
const WORD_MAX = 3;
/** Inline pictures (§6.1.10), shadings and patterns are not among them: they are not agreed to. */
const OPERATORS = new Set(
  (
    "q Q cm w J j M d i ri gs m l c v y h re S s f F f* B B* b b* n W W* g G rg RG k K cs CS sc SC scn SCN Do BT ET Tc Tw Tz TL Tf Tr Ts Td TD Tm T* Tj TJ ' " +
    '" BMC BDC EMC MP DP BX EX'
  ).split(' '),
);
const COLOURS: Readonly<Record<string, string>> = {
  g: 'DeviceGray',
  G: 'DeviceGray',
  rg: 'DeviceRGB',
  RG: 'DeviceRGB',
  k: 'DeviceCMYK',
  K: 'DeviceCMYK',
};

interface Walk {
  readonly file: ArchiveFile;
  readonly covered: Covered;
  readonly blame: Blame;
  readonly used: Map<PdfDict, Uint8Array[]>;
  readonly forms: Set<PdfStream>;
}

export function judgePages(file: ArchiveFile, covered: Covered, blame: Blame): UsedFonts {
  const walk: Walk = { file, covered, blame, used: new Map(), forms: new Set() };
  const { document } = file;
  for (const { dict } of file.entries) {
    const contents = document.ask(dict, 'Contents');
    const streams = isArray(contents) ? contents.items.map(document.resolve) : contents === undefined ? [] : [contents];
    const parts: Uint8Array[] = [];
    for (const stream of streams) {
      const decoded = isStream(stream) ? document.decode(stream) : undefined;
      if (decoded?.ok !== true) blame('6.2.2', 'a page that cannot be read');
      else parts.push(decoded.value, Uint8Array.of(10));
    }
    walkContent(walk, joined(parts), { resources: dictOf(document.ask(dict, 'Resources')), depth: 0 });
  }
  return walk.used;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

interface Within {
  readonly resources: PdfDict | undefined;
  readonly depth: number;
}

function walkContent(walk: Walk, bytes: Uint8Array, within: Within): void {
  const { blame } = walk;
  judgeHex(bytes, blame);
  const lexer = new PdfLexer(bytes);
  const fonts: (PdfDict | undefined)[] = [undefined];
  let operands: PdfValue[] = [];
  for (lexer.skipSpace(); !lexer.isDone; lexer.skipSpace()) {
    const at = lexer.at;
    const value = lexer.readValue();
    if (value !== undefined) {
      judgeValue(value, blame, limits.transit.pdfDepthMax);
      operands.push(value);
      if (operands.length > OPERANDS_MAX) return blame('6.2.2', 'operands without their operator');
      continue;
    }
    lexer.at = at;
    const operator = takeOperator(lexer, bytes);
    if (operator === undefined || !OPERATORS.has(operator)) return blame('6.2.2', 'an operator that is not known');
    if (operator === 'q') fonts.push(fonts.at(-1));
    else if (operator === 'Q' && fonts.pop() === undefined && fonts.length === 0)
      return blame('6.2.2', 'states that do not close');
    if (fonts.length > NESTED_MAX + 1) return blame('6.1.13', 'states in one another too deep');
    if (operator === 'Tf') fonts[fonts.length - 1] = takeFont(walk, within, operands);
    else perform(walk, within, { operator, operands, font: fonts.at(-1) });
    operands = [];
  }
  if (fonts.length !== 1) blame('6.2.2', 'states that do not close');
  return undefined;
}

function takeOperator(lexer: PdfLexer, bytes: Uint8Array): string | undefined {
  let word = '';
  while (lexer.at < bytes.length && word.length <= WORD_MAX) {
    const letter = String.fromCharCode(bytes[lexer.at] ?? 0);
    if (!/[A-Za-z0-9*'"]/.test(letter)) break;
    word += letter;
    lexer.at++;
  }
  return word === '' ? undefined : word;
}

interface Step {
  readonly operator: string;
  readonly operands: readonly PdfValue[];
  readonly font: PdfDict | undefined;
}

function perform(walk: Walk, within: Within, { operator, operands, font }: Step): void {
  const { blame, covered, file } = walk;
  const colour = COLOURS[operator];
  if (colour !== undefined && !covered.has(colour)) blame('6.2.4.3', `${colour} without a meaning`);
  const name = nameOf(operands[0]);
  if (operator === 'Do') drawObject(walk, within, name ?? '');
  if (operator === 'gs' && !isDict(resource(walk, within, 'ExtGState', name))) blame('6.2.2', 'a state without a name');
  if (operator === 'ri' && !/^(?:Relative|Absolute)Colorimetric$|^Perceptual$|^Saturation$/.test(name ?? ''))
    blame('6.2.6', 'an intent that nobody knows');
  if (operator === 'BDC' && name === 'OC') blame('6.9', 'optional content');
  if (operator === 'cs' || operator === 'CS') {
    const space = name?.startsWith('Device') === true ? operands[0] : resource(walk, within, 'ColorSpace', name);
    judgeSpace(space ?? null, { document: file.document, covered }, blame);
  }
  if (!["'", '"', 'Tj', 'TJ'].includes(operator)) return;
  const shown = operands.flatMap((operand) => (isArray(operand) ? operand.items : [operand])).filter(isString);
  if (font === undefined) return blame('6.2.11.4.1', 'text in no font');
  const known = walk.used.get(font) ?? [];
  walk.used.set(font, known);
  known.push(...shown.map(({ bytes }) => bytes));
}

function takeFont(walk: Walk, within: Within, operands: readonly PdfValue[]): PdfDict | undefined {
  const font = resource(walk, within, 'Font', nameOf(operands[0]));
  if (!isDict(font)) walk.blame('6.2.2', 'a font without a name');
  return isDict(font) ? font : undefined;
}

function resource({ file }: Walk, { resources }: Within, kind: string, name: string | undefined): PdfValue | undefined {
  return name === undefined ? undefined : file.document.ask(file.document.ask(resources, kind), name);
}

function drawObject(walk: Walk, within: Within, name: string): void {
  const { blame, file, forms } = walk;
  const object = resource(walk, within, 'XObject', name);
  if (!isStream(object)) return blame('6.2.2', 'a picture without a name');
  const subtype = nameOf(file.document.ask(object, 'Subtype'));
  if (subtype === 'Image' || forms.has(object)) return undefined;
  if (subtype !== 'Form' || within.depth >= FORMS_MAX) return blame('6.2.9.1', 'an XObject of another kind');
  forms.add(object);
  const decoded = file.document.decode(object);
  if (!decoded.ok) return blame('6.2.2', 'a form that cannot be read');
  const resources = dictOf(file.document.ask(object, 'Resources'));
  return walkContent(walk, decoded.value, { resources, depth: within.depth + 1 });
}
