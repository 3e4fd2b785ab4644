// Which Office documents there are, and by what each is told: parts of its zip (ECMA-376, ODF 1.3), streams of its compound file ([MS-DOC], [MS-XLS], [MS-PPT]).

import { hasRootStream, isCfb } from '#formats/cfb/read-cfb.ts';
import { limits } from '#base/limits.ts';
import { readZipEntries } from '../extract/zip-entries.ts';

export const officeFormats = ['docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp', 'doc', 'xls', 'ppt'] as const;
export type OfficeFormat = (typeof officeFormats)[number];

/** What of LibreOffice opens it. */
export type OfficeModule = 'writer' | 'calc' | 'impress';

export const MODULES: Readonly<Record<OfficeFormat, OfficeModule>> = {
  docx: 'writer',
  odt: 'writer',
  doc: 'writer',
  xlsx: 'calc',
  ods: 'calc',
  xls: 'calc',
  pptx: 'impress',
  odp: 'impress',
  ppt: 'impress',
};

export const MAIN_PARTS: readonly (readonly [string, OfficeFormat])[] = [
  ['word/document.xml', 'docx'],
  ['xl/workbook.xml', 'xlsx'],
  ['ppt/presentation.xml', 'pptx'],
];
export const MAIN_STREAMS: readonly (readonly [string, OfficeFormat])[] = [
  ['WordDocument', 'doc'],
  ['Workbook', 'xls'],
  ['Book', 'xls'],
  ['PowerPoint Document', 'ppt'],
];
/** In these an encrypted document of the new kinds is wrapped ([MS-OFFCRYPTO] §2.3). */
export const WRAPPED_STREAMS = ['EncryptedPackage', 'EncryptionInfo'];

/** By its directory alone: whether it can be worked on is another question. What is torn is none. */
export function isOffice(bytes: Uint8Array): boolean {
  return isCfb(bytes) ? isCompound(bytes) : isPaper(bytes);
}

function isCompound(bytes: Uint8Array): boolean {
  return [...MAIN_STREAMS.map(([name]) => name), ...WRAPPED_STREAMS].some((name) => {
    const has = hasRootStream(bytes, name);
    return has.ok && has.value;
  });
}

function isPaper(bytes: Uint8Array): boolean {
  const entries = readZipEntries(bytes, limits.transit.entriesMax);
  if (!entries.ok) return false;
  const paths = new Set(entries.value.map(({ path }) => path));
  if (paths.has('[Content_Types].xml')) return MAIN_PARTS.some(([path]) => paths.has(path));
  return paths.has('mimetype') && paths.has('content.xml') && paths.has('META-INF/manifest.xml');
}
