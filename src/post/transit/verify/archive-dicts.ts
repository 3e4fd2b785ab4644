// Rules of PDF/A-2 for single dictionaries: streams, pictures, states, marks on pages, actions, files inside (ISO 19005-2 §6.1.7, §6.2.4–§6.2.10, §6.3–§6.10).

import {
  countOf,
  isArray,
  isDict,
  isStream,
  nameOf,
  type PdfDict,
  type PdfValue,
} from '#formats/pdf-read/pdf-value.ts';
import type { Covered } from './archive-intent.ts';
import type { ArchiveFile, Blame } from './archive-values.ts';

const FILTERS = new Set([
  'ASCIIHexDecode',
  'ASCII85Decode',
  'FlateDecode',
  'RunLengthDecode',
  'CCITTFaxDecode',
  'JBIG2Decode',
  'DCTDecode',
]);
const DEVICES = new Set(['DeviceGray', 'DeviceRGB', 'DeviceCMYK']);
const INTENTS = new Set(['RelativeColorimetric', 'AbsoluteColorimetric', 'Perceptual', 'Saturation']);
const BLENDS = new Set(['Normal', 'Compatible', 'Multiply', 'Screen', 'Overlay', 'Darken', 'Lighten']);
const ACTIONS = new Set(['GoTo', 'URI', 'Named']);
const STEPS = new Set(['NextPage', 'PrevPage', 'FirstPage', 'LastPage']);
const BOXES = ['MediaBox', 'CropBox', 'BleedBox', 'TrimBox', 'ArtBox'];
/** What no file that we agree to holds, wherever it stands. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  FFilter: '6.1.7.1',
  FDecodeParms: '6.1.7.1',
  TR: '6.2.5',
  TR2: '6.2.5',
  HTP: '6.2.5',
  HT: '6.2.5',
  Alternates: '6.2.8.1',
  OPI: '6.2.8.1',
  PS: '6.2.9.1',
  PatternType: '6.2.2',
  ShadingType: '6.2.2',
  AA: '6.5.2',
  JS: '6.5.1',
  XFA: '6.4.2',
  EF: '6.8',
  AF: '6.8',
  EmbeddedFiles: '6.8',
  OC: '6.9',
  OCGs: '6.9',
  AlternatePresentations: '6.10',
  PresSteps: '6.10',
};
const [INVISIBLE, HIDDEN, PRINT, NO_VIEW, TOGGLE] = [1, 2, 4, 32, 256];
const [SIDE_MIN, SIDE_MAX] = [3, 14_400];

interface Place {
  readonly dict: PdfDict;
  /** The object that it stands in. */
  readonly value: PdfValue;
  readonly covered: Covered;
}

export function judgeDict(file: ArchiveFile, { dict, value, covered }: Place, blame: Blame): void {
  const ask = (key: string): PdfValue | undefined => file.document.ask(dict, key);
  for (const key of dict.entries.keys()) {
    const clause = FORBIDDEN[key];
    if (clause !== undefined) blame(clause, key);
  }
  if (isStream(value) && value.dict === dict) judgeStream(file, dict, blame);
  const subtype = nameOf(ask('Subtype'));
  if (subtype === 'Image') judgeImage(file, dict, blame);
  if (subtype === 'PS') blame('6.2.9.3', 'a PostScript XObject');
  if (subtype === 'Form' && dict.entries.has('Ref')) blame('6.2.9.2', 'a page of another file');
  if (dict.entries.has('Subtype2')) blame('6.2.9.1', 'Subtype2');
  if (dict.entries.has('Metadata') && nameOf(ask('Type')) !== 'Catalog') blame('6.6.2.1', 'metadata of a part');
  if (dict.entries.has('Rect')) judgeMark(file, dict, blame);
  judgeAction(file, dict, blame);
  judgeColours(file, { dict, value, covered }, blame);
  judgeTransparency(file, { dict, value, covered }, blame);
  for (const key of BOXES) if (dict.entries.has(key)) judgeBox(file, ask(key), blame);
  const type = nameOf(ask('Type'));
  if (type === 'Filespec' || type === 'EmbeddedFile') blame('6.8', 'a file inside');
  if (type === 'OCG' || type === 'OCMD') blame('6.9', 'optional content');
}

function judgeStream({ document }: ArchiveFile, dict: PdfDict, blame: Blame): void {
  if (dict.entries.has('F')) blame('6.1.7.1', 'data in another file');
  const filter = document.ask(dict, 'Filter');
  const filters = isArray(filter) ? filter.items.map(document.resolve) : filter === undefined ? [] : [filter];
  for (const one of filters) {
    const name = nameOf(one) ?? 'no name';
    if (!FILTERS.has(name)) blame(name === 'JPXDecode' ? '6.2.8.3' : '6.1.7.2', `coded with ${name.slice(0, 20)}`);
  }
}

function judgeImage({ document }: ArchiveFile, dict: PdfDict, blame: Blame): void {
  if (document.ask(dict, 'Interpolate') === true) blame('6.2.8.1', 'a picture to be smoothed');
  const bits = countOf(document.ask(dict, 'BitsPerComponent'));
  const isMask = document.ask(dict, 'ImageMask') === true;
  if (isMask ? bits !== undefined && bits !== 1 : ![1, 2, 4, 8, 16].includes(bits ?? 0))
    blame('6.2.8.1', 'a picture of other bits');
  const intent = nameOf(document.ask(dict, 'Intent'));
  if (intent !== undefined && !INTENTS.has(intent)) blame('6.2.6', 'an intent that nobody knows');
  if (!isMask && !dict.entries.has('ColorSpace')) blame('6.2.4.1', 'a picture without its colours');
}

function judgeMark({ document }: ArchiveFile, dict: PdfDict, blame: Blame): void {
  const subtype = nameOf(document.ask(dict, 'Subtype'));
  if (subtype !== 'Link') blame(subtype === 'Widget' ? '6.4.1' : '6.3.1', `a mark of kind ${subtype ?? 'none'}`);
  const flags = countOf(document.ask(dict, 'F'));
  if (flags === undefined || (flags & PRINT) === 0 || (flags & (INVISIBLE | HIDDEN | NO_VIEW | TOGGLE)) !== 0)
    blame('6.3.2', 'a mark that is not printed, or hidden');
  if (dict.entries.has('AP')) blame('6.3.3', 'the look of a mark');
}

function judgeAction({ document }: ArchiveFile, dict: PdfDict, blame: Blame): void {
  const actions = ['A', 'Next', 'OpenAction'].map((key) => document.ask(dict, key));
  if (nameOf(document.ask(dict, 'Type')) === 'Action') actions.push(dict);
  for (const action of actions.flatMap((one) => (isArray(one) ? one.items.map(document.resolve) : [one]))) {
    const kind = isDict(action) ? nameOf(document.ask(action, 'S')) : undefined;
    if (kind === undefined) continue;
    if (!ACTIONS.has(kind)) blame('6.5.1', `the action ${kind.slice(0, 20)}`);
    const step = nameOf(document.ask(action, 'N')) ?? '';
    if (kind === 'Named' && !STEPS.has(step)) blame('6.5.1', 'an action with another name');
  }
}

function judgeColours({ document }: ArchiveFile, { dict, covered }: Place, blame: Blame): void {
  for (const key of ['ColorSpace', 'CS']) {
    const space = document.ask(dict, key);
    const spaces = isDict(space) ? [...space.entries.values()].map(document.resolve) : [space];
    for (const one of spaces) if (one !== undefined) judgeSpace(one, { document, covered }, blame);
  }
  const intent = nameOf(document.ask(dict, 'RI'));
  if (intent !== undefined && !INTENTS.has(intent)) blame('6.2.6', 'an intent that nobody knows');
}

/** §6.2.4: device colours that the intent covers, or an index into such; other spaces are not agreed to. */
export function judgeSpace(
  space: PdfValue,
  { document, covered }: Pick<ArchiveFile, 'document'> & { readonly covered: Covered },
  blame: Blame,
): void {
  const isIndexed = isArray(space) && nameOf(document.resolve(space.items[0])) === 'Indexed';
  const base = isArray(space) ? document.resolve(space.items[isIndexed ? 1 : 0]) : space;
  const name = nameOf(base) ?? 'of another kind';
  if (!DEVICES.has(name)) blame('6.2.4.1', `colours ${name.slice(0, 20)}`);
  else if (!covered.has(name)) blame('6.2.4.3', `${name} without a meaning`);
}

/** §6.2.10: what shines through needs a space to be mixed in; soft masks are not agreed to. */
function judgeTransparency({ document }: ArchiveFile, { dict, covered }: Place, blame: Blame): void {
  const mask = document.ask(dict, 'SMask');
  if (mask !== undefined && nameOf(mask) !== 'None') blame('6.2.10', 'a soft mask');
  if (dict.entries.has('SMaskInData')) blame('6.2.10', 'a soft mask');
  const blend = document.ask(dict, 'BM');
  if (blend !== undefined && !BLENDS.has(nameOf(blend) ?? '')) blame('6.2.10', 'a blend mode');
  const group = document.ask(dict, 'Group');
  const isMixed = nameOf(blend) !== undefined && nameOf(blend) !== 'Normal';
  const isThin = ['ca', 'CA'].some((key) => dict.entries.has(key) && document.ask(dict, key) !== 1);
  const isBare = isDict(group) && !group.entries.has('CS');
  if ((isMixed || isThin || isBare) && covered.size === 0) blame('6.2.10', 'transparency without a colour space');
}

function judgeBox({ document }: ArchiveFile, value: PdfValue | undefined, blame: Blame): void {
  const sides = isArray(value) ? value.items.map(document.resolve) : [];
  const [left, foot, right, top] = sides.map((side) => (typeof side === 'number' ? side : Number.NaN));
  const isGood = (from = Number.NaN, to = Number.NaN): boolean =>
    Math.abs(to - from) >= SIDE_MIN && Math.abs(to - from) <= SIDE_MAX;
  if (sides.length !== 4 || !isGood(left, right) || !isGood(foot, top)) blame('6.1.13', 'a page of no size');
}
