// What a TIFF says of its resolution across and down: fax machines see twice as many dots across as down (TIFF 6.0 §8, RFC 2301 §2.2.2).

export interface TiffMeasure {
  readonly acrossDpi: number;
  readonly downDpi: number;
}

const LITTLE = 0x4949;
const BIG = 0x4d4d;
const CLASSIC = 42;
const ENTRY = 12;
const ENTRIES_MAX = 512;
const X_RESOLUTION = 282;
const Y_RESOLUTION = 283;
const UNIT = 296;
const UNIT_CM = 3;
const RATIONAL = 5;
const INCH_CM = 2.54;

/** `frame` from 0; undefined: it does not say, or is no classic TIFF. */
export function tiffMeasure(bytes: Uint8Array, frame: number): TiffMeasure | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) return undefined;
  const order = view.getUint16(0);
  if (order !== LITTLE && order !== BIG) return undefined;
  const isLittle = order === LITTLE;
  if (view.getUint16(2, isLittle) !== CLASSIC) return undefined;
  let at = view.getUint32(4, isLittle);
  for (let index = 0; at >= 8 && at + 2 <= bytes.length; index++) {
    const entries = view.getUint16(at, isLittle);
    const end = at + 2 + entries * ENTRY;
    if (entries > ENTRIES_MAX || end + 4 > bytes.length) return undefined;
    if (index === frame) return measureOf(view, { from: at + 2, end }, isLittle);
    at = index < frame ? view.getUint32(end, isLittle) : 0;
  }
  return undefined;
}

function measureOf(
  view: DataView,
  { from, end }: { readonly from: number; readonly end: number },
  isLittle: boolean,
): TiffMeasure | undefined {
  let across = 0;
  let down = 0;
  let perInch = 1;
  for (let at = from; at < end; at += ENTRY) {
    const tag = view.getUint16(at, isLittle);
    if (tag === X_RESOLUTION) across = rationalAt(view, at, isLittle);
    if (tag === Y_RESOLUTION) down = rationalAt(view, at, isLittle);
    if (tag === UNIT && view.getUint16(at + 8, isLittle) === UNIT_CM) perInch = INCH_CM;
  }
  return across > 0 && down > 0 ? { acrossDpi: across * perInch, downDpi: down * perInch } : undefined;
}

/** 0: not there. */
function rationalAt(view: DataView, entry: number, isLittle: boolean): number {
  const place = view.getUint32(entry + 8, isLittle);
  if (view.getUint16(entry + 2, isLittle) !== RATIONAL || place + 8 > view.byteLength) return 0;
  const below = view.getUint32(place + 4, isLittle);
  return below === 0 ? 0 : view.getUint32(place, isLittle) / below;
}
