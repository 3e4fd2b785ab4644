// What is taken out of each object of a PDF: what acts by itself, reaches outside, or tells who made it.

import {
  PDFArray,
  PDFContext,
  PDFDict,
  PDFHexString,
  PDFName,
  PDFRawStream,
  PDFRef,
  PDFStream,
  PDFString,
  type PDFObject,
} from '@cantoo/pdf-lib';
import { limits } from '#base/limits.ts';
import { stripPicture } from './strip-picture.ts';

const DROPPED = [
  'AA',
  'OpenAction',
  'JavaScript',
  'EmbeddedFiles',
  'EF',
  'AF',
  'XFA',
  'NeedsRendering',
  'Collection',
  'Requirements',
  'Perms',
  'Legal',
  'DSS',
  'PieceInfo',
  'LastModified',
  'Metadata',
  'Thumb',
  'SpiderInfo',
  'OPI',
  'Dur',
  'Trans',
  'PresSteps',
  'AlternatePresentations',
  'Renditions',
  'URLS',
  'IDS',
  'PA',
  'CO',
];
/** Of those, the ones whose value may be a stream; elsewhere a stream under such a name is a glyph or a picture. */
const STREAMS = new Set(['Metadata', 'Thumb', 'XFA']);
const DRAWN = new Set(['Font', 'ExtGState', 'Pattern', 'OCG', 'OCMD']);
const ACTION_KEYS = ['A', 'Next'];
const ACTIONS = new Set([
  'GoTo',
  'GoToR',
  'GoToE',
  'GoToDp',
  'Launch',
  'Thread',
  'URI',
  'Sound',
  'Movie',
  'Hide',
  'Named',
  'SubmitForm',
  'ResetForm',
  'ImportData',
  'JavaScript',
  'SetOCGState',
  'Rendition',
  'Trans',
  'GoTo3DView',
  'RichMediaExecute',
]);
/** A step inside the file, and links that a person follows: nothing is fetched until then. */
const HARMLESS = new Set(['GoTo', 'Named']);
const LINK = /^(https?:\/\/|mailto:)/i;
/** What such a mark looked like stays; what it carried or played goes. */
const MEDIA = new Set(['FileAttachment', 'RichMedia', 'Screen', 'Movie', 'Sound', '3D']);
const MEDIA_KEYS = [
  'FS',
  'RichMediaContent',
  'RichMediaSettings',
  'MK',
  'A',
  'Movie',
  'Sound',
  '3DD',
  '3DV',
  '3DA',
  '3DI',
];

/** False: the document needs data from outside, so it cannot be cleaned without loss. */
export function cleanObjects(context: PDFContext): boolean {
  for (const [ref, object] of context.enumerateIndirectObjects()) {
    if (object instanceof PDFStream && object.dict.has(PDFName.of('F'))) return false;
    cleanValue(context, object, 0);
    if (object instanceof PDFRawStream) {
      const slim = stripPicture(object) ?? packed(context, object);
      if (slim !== undefined) context.assign(ref, slim);
    }
  }
  return true;
}

function cleanValue(context: PDFContext, value: PDFObject, depth: number): void {
  if (depth > limits.transit.pdfDepthMax) return;
  if (value instanceof PDFArray) for (const item of value.asArray()) cleanValue(context, item, depth + 1);
  const dict = value instanceof PDFStream ? value.dict : value;
  if (!(dict instanceof PDFDict)) return;
  cleanDict(context, dict);
  for (const [, inner] of dict.entries()) cleanValue(context, inner, depth + 1);
}

function cleanDict(context: PDFContext, dict: PDFDict): void {
  for (const key of DROPPED) {
    const value = context.lookup(dict.get(PDFName.of(key)));
    if (STREAMS.has(key) || !isDrawn(context, value)) dict.delete(PDFName.of(key));
  }
  for (const key of ACTION_KEYS) {
    const action = context.lookup(dict.get(PDFName.of(key)));
    if (action instanceof PDFDict && !mayStay(context, action, key)) dict.delete(PDFName.of(key));
  }
  // the base of relative links of the whole document; that of a link is a string
  if (context.lookup(dict.get(PDFName.of('URI'))) instanceof PDFDict) dict.delete(PDFName.of('URI'));
  const subtype = nameIn(context, dict, 'Subtype');
  // a page of another file
  if (subtype === 'Form') dict.delete(PDFName.of('Ref'));
  if (MEDIA.has(subtype ?? '') && dict.has(PDFName.of('Rect'))) {
    for (const key of MEDIA_KEYS) dict.delete(PDFName.of(key));
    dict.set(PDFName.of('Subtype'), PDFName.of('Stamp'));
  }
}

/** Fonts and pictures are called as their program likes: one called AA is no action. */
function isDrawn(context: PDFContext, value: PDFObject | undefined): boolean {
  return value instanceof PDFStream || (value instanceof PDFDict && DRAWN.has(nameIn(context, value, 'Type') ?? ''));
}

function mayStay(context: PDFContext, action: PDFDict, key: string): boolean {
  const kind = nameIn(context, action, 'S') ?? '';
  // not an action at all: the next bookmark, attributes of a heading
  if (!ACTIONS.has(kind)) return nameIn(context, action, 'Type') !== 'Action';
  if (key === 'Next') return false;
  if (HARMLESS.has(kind)) return true;
  const uri = context.lookup(action.get(PDFName.of('URI')));
  const isText = uri instanceof PDFString || uri instanceof PDFHexString;
  return kind === 'URI' && isText && LINK.test(uri.decodeText());
}

function nameIn(context: PDFContext, dict: PDFDict, key: string): string | undefined {
  const name = context.lookup(dict.get(PDFName.of(key)));
  return name instanceof PDFName ? name.decodeText() : undefined;
}

/** What stands unpacked in the file is deflated, so that cleaning does not make it grow. */
function packed(context: PDFContext, stream: PDFRawStream): PDFStream | undefined {
  if (stream.dict.has(PDFName.of('Filter')) || stream.contents.length < 64) return undefined;
  const entries = Object.fromEntries(stream.dict.entries().map(([key, value]) => [key.decodeText(), value]));
  return context.flateStream(stream.contents, entries);
}

/** Deletes what nothing on the way from the catalog names: older versions, attachments, orphans. */
export function sweep(context: PDFContext): void {
  const seen = new Set<PDFRef>();
  const waiting: PDFObject[] = [context.trailerInfo.Root].filter((root) => root !== undefined);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next instanceof PDFRef) {
      if (seen.has(next)) continue;
      seen.add(next);
      const object = context.lookup(next);
      if (object !== undefined) waiting.push(object);
    } else if (next instanceof PDFArray) waiting.push(...next.asArray());
    else if (next instanceof PDFStream) waiting.push(...next.dict.values());
    else if (next instanceof PDFDict) waiting.push(...next.values());
  }
  for (const [ref] of context.enumerateIndirectObjects()) if (!seen.has(ref)) context.delete(ref);
}
