// An Office document told by its content, and made ready for a converter: without macros and without ways to the outside.

import { zipSync, type Zippable } from 'fflate';
import { isCfb, readCfb } from '#formats/cfb/read-cfb.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { KeepReason } from '../contract.ts';
import type { Budget } from '../extract/budget.ts';
import { openPaper, type Unpacked } from '../extract/open-zip.ts';
import { isEncryptedOld } from './encrypted-old.ts';
import { MAIN_PARTS, MAIN_STREAMS, WRAPPED_STREAMS, type OfficeFormat } from './office-format.ts';
import { stripReferences, stripRelationships } from './strip-links.ts';

export interface PreparedOffice {
  readonly format: OfficeFormat;
  readonly bytes: Uint8Array;
  readonly macrosRemoved: number;
  readonly referencesRemoved: number;
}

type Refusal = { readonly kind: KeepReason };

const ODF = 'application/vnd.oasis.opendocument.';
const ODF_TYPES: ReadonlyMap<string, OfficeFormat> = new Map([
  [`${ODF}text`, 'odt'],
  [`${ODF}spreadsheet`, 'ods'],
  [`${ODF}presentation`, 'odp'],
]);
const MACROS = /(?:^|\/)(?:vbaProject\.bin|vbaData\.xml|vbaProjectSignature[^/]*\.bin)$|^(?:Basic|Scripts)\//i;
const WORD_BODY = 'word/document.xml';
const BODY_END = /<\/(\w*:)body>\s*<\/\1document>\s*$/;
const SAME_TIME = new Date(1980, 0, 1);

/** `unknownKind`: no Office document of these kinds. */
export function prepareOffice(bytes: Uint8Array, budget: Budget): Result<PreparedOffice, Refusal> {
  return isCfb(bytes) ? prepareOld(bytes) : preparePaper(bytes, budget);
}

/** Nothing is taken out of the old kinds: what holds there is what the converter is shut in with. */
function prepareOld(bytes: Uint8Array): Result<PreparedOffice, Refusal> {
  const read = readCfb(bytes);
  if (!read.ok) return read;
  const parts = new Map(read.value.children.map((part) => [part.name, part]));
  if (WRAPPED_STREAMS.some((name) => parts.has(name))) return err({ kind: 'encrypted' });
  if (parts.has('_signatures') || parts.has('_xmlsignatures')) return err({ kind: 'signed' });
  const [name, format] = MAIN_STREAMS.find(([stream]) => parts.has(stream)) ?? [];
  if (name === undefined || format === undefined) return err({ kind: 'unknownKind' });
  const of = (stream: string): Uint8Array => {
    const part = parts.get(stream);
    return part?.kind === 'stream' ? part.bytes : new Uint8Array();
  };
  if (isEncryptedOld(format, of(format === 'ppt' ? 'Current User' : name))) return err({ kind: 'encrypted' });
  return ok({ format, bytes, macrosRemoved: 0, referencesRemoved: 0 });
}

function preparePaper(bytes: Uint8Array, budget: Budget): Result<PreparedOffice, Refusal> {
  const opened = openPaper(bytes, budget);
  if (!opened.ok) return opened;
  const parts = new Map(opened.value.map((part) => [part.path, part]));
  // two of one name: each reader takes another
  if (parts.size !== opened.value.length) return err({ kind: 'damaged' });
  const format = formatOf(parts);
  if (format === undefined) return err({ kind: 'unknownKind' });
  if (opened.value.some(({ path }) => path.startsWith('_xmlsignatures/'))) return err({ kind: 'signed' });
  const isOdf = parts.has('mimetype');
  const manifest = parts.get('META-INF/manifest.xml');
  if (isOdf && manifest !== undefined && textOf(manifest)?.includes('encryption-data') !== false)
    return err({ kind: 'encrypted' });
  const stripped = strip(opened.value, isOdf);
  return stripped === undefined ? err({ kind: 'damaged' }) : ok({ format, ...stripped });
}

function formatOf(parts: ReadonlyMap<string, Unpacked>): OfficeFormat | undefined {
  const mimetype = parts.get('mimetype');
  if (mimetype !== undefined) return ODF_TYPES.get(textOf(mimetype)?.trim() ?? '');
  return parts.has('[Content_Types].xml') ? MAIN_PARTS.find(([path]) => parts.has(path))?.[1] : undefined;
}

/** Undefined: a part that is no plain XML, so that nobody can say what it holds. */
function strip(parts: readonly Unpacked[], isOdf: boolean): Omit<PreparedOffice, 'format'> | undefined {
  const zip: Zippable = {};
  let macrosRemoved = 0;
  let referencesRemoved = 0;
  for (const part of parts) {
    const { path } = part;
    if (MACROS.test(path)) {
      macrosRemoved += 1;
      continue;
    }
    const isRead = isOdf ? /\.(?:xml|rdf)$/i.test(path) : /\.rels$/i.test(path);
    const text = isRead ? textOf(part) : '';
    if (text === undefined || /<!(?:DOCTYPE|ENTITY)/i.test(text)) return undefined;
    const done = isOdf ? stripReferences(withoutMacroEntries(path, text)) : stripRelationships(text);
    referencesRemoved += isRead ? done.removed : 0;
    const options = { mtime: SAME_TIME, level: path === 'mimetype' ? 0 : 6 } as const;
    const made = path === WORD_BODY ? onA4(part) : part.bytes;
    zip[path] = [isRead ? new TextEncoder().encode(done.text) : made, options];
  }
  return { bytes: zipSync(zip), macrosRemoved, referencesRemoved };
}

/** A body that says nothing of its sheets would come out on those of another country. */
function onA4(part: Unpacked): Uint8Array {
  const text = textOf(part);
  const end = text === undefined || /[<:](?:sectPr|pgSz)\b/.test(text) ? null : BODY_END.exec(text);
  if (text === undefined || end === null) return part.bytes;
  const prefix = end[1] ?? '';
  const sheet = `<${prefix}sectPr><${prefix}pgSz ${prefix}w="11906" ${prefix}h="16838"/></${prefix}sectPr>`;
  return new TextEncoder().encode(text.slice(0, end.index) + sheet + text.slice(end.index));
}

/** The list of parts must not name what is gone. */
function withoutMacroEntries(path: string, text: string): string {
  if (path !== 'META-INF/manifest.xml') return text;
  return text.replace(/<manifest:file-entry\b[^>]*full-path="(?:Basic|Scripts)\/[^"]*"[^>]*\/>/g, '');
}

/** Undefined: not UTF-8. */
function textOf({ bytes }: Unpacked): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
