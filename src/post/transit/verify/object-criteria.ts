// Criteria of what stands in the objects of a file: fonts, actions, references, pictures, who made it.

import {
  dictOf,
  dictsIn,
  entry,
  isArray,
  isDict,
  isStream,
  nameOf,
  textOf,
  type PdfDict,
  type PdfStream,
  type PdfValue,
} from '#formats/pdf-read/pdf-value.ts';
import { filtersOf } from '#formats/pdf-read/decode-stream.ts';
import type { Criterion } from '../contract.ts';
import { archiveFaults } from './archive-rules.ts';
import { isClaimAlone } from './archive-xmp.ts';
import { forbiddenSegments } from './jbig2-segments.ts';
import { toldInPicture } from './picture-marks.ts';
import type { SeenFile } from './seen-file.ts';

const VERSIONS = new Set(['1.4', '1.5', '1.6', '1.7', '2.0']);
const ACTIVE_KEYS = [
  'AA',
  'OpenAction',
  'JavaScript',
  'JS',
  'EmbeddedFiles',
  'EF',
  'AF',
  'XFA',
  'NeedsRendering',
  'Collection',
];
/** GoTo, Named and URI remain: they take a person somewhere, and only on a click. */
const ACTIVE_ACTIONS = new Set([
  'JavaScript',
  'Launch',
  'SubmitForm',
  'ResetForm',
  'ImportData',
  'Rendition',
  'Movie',
  'Sound',
  'Hide',
  'SetOCGState',
  'Trans',
  'GoTo3DView',
  'RichMediaExecute',
  'GoToE',
  'GoToR',
  'GoToDp',
  'Thread',
]);
const ACTIVE_MARKS = new Set(['FileAttachment', 'RichMedia', 'Screen', 'Movie', 'Sound', '3D']);
const RESOURCES = new Set(['Font', 'ExtGState', 'Pattern', 'OCG', 'OCMD']);
const OUTWARD = new Set(['GoToR', 'GoToE', 'Launch', 'SubmitForm', 'ImportData', 'GoToDp']);
const TOLD_KEYS = ['Metadata', 'PieceInfo', 'Thumb', 'LastModified', 'SpiderInfo'];

export function objectCriteria(seen: SeenFile): readonly Criterion[] {
  return [
    over(seen, 'fonts', (dict) => fontFault(seen, dict)),
    over(seen, 'active', (dict) => activeFault(seen, dict)),
    over(seen, 'references', (dict, value) => referenceFault(seen, dict, value)),
    judgeVersion(seen),
    judgeJbig2(seen),
    judgeMetadata(seen),
  ];
}

function over(seen: SeenFile, name: string, judge: (dict: PdfDict, value: PdfValue) => string | undefined): Criterion {
  const faults = new Set<string>();
  for (const { value } of seen.objects) {
    for (const dict of dictsIn(value)) {
      const fault = judge(dict, value);
      if (fault !== undefined) faults.add(fault);
    }
  }
  return {
    name,
    isMet: faults.size === 0,
    seen: faults.size === 0 ? 'none amiss' : [...faults].slice(0, 3).join('; '),
  };
}

function fontFault(seen: SeenFile, dict: PdfDict): string | undefined {
  if (nameOf(seen.document.ask(dict, 'Type')) !== 'Font') return undefined;
  const subtype = nameOf(seen.document.ask(dict, 'Subtype'));
  // glyphs drawn in the file itself, and a frame whose descendant is looked at by itself
  if (subtype === 'Type3') return undefined;
  if (subtype === 'Type0') {
    const below = seen.document.ask(dict, 'DescendantFonts');
    const font = isArray(below) ? dictOf(seen.document.resolve(below.items[0])) : undefined;
    return font === undefined ? 'a font without its descendant' : fileFault(seen, font);
  }
  return fileFault(seen, dict);
}

function fileFault(seen: SeenFile, font: PdfDict): string | undefined {
  const descriptor = seen.document.ask(font, 'FontDescriptor');
  const isEmbedded = ['FontFile', 'FontFile2', 'FontFile3'].some((key) => isStream(seen.document.ask(descriptor, key)));
  return isEmbedded ? undefined : `a font that is not embedded`;
}

function activeFault(seen: SeenFile, dict: PdfDict): string | undefined {
  const key = ACTIVE_KEYS.find((one) => dict.entries.has(one) && !isResource(seen, one, dict));
  if (key !== undefined) return key;
  const action = nameOf(seen.document.ask(dict, 'S'));
  if (action !== undefined && ACTIVE_ACTIONS.has(action)) return action;
  const mark = nameOf(seen.document.ask(dict, 'Subtype'));
  return mark !== undefined && ACTIVE_MARKS.has(mark) && dict.entries.has('Rect') ? mark : undefined;
}

/** A picture, glyph, font or state that a program happened to call so. */
function isResource(seen: SeenFile, key: string, dict: PdfDict): boolean {
  const value = seen.document.ask(dict, key);
  if (isStream(value)) return key !== 'JS' && key !== 'XFA';
  return RESOURCES.has(nameOf(seen.document.ask(value, 'Type')) ?? '');
}

function referenceFault(seen: SeenFile, dict: PdfDict, value: PdfValue): string | undefined {
  if (isStream(value) && value.dict === dict && dict.entries.has('F')) return 'data in another file';
  const action = nameOf(seen.document.ask(dict, 'S'));
  if (action !== undefined && OUTWARD.has(action)) return action;
  const uri = seen.document.ask(dict, 'URI');
  if (isDict(uri)) return 'a base for links';
  if (action === 'URI' && !/^(https?:\/\/|mailto:)/i.test(textOf(uri) ?? ''))
    return 'a link that is not https, http or mailto';
  if (nameOf(seen.document.ask(dict, 'Type')) === 'Filespec' || nameOf(seen.document.ask(dict, 'FS')) === 'URL')
    return 'the name of a file';
  if (dict.entries.has('OPI')) return 'OPI';
  return nameOf(seen.document.ask(dict, 'Subtype')) === 'Form' && isDict(seen.document.ask(dict, 'Ref'))
    ? 'a page of another file'
    : undefined;
}

/** Who claims PDF/A is believed when our own rules find nothing against it. */
function judgeVersion(seen: SeenFile): Criterion {
  const { document, objects } = seen;
  const claims = objects.some(({ value }) => {
    if (!isStream(value) || nameOf(entry(value, 'Type')) !== 'Metadata') return false;
    const decoded = document.decode(value);
    return decoded.ok && new TextDecoder('latin1').decode(decoded.value).includes('pdfaid');
  });
  const known = `PDF ${document.version}`;
  const isKnown = VERSIONS.has(document.version);
  if (!claims) return { name: 'version', isMet: isKnown, seen: known };
  const faults = archiveFaults(seen);
  if (faults.length === 0) return { name: 'version', isMet: isKnown, seen: `${known}, PDF/A-2u` };
  return { name: 'version', isMet: false, seen: `claims PDF/A, but ${faults.slice(0, 3).join('; ')}` };
}

function judgeJbig2({ document, objects }: SeenFile): Criterion {
  let streams = 0;
  const kinds = new Set<string>();
  const look = (bytes: Uint8Array): void => {
    for (const kind of forbiddenSegments(bytes) ?? ['not readable']) kinds.add(String(kind));
  };
  for (const { value } of objects) {
    if (!isStream(value) || !filtersOf(value, document.resolve).includes('JBIG2Decode')) continue;
    streams += 1;
    if (filtersOf(value, document.resolve).length === 1) look(value.raw);
    else kinds.add('coded twice');
    const shared = sharedSegments(document, value);
    const decoded = shared === undefined ? undefined : document.decode(shared);
    if (decoded?.ok === true) look(decoded.value);
    else if (decoded !== undefined) kinds.add('not readable');
  }
  const seen = kinds.size === 0 ? `${streams} streams, generic regions only` : `segments ${[...kinds].join(', ')}`;
  return { name: 'jbig2', isMet: kinds.size === 0, seen };
}

function sharedSegments(document: SeenFile['document'], stream: PdfStream): PdfStream | undefined {
  const parameters = document.ask(stream, 'DecodeParms');
  const own = isArray(parameters) ? document.resolve(parameters.items[0]) : parameters;
  const shared = document.ask(own, 'JBIG2Globals');
  return isStream(shared) ? shared : undefined;
}

function judgeMetadata(seen: SeenFile): Criterion {
  const { document, objects } = seen;
  const told = new Set<string>();
  const claim = isClaimAlone(seen) ? document.ask(document.catalog, 'Metadata') : undefined;
  if (document.trailers.some((trailer) => trailer.entries.has('Info'))) told.add('Info');
  for (const { value } of objects) {
    for (const dict of dictsIn(value)) {
      const isClaim = claim !== undefined && document.ask(dict, 'Metadata') === claim;
      const mayTell = isClaim && nameOf(document.ask(dict, 'Type')) === 'Catalog' ? 'Metadata' : undefined;
      for (const key of TOLD_KEYS) if (key !== mayTell && dict.entries.has(key)) told.add(key);
    }
    if (!isStream(value)) continue;
    const inside = toldInPicture(value.raw, filtersOf(value, document.resolve).at(-1) ?? '');
    if (inside !== undefined) told.add(inside);
  }
  const none = claim === undefined ? 'none' : 'none but the claim of PDF/A';
  return { name: 'metadata', isMet: told.size === 0, seen: told.size === 0 ? none : [...told].join(', ') };
}
