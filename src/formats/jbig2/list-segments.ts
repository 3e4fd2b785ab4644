// Headers of the segments of an embedded JBIG2 stream, so that it can be seen what it is made of (ITU-T T.88 §7.2).

import { err, ok, type Result } from '#base/result.ts';

export interface Jbig2Segment {
  readonly number: number;
  /** 0 symbol dictionary, 4–7 text, 36–39 generic region, 40–43 refinement, 48 page … (§7.3). */
  readonly type: number;
  readonly page: number;
  /** Where its data begin, and how many bytes they are. */
  readonly at: number;
  readonly length: number;
}

export type Jbig2Refusal = { readonly kind: 'damaged'; readonly at: number };

const SEGMENTS_MAX = 10_000;
const PAGE_INFORMATION = 48;
const GENERIC_REGIONS: readonly number[] = [36, 38, 39];
const LENGTH_UNKNOWN = 0xffffffff;
const REFERRED_LONG = 7;

/** Refuses what runs over the end, and lengths that only a decoder could find. */
export function listSegments(stream: Uint8Array): Result<readonly Jbig2Segment[], Jbig2Refusal> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  const segments: Jbig2Segment[] = [];
  let at = 0;
  while (at < stream.length) {
    const segment = segments.length < SEGMENTS_MAX ? readHead(view, at) : undefined;
    if (segment === undefined || segment.at + segment.length > stream.length) return err({ kind: 'damaged', at });
    segments.push(segment);
    at = segment.at + segment.length;
  }
  return ok(segments);
}

/** Only page information and generic regions: no letter can have been put in another’s place. */
export function isGenericOnly(segments: readonly Jbig2Segment[]): boolean {
  return segments.every(({ type }) => type === PAGE_INFORMATION || GENERIC_REGIONS.includes(type));
}

function readHead(view: DataView, start: number): Jbig2Segment | undefined {
  if (start + 11 > view.byteLength) return undefined;
  const number = view.getUint32(start);
  const flags = view.getUint8(start + 4);
  let at = start + 5;
  let referred = view.getUint8(at) >> 5;
  if (referred === REFERRED_LONG) {
    referred = view.getUint32(at) & 0x1fffffff;
    at += 4 + ((referred + 8) >> 3);
  } else at += 1;
  at += referred * (number <= 256 ? 1 : number <= 65_536 ? 2 : 4);
  const pageBytes = flags & 0x40 ? 4 : 1;
  if (at + pageBytes + 4 > view.byteLength) return undefined;
  const page = pageBytes === 4 ? view.getUint32(at) : view.getUint8(at);
  const length = view.getUint32(at + pageBytes);
  if (length === LENGTH_UNKNOWN) return undefined;
  return { number, type: flags & 0x3f, page, at: at + pageBytes + 4, length };
}
