// What a file is, told by its first bytes and never by its name.

import { hasRootStream, isCfb } from '#formats/cfb/read-cfb.ts';
import { heifSort } from '#formats/heif/heif-sort.ts';
import { cmsTypeOf } from '#formats/message/cms-type.ts';
import { readHeaderSection } from '#formats/message/header-fields.ts';
import { PROPERTIES } from '#formats/msg/property-stream.ts';
import type { FileKind } from '../contract.ts';
import { isOffice } from '../office/office-format.ts';

/** A PDF may begin this far behind the first byte (ISO 32000-1, annex H). */
const PDF_LOOK_BYTES = 1_024;
const LETTER_LOOK_BYTES = 64 * 1_024;
const PDF_MARK = [0x25, 0x50, 0x44, 0x46, 0x2d];

const MAGIC: readonly (readonly [FileKind, readonly number[]])[] = [
  ['pdf', PDF_MARK],
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['tiff', [0x49, 0x49, 0x2a, 0x00]],
  ['tiff', [0x4d, 0x4d, 0x00, 0x2a]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
];
const ARMOR = /^-----BEGIN (?:PKCS7|CMS|PGP SIGNATURE|PGP SIGNED MESSAGE|PGP MESSAGE)-----/;
const OFFICE_STREAMS = ['WordDocument', 'Workbook', 'PowerPoint Document'];
/** One of these names makes no letter, two do. */
const LETTER_FIELDS: ReadonlySet<string> = new Set([
  'from',
  'to',
  'date',
  'subject',
  'message-id',
  'mime-version',
  'received',
  'return-path',
  'content-type',
]);

/** Never fails: what nothing is known about is `other`. */
export function probe(bytes: Uint8Array): FileKind {
  const marked = MAGIC.find(([, magic]) => startsWith(bytes, magic))?.[0];
  if (marked === 'tiff') return isRawPhoto(bytes) ? 'other' : 'tiff';
  if (marked !== undefined) return marked === 'zip' && isOffice(bytes) ? 'office' : marked;
  if (isWebp(bytes)) return 'webp';
  if (heifSort(bytes) !== undefined) return 'heic';
  if (isCfb(bytes)) return isOutlookLetter(bytes) ? 'msg' : isOffice(bytes) ? 'office' : 'other';
  if (cmsTypeOf(bytes) !== undefined || ARMOR.test(latin(bytes, 80))) return 'p7s';
  if (isLetter(bytes)) return 'eml';
  return findPdfMark(bytes) ? 'pdf' : 'other';
}

/** Whether what `probe` calls p7s keeps its content from everybody but its reader. */
export function isEncryptedEnvelope(bytes: Uint8Array): boolean {
  return cmsTypeOf(bytes) === 'encrypted' || latin(bytes, 80).startsWith('-----BEGIN PGP MESSAGE-----');
}

function isWebp(bytes: Uint8Array): boolean {
  return latin(bytes, 4) === 'RIFF' && latin(bytes.subarray(8), 4) === 'WEBP';
}

/** Old Office documents lie in the same paper, and may have a letter inside; what is torn is what it names. */
function isOutlookLetter(bytes: Uint8Array): boolean {
  const has = hasRootStream(bytes, PROPERTIES);
  if (has.ok) return has.value;
  const has16 = (name: string): boolean =>
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(Buffer.from(name, 'utf16le'));
  return has16(PROPERTIES) && !OFFICE_STREAMS.some(has16);
}

function isLetter(bytes: Uint8Array): boolean {
  if (!/^[!-9;-~]{2,60}:[ \t\r\n]/.test(latin(bytes, 80))) return false;
  const names = new Set(readHeaderSection(bytes.subarray(0, LETTER_LOOK_BYTES)).fields.map(({ name }) => name));
  return [...names].filter((name) => LETTER_FIELDS.has(name)).length >= 2 && (names.has('from') || names.has('date'));
}

/** Behind a few words (of a printer, of a server), but not within a container: a tar file of several would come back as its first. */
function findPdfMark(bytes: Uint8Array): boolean {
  const at = latin(bytes, PDF_LOOK_BYTES).indexOf('%PDF-');
  return at >= 0 && !bytes.subarray(0, at).includes(0);
}

const NEW_SUBFILE_TYPE = 254;
const SMALLER_VERSION = 1; // bit 0 of that: the whole picture is elsewhere
const DNG_VERSION = 50_706;
const TIFF_ENTRY = 12;
const TIFF_ENTRIES_MAX = 512;

/** Cameras' own files are TIFFs whose first picture is a small one to look at: that alone would be a loss (TIFF 6.0 §2, DNG 1.7). */
function isRawPhoto(bytes: Uint8Array): boolean {
  if (bytes.length < 16) return false;
  if (latin(bytes.subarray(8), 2) === 'CR') return true;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = bytes[0] === 0x49;
  const from = view.getUint32(4, isLittle);
  if (from + 2 > bytes.length) return false;
  const count = Math.min(view.getUint16(from, isLittle), TIFF_ENTRIES_MAX);
  for (let at = from + 2; at + TIFF_ENTRY <= Math.min(bytes.length, from + 2 + count * TIFF_ENTRY); at += TIFF_ENTRY) {
    const tag = view.getUint16(at, isLittle);
    if (tag === DNG_VERSION) return true;
    if (tag === NEW_SUBFILE_TYPE && (view.getUint32(at + 8, isLittle) & SMALLER_VERSION) !== 0) return true;
  }
  return false;
}

function latin(bytes: Uint8Array, length: number): string {
  return String.fromCharCode(...bytes.subarray(0, length));
}

function startsWith(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[index] === byte);
}
