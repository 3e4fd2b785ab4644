// The segments of a JBIG2 stream by their headers alone: which kinds are there (ITU-T T.88 §7.2).

/** Generic regions, lossless or not, and the frame around them; whatever could swap one letter for another is not among them. */
const ALLOWED = new Set([38, 39, 48, 49, 50, 51]);
const SEGMENTS_MAX = 100_000;

/** Kinds that BSI TR-03138 forbids, in order; undefined: the headers cannot be read to the end. */
export function forbiddenSegments(bytes: Uint8Array): readonly number[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: number[] = [];
  let at = 0;
  for (let i = 0; i < SEGMENTS_MAX && at < bytes.length; i++) {
    const segment = readHeader(view, at);
    if (segment === undefined || segment.end > bytes.length) return undefined;
    if (!ALLOWED.has(segment.kind)) found.push(segment.kind);
    at = segment.end;
  }
  return at === bytes.length ? found : undefined;
}

function readHeader(view: DataView, at: number): { readonly kind: number; readonly end: number } | undefined {
  if (at + 6 > view.byteLength) return undefined;
  const number = view.getUint32(at);
  const flags = view.getUint8(at + 4);
  let place = at + 5;
  let count = view.getUint8(place) >> 5;
  if (count === 7) {
    if (place + 4 > view.byteLength) return undefined;
    count = view.getUint32(place) & 0x1fffffff;
    place += 4 + Math.ceil((count + 1) / 8);
  } else place += 1;
  const referenceBytes = number <= 256 ? 1 : number <= 65_536 ? 2 : 4;
  place += count * referenceBytes + ((flags & 0x40) === 0 ? 1 : 4);
  if (place + 4 > view.byteLength) return undefined;
  const length = view.getUint32(place);
  // a length that is not known ends somewhere in the data: none that we write
  return length === 0xffffffff ? undefined : { kind: flags & 63, end: place + 4 + length };
}
