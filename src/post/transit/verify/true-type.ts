// What a TrueType program says of itself: how many glyphs, and how wide each is (OpenType 1.9: head, hhea, hmtx, maxp, loca, glyf).

export interface TrueType {
  /** In thousandths of the size; undefined: there is no such glyph. */
  readonly widthOf: (glyph: number) => number | undefined;
}

const TABLES_MAX = 64;
const VERSIONS = new Set([0x00010000, 0x74727565]);

/** Undefined: no program, or one that lacks what PDF asks for (ISO 32000-1 §9.9). */
export function readTrueType(bytes: Uint8Array): TrueType | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 12 || !VERSIONS.has(view.getUint32(0))) return undefined;
  const count = view.getUint16(4);
  if (count > TABLES_MAX || 12 + count * 16 > bytes.length) return undefined;
  const tables = new Map<string, DataView>();
  for (let at = 12; at < 12 + count * 16; at += 16) {
    const [offset, length] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (offset + length > bytes.length) return undefined;
    const tag = String.fromCharCode(...bytes.subarray(at, at + 4));
    tables.set(tag, new DataView(bytes.buffer, bytes.byteOffset + offset, length));
  }
  const [head, hhea, hmtx, maxp, loca, glyf] = ['head', 'hhea', 'hmtx', 'maxp', 'loca', 'glyf'].map((tag) =>
    tables.get(tag),
  );
  if (!head || !hhea || !hmtx || !maxp || !loca || !glyf) return undefined;
  if (head.byteLength < 54 || hhea.byteLength < 36 || maxp.byteLength < 6) return undefined;
  const glyphs = maxp.getUint16(4);
  const units = head.getUint16(18);
  const metrics = hhea.getUint16(34);
  const isLong = head.getInt16(50) === 1;
  const isWhole = loca.byteLength >= (glyphs + 1) * (isLong ? 4 : 2);
  if (units === 0 || metrics === 0 || metrics > glyphs || !isWhole) return undefined;
  if (hmtx.byteLength < metrics * 4 + (glyphs - metrics) * 2 || !staysInside(loca, glyphs, isLong, glyf.byteLength))
    return undefined;
  return {
    widthOf: (glyph) =>
      glyph < glyphs ? (hmtx.getUint16(Math.min(glyph, metrics - 1) * 4) * 1000) / units : undefined,
  };
}

/** Outlines lie one behind the other within their table. */
function staysInside(loca: DataView, glyphs: number, isLong: boolean, bytes: number): boolean {
  let before = 0;
  for (let glyph = 0; glyph <= glyphs; glyph++) {
    const at = isLong ? loca.getUint32(glyph * 4) : loca.getUint16(glyph * 2) * 2;
    if (at < before || at > bytes) return false;
    before = at;
  }
  return true;
}
