// How many pixels the largest picture of a HEIF file makes its decoder unpack, told before it is decoded (ISO/IEC 23008-12 §6.5.3, §6.6.2).

import { type Box, listBoxes, listInside } from './boxes.ts';
import { hevcPixels } from './hevc-size.ts';

const FULL_HEAD_BYTES = 4;

/** By its size, its coder's size, and the sum of the tiles it is put together from; undefined: the boxes cannot be read. */
export function heifPixels(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const meta = listBoxes(view, 0, bytes.length)?.find(({ type }) => type === 'meta');
  const boxes = meta && listInside(view, meta, FULL_HEAD_BYTES);
  const properties = boxes?.find(({ type }) => type === 'iprp');
  const parts = properties && listInside(view, properties, 0);
  const container = parts?.find(({ type }) => type === 'ipco');
  const sizes = container && listInside(view, container, 0)?.map((box) => pixelsOf(view, box));
  if (boxes === undefined || parts === undefined || sizes === undefined) return undefined;
  const items = new Map<number, number>();
  for (const box of parts) if (box.type === 'ipma') readLinks(view, box, { sizes, items });
  let largest = Math.max(0, ...items.values());
  const references = boxes.find(({ type }) => type === 'iref');
  if (references === undefined) return largest;
  const isWide = view.getUint8(references.from) > 0;
  const lists = listInside(view, references, FULL_HEAD_BYTES);
  if (lists === undefined) return undefined;
  for (const list of lists)
    if (list.type === 'dimg') largest = Math.max(largest, tilesOf(view, list, { isWide, items }));
  return largest;
}

/** 0: a property that says nothing of size. */
function pixelsOf(view: DataView, { type, from, end }: Box): number {
  if (type === 'ispe') return from + 12 > end ? 0 : view.getUint32(from + 4) * view.getUint32(from + 8);
  if (type !== 'hvcC') return 0;
  return hevcPixels(new Uint8Array(view.buffer, view.byteOffset + from, end - from));
}

interface Links {
  /** Of each property. */
  readonly sizes: readonly number[];
  /** What its properties say at most, by number of the item. */
  readonly items: Map<number, number>;
}

/** §9.3.2; a list that breaks off ends. */
function readLinks(view: DataView, { from, end }: Box, { sizes, items }: Links): void {
  if (from + 8 > end) return;
  const idBytes = view.getUint8(from) > 0 ? 4 : 2;
  const linkBytes = (view.getUint8(from + 3) & 1) === 0 ? 1 : 2;
  let at = from + 8;
  for (let left = view.getUint32(from + 4); left > 0 && at + idBytes + 1 <= end; left--) {
    const id = idBytes === 4 ? view.getUint32(at) : view.getUint16(at);
    const count = view.getUint8(at + idBytes);
    at += idBytes + 1;
    for (let link = 0; link < count && at + linkBytes <= end; link++, at += linkBytes) {
      const index = linkBytes === 2 ? view.getUint16(at) & 0x7fff : view.getUint8(at) & 0x7f;
      items.set(id, Math.max(items.get(id) ?? 0, sizes[index - 1] ?? 0));
    }
  }
}

/** Each tile is decoded as often as it is named. */
function tilesOf(
  view: DataView,
  { from, end }: Box,
  { isWide, items }: { readonly isWide: boolean; readonly items: ReadonlyMap<number, number> },
): number {
  const idBytes = isWide ? 4 : 2;
  if (from + idBytes + 2 > end) return 0;
  let sum = 0;
  let at = from + idBytes + 2;
  for (let left = view.getUint16(from + idBytes); left > 0 && at + idBytes <= end; left--, at += idBytes)
    sum += items.get(isWide ? view.getUint32(at) : view.getUint16(at)) ?? 0;
  return sum;
}
