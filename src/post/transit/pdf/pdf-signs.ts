// Looks through every object of a PDF, old versions too, for what forbids to touch it: encryption, signatures, invoices.

import {
  dictsIn,
  entry,
  isArray,
  isDict,
  isRef,
  isStream,
  isString,
  nameOf,
  textOf,
  type PdfDict,
  type PdfObject,
  type PdfValue,
} from '#formats/pdf-read/pdf-value.ts';
import { decodeStream } from '#formats/pdf-read/decode-stream.ts';
import { findBytes } from '#formats/pdf-read/pdf-object.ts';
import { limits } from '#base/limits.ts';

export interface PdfSigns {
  readonly isEncrypted: boolean;
  readonly isSigned: boolean;
  readonly isInvoice: boolean;
  readonly hasActive: boolean;
  /** Its pages are made by a form machine when it is opened: what stands in it as pages is a place holder. */
  readonly isDynamicForm: boolean;
  readonly hasBookmarks: boolean;
  /** Some page is measured in a unit of its own (ISO 32000-2 §7.7.3.3, `UserUnit`). */
  readonly hasOwnUnit: boolean;
}

export interface SignsInput {
  readonly bytes: Uint8Array;
  readonly objects: readonly PdfObject[];
  readonly trailers: readonly PdfDict[];
  readonly resolve: (value: PdfValue | undefined) => PdfValue | undefined;
}

const BYTE_RANGE = new TextEncoder().encode('/ByteRange');
const INVOICE_NAME = /^(factur-x|zugferd-invoice|xrechnung|order-x|cii|.*ubl[-_ ]?invoice.*|.*zugferd.*)\.xml$/i;
const INVOICE_XMP = /urn:(factur-x|zugferd|ferd|cen\.eu:en16931)|:xrechnung|order-x/i;
export const INVOICE_ROOT =
  /<([\w.-]+:)?(CrossIndustryInvoice|CrossIndustryDocument|Invoice|CreditNote|SCRDMCCBDACIOMessageStructure)[\s>]/;

const ACTIVE_KEYS = [
  'JS',
  'JavaScript',
  'AA',
  'OpenAction',
  'EmbeddedFiles',
  'XFA',
  'EF',
  'RichMediaContent',
  'RichMediaSettings',
];
const ACTIVE_ACTIONS = new Set(
  [
    'JavaScript',
    'Launch',
    'SubmitForm',
    'ImportData',
    'ResetForm',
    'Rendition',
    'Movie',
    'Sound',
    'GoToE',
    'GoToR',
  ].concat(['RichMediaExecute', 'GoTo3DView', 'Hide', 'Trans', 'SetOCGState', 'GoToDp']),
);
const ACTIVE_ANNOTATIONS = new Set(['FileAttachment', 'RichMedia', 'Screen', 'Movie', 'Sound', '3D']);

/** When in doubt it is signed: an untouched file is never wrong, a broken signature always is. */
export function findSigns(input: SignsInput): PdfSigns {
  const { bytes, objects, trailers, resolve } = input;
  const signs = {
    isSigned: findBytes(bytes, BYTE_RANGE, 0) >= 0,
    isInvoice: false,
    hasActive: false,
    isDynamicForm: false,
    hasBookmarks: false,
    hasOwnUnit: false,
  };
  for (const { value } of objects) {
    for (const dict of dictsIn(value)) {
      signs.isSigned ||= isSignature(dict, resolve);
      signs.hasActive ||= isActive(dict, resolve);
      signs.isInvoice ||= INVOICE_NAME.test(fileName(dict, resolve) ?? '');
      signs.isDynamicForm ||= resolve(dict.entries.get('NeedsRendering')) === true;
      signs.hasBookmarks ||= hasBookmarks(dict, resolve);
      signs.hasOwnUnit ||= (resolve(dict.entries.get('UserUnit')) ?? 1) !== 1;
    }
    signs.isInvoice ||= saysInvoice(value, resolve);
  }
  const isEncrypted = trailers.some(
    (trailer) => trailer.entries.has('Encrypt') && resolve(trailer.entries.get('Encrypt')) !== null,
  );
  return { ...signs, isEncrypted };
}

/** A signature, a time stamp of the document, rights that a signature grants, or a field that waits for one. */
function isSignature({ entries }: PdfDict, resolve: SignsInput['resolve']): boolean {
  const type = nameOf(resolve(entries.get('Type')));
  if (type === 'Sig' || type === 'DocTimeStamp' || type === 'SigRef') return true;
  if (nameOf(resolve(entries.get('FT'))) === 'Sig') return true;
  const hasRange = isArray(resolve(entries.get('ByteRange')));
  return (
    hasRange || (entries.has('DocMDP') && !entries.has('TransformMethod')) || entries.has('UR3') || entries.has('DSS')
  );
}

function isActive({ entries }: PdfDict, resolve: SignsInput['resolve']): boolean {
  if (ACTIVE_KEYS.some((key) => entries.has(key) && resolve(entries.get(key)) !== null)) return true;
  if (ACTIVE_ACTIONS.has(nameOf(resolve(entries.get('S'))) ?? '') && !entries.has('Pg')) return true;
  return ACTIVE_ANNOTATIONS.has(nameOf(resolve(entries.get('Subtype'))) ?? '') && entries.has('Rect');
}

/** Of a catalog. */
function hasBookmarks({ entries }: PdfDict, resolve: SignsInput['resolve']): boolean {
  const outlines = resolve(entries.get('Outlines'));
  return isDict(outlines) && outlines.entries.has('First');
}

/** Of a file specification. */
export function fileName(dict: PdfDict, resolve: SignsInput['resolve']): string | undefined {
  const name = resolve(dict.entries.get('UF')) ?? resolve(dict.entries.get('F'));
  return isString(name) ? textOf(name) : undefined;
}

function saysInvoice(value: PdfValue, resolve: SignsInput['resolve']): boolean {
  if (!isStream(value)) return false;
  const type = nameOf(resolve(entry(value, 'Type')));
  if (type !== 'Metadata' && type !== 'EmbeddedFile') return false;
  const decoded = decodeStream(value, resolve, limits.transit.pdfContentBytes);
  if (!decoded.ok) return false;
  const plainText = new TextDecoder('latin1').decode(decoded.value.subarray(0, 65_536)).replaceAll('\0', '');
  return type === 'Metadata' ? INVOICE_XMP.test(plainText) : INVOICE_ROOT.test(plainText);
}

/** Resolves references among objects that were found by looking at every byte: the last of a number counts. */
export function resolveAmong(objects: readonly PdfObject[]): SignsInput['resolve'] {
  const byNumber = new Map(objects.map(({ number, value }) => [number, value]));
  return (value) => {
    let found = value;
    for (let i = 0; i < 16 && isRef(found); i++) found = byNumber.get(found.number) ?? null;
    return isRef(found) ? null : found;
  };
}
