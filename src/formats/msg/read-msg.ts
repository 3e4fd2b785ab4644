// Tree of a compound file → what kind of letter it is and what is attached, in order ([MS-OXMSG] §2.2).

import { type CfbStorage, findStorage, findStream } from '../cfb/cfb-tree.ts';
import { decodeCharset } from '../message/charset.ts';
import { ATTACHMENT_HEAD_BYTES, findNumber, LETTER_HEAD_BYTES, PROPERTIES, valueName } from './property-stream.ts';

export interface MsgAttachment {
  /** Of its storage in the letter. */
  readonly storage: string;
  /** As its sender wrote it; may be empty. */
  readonly name: string;
  /** In small letters; may be empty. */
  readonly mediaType: string;
  /** The text shows it where it refers to it, and lists it nowhere. */
  readonly isShownInText: boolean;
  /** Bytes, a letter, or nothing that could be taken out: a link, an object of another program. */
  readonly content:
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
    | { readonly kind: 'letter'; readonly letter: CfbStorage }
    | { readonly kind: 'none' };
}

export interface MsgView {
  /** `IPM.Note` and its kin; may be empty. */
  readonly messageClass: string;
  readonly attachments: readonly MsgAttachment[];
}

const STRING = 0x001f;
const STRING8 = 0x001e;
const BINARY = 0x0102;
const OBJECT = 0x000d;
const INTEGER = 0x0003;
const BOOLEAN = 0x000b;

const MESSAGE_CLASS = 0x001a;
const CODEPAGE = 0x3ffd;
const INTERNET_CODEPAGE = 0x3fde;
const DATA = 0x3701;
const METHOD = 0x3705;
const LONG_NAME = 0x3707;
const SHORT_NAME = 0x3704;
const SHOWN_NAME = 0x3001;
const MEDIA_TYPE = 0x370e;
const CONTENT_ID = 0x3712;
const FLAGS = 0x3714;
const HIDDEN = 0x7ffe;

const BY_VALUE = 1;
const EMBEDDED = 5;
/** afByValue is what a table without the property means, as other programs write it. */
const METHOD_UNSAID = BY_VALUE;
const SHOWN_FLAG = 4;
const ATTACHMENT = /^__attach_version1\.0_#([0-9A-F]{8})$/i;
const utf16 = new TextDecoder('utf-16le');

export const DATA_ID = DATA;
export const DATA_TYPE = BINARY;
export const LETTER_VALUE = valueName(DATA, OBJECT);
export const DATA_VALUE = valueName(DATA, BINARY);

export function isMsg(root: CfbStorage): boolean {
  return findStream(root, PROPERTIES) !== undefined;
}

export function readMsg(root: CfbStorage): MsgView {
  const table = findStream(root, PROPERTIES) ?? new Uint8Array();
  const page =
    findNumber(table, LETTER_HEAD_BYTES, CODEPAGE, INTEGER) ??
    findNumber(table, LETTER_HEAD_BYTES, INTERNET_CODEPAGE, INTEGER);
  const storages = root.children.filter((node) => node.kind === 'storage' && ATTACHMENT.test(node.name));
  return {
    messageClass: textOf(root, MESSAGE_CLASS, page),
    attachments: storages
      .toSorted((one, other) => numberOf(one.name) - numberOf(other.name))
      .flatMap((storage) => (storage.kind === 'storage' ? [readAttachment(storage, page)] : [])),
  };
}

function readAttachment(storage: CfbStorage, page: number | undefined): MsgAttachment {
  const table = findStream(storage, PROPERTIES) ?? new Uint8Array();
  const number = (id: number, type: number): number | undefined => findNumber(table, ATTACHMENT_HEAD_BYTES, id, type);
  const names = [LONG_NAME, SHORT_NAME, SHOWN_NAME].map((id) => textOf(storage, id, page));
  const isHidden = ((number(HIDDEN, BOOLEAN) ?? 0) & 0xff) !== 0;
  const isReferredTo = ((number(FLAGS, INTEGER) ?? 0) & SHOWN_FLAG) !== 0;
  return {
    storage: storage.name,
    name: names.find((name) => name !== '') ?? '',
    mediaType: textOf(storage, MEDIA_TYPE, page).toLowerCase(),
    isShownInText: textOf(storage, CONTENT_ID, page) !== '' && (isHidden || isReferredTo),
    content: contentOf(storage, number(METHOD, INTEGER) ?? METHOD_UNSAID),
  };
}

function contentOf(storage: CfbStorage, method: number): MsgAttachment['content'] {
  const letter = findStorage(storage, LETTER_VALUE);
  if (method === EMBEDDED && letter !== undefined && isMsg(letter)) return { kind: 'letter', letter };
  const bytes = findStream(storage, DATA_VALUE);
  return method === BY_VALUE && bytes !== undefined && bytes.length > 0 ? { kind: 'bytes', bytes } : { kind: 'none' };
}

function textOf(storage: CfbStorage, id: number, page: number | undefined): string {
  const wide = findStream(storage, valueName(id, STRING));
  const text =
    wide === undefined
      ? decodeCharset(findStream(storage, valueName(id, STRING8)) ?? new Uint8Array(), labelOf(page))
      : utf16.decode(wide);
  return text.replace(/\0+$/, '');
}

const LABELS: ReadonlyMap<number, string> = new Map([
  [932, 'shift_jis'],
  [936, 'gbk'],
  [949, 'euc-kr'],
  [950, 'big5'],
  [20_127, 'us-ascii'],
  [20_866, 'koi8-r'],
  [50_220, 'iso-2022-jp'],
  [54_936, 'gb18030'],
  [65_001, 'utf-8'],
]);
const ISO_FIRST = 28_590;

/** The name by which the web knows a code page of Windows. */
function labelOf(page: number | undefined): string {
  if (page === undefined) return 'windows-1252';
  if (page > ISO_FIRST && page < ISO_FIRST + 16) return `iso-8859-${page - ISO_FIRST}`;
  return LABELS.get(page) ?? `windows-${page}`;
}

function numberOf(name: string): number {
  return Number.parseInt(ATTACHMENT.exec(name)?.[1] ?? '', 16);
}
