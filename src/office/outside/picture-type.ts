// What kind of picture bytes are, by their beginning: the label of the server that sent them counts for nothing.

export type PictureType = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/avif' | 'image/bmp';

const BRANDS: ReadonlySet<string> = new Set(['avif', 'avis']);
const BMP_HEADERS: ReadonlySet<number> = new Set([12, 40, 52, 56, 64, 108, 124]);

/** Undefined: none that is handed on. SVG is a document that can ask and run, and has no such beginning. */
export function pictureType(bytes: Uint8Array): PictureType | undefined {
  if (begins(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (begins(bytes, 0, '\xff\xd8\xff')) return 'image/jpeg';
  if (begins(bytes, 0, 'GIF87a') || begins(bytes, 0, 'GIF89a')) return 'image/gif';
  if (begins(bytes, 0, 'RIFF') && begins(bytes, 8, 'WEBPVP8')) return 'image/webp';
  if (begins(bytes, 4, 'ftyp') && BRANDS.has(textAt(bytes, 8, 4))) return 'image/avif';
  // two letters alone would let any text through that begins with them
  if (begins(bytes, 0, 'BM') && BMP_HEADERS.has(numberAt(bytes, 14)) && numberAt(bytes, 6) === 0) return 'image/bmp';
  return undefined;
}

function begins(bytes: Uint8Array, offset: number, latin1: string): boolean {
  return textAt(bytes, offset, latin1.length) === latin1;
}

function textAt(bytes: Uint8Array, offset: number, characters: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + characters));
}

/** Four bytes, the lowest first; -1 behind the end. */
function numberAt(bytes: Uint8Array, offset: number): number {
  if (bytes.length < offset + 4) return -1;
  return new DataView(bytes.buffer, bytes.byteOffset + offset, 4).getUint32(0, true);
}
