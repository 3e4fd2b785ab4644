// How many pictures of a HEIF file are there to be seen by themselves: not hidden, and no thumbnail, depth or mask of another (ISO/IEC 23008-12 §6.4; ISO/IEC 14496-12 §8.11.6, §8.11.12).

import { type Box, fourLetters, listBoxes, listInside } from './boxes.ts';

const FULL_HEAD_BYTES = 4;
const HIDDEN = 1;
const PICTURES = new Set([
  'hvc1',
  'hev1',
  'av01',
  'avc1',
  'vvc1',
  'j2k1',
  'jpeg',
  'unci',
  'grid',
  'iovl',
  'iden',
  'tili',
]);
/** Who refers so is something about another picture. */
const ASIDE = new Set(['thmb', 'auxl']);

/** By the boxes alone; undefined: they cannot be read. */
export function heifPages(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meta = listBoxes(view, 0, bytes.length)?.find(({ type }) => type === 'meta');
  const boxes = meta && listInside(view, meta, FULL_HEAD_BYTES);
  const list = boxes?.find(({ type }) => type === 'iinf');
  const entries = list && listInside(view, list, FULL_HEAD_BYTES + (versionOf(view, list) === 0 ? 2 : 4));
  if (boxes === undefined || entries === undefined) return undefined;
  const shown = new Set<number>();
  for (const entry of entries) {
    const id = shownPicture(view, entry);
    if (id !== undefined) shown.add(id);
  }
  const references = boxes.find(({ type }) => type === 'iref');
  const lists = references === undefined ? [] : listInside(view, references, FULL_HEAD_BYTES);
  if (lists === undefined) return undefined;
  const isWide = references !== undefined && versionOf(view, references) > 0;
  for (const { type, from, end } of lists) {
    if (!ASIDE.has(type) || from + (isWide ? 4 : 2) > end) continue;
    shown.delete(isWide ? view.getUint32(from) : view.getUint16(from));
  }
  return shown.size;
}

/** Number of the item, if it is a picture to be shown. */
function shownPicture(view: DataView, entry: Box): number | undefined {
  if (entry.type !== 'infe' || entry.from + FULL_HEAD_BYTES > entry.end) return undefined;
  const version = versionOf(view, entry);
  const idBytes = version === 2 ? 2 : 4;
  // an id, a number of protection, four letters
  if (version < 2 || entry.from + FULL_HEAD_BYTES + idBytes + 6 > entry.end) return undefined;
  const isHidden = (view.getUint8(entry.from + 3) & HIDDEN) !== 0;
  const at = entry.from + FULL_HEAD_BYTES;
  if (isHidden || !PICTURES.has(fourLetters(view, at + idBytes + 2))) return undefined;
  return idBytes === 2 ? view.getUint16(at) : view.getUint32(at);
}

function versionOf(view: DataView, { from, end }: Box): number {
  return from < end ? view.getUint8(from) : 0;
}
