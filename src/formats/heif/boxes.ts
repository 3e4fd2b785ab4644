// Boxes one behind the other (ISO/IEC 14496-12 §4.2); what reaches beyond its place ends the list.

export interface Box {
  readonly type: string;
  /** Where its content begins and ends. */
  readonly from: number;
  readonly end: number;
}

const HEAD_BYTES = 8;
const LARGE_HEAD_BYTES = 16;
const BOXES_MAX = 20_000;

/** Undefined: one of them lies about its size, or there are too many. */
export function listBoxes(view: DataView, from: number, end: number): readonly Box[] | undefined {
  const found: Box[] = [];
  for (let at = from; at < end;) {
    if (at + HEAD_BYTES > end || found.length >= BOXES_MAX) return undefined;
    const said = view.getUint32(at);
    const isLarge = said === 1;
    if (isLarge && at + LARGE_HEAD_BYTES > end) return undefined;
    const head = isLarge ? LARGE_HEAD_BYTES : HEAD_BYTES;
    const size = isLarge ? Number(view.getBigUint64(at + HEAD_BYTES)) : said;
    const boxEnd = size === 0 ? end : at + size;
    if (boxEnd > end || boxEnd < at + head) return undefined;
    found.push({ type: fourLetters(view, at + 4), from: at + head, end: boxEnd });
    at = boxEnd;
  }
  return found;
}

/** Behind so many bytes of the box's own. */
export function listInside(view: DataView, { from, end }: Box, skip: number): readonly Box[] | undefined {
  return from + skip > end ? undefined : listBoxes(view, from + skip, end);
}

export function fourLetters(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
