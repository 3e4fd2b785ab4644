// What a JPEG or JPEG 2000 picture tells beside its pixels: camera, place, author. Names what it found first.

/** Undefined: nothing, or another kind of picture. */
export function toldInPicture(bytes: Uint8Array, filter: string): string | undefined {
  if (filter === 'DCTDecode') return inJpeg(bytes);
  return filter === 'JPXDecode' ? inJpeg2000(bytes) : undefined;
}

/** Walks the segments up to the first scan (ISO 10918-1 B.1.1.4). */
function inJpeg(bytes: Uint8Array): string | undefined {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === 0xda) return undefined;
    if (marker === 0xe1) return 'Exif or XMP in a picture';
    if (marker === 0xed) return 'IPTC in a picture';
    if (marker === 0xfe) return 'a comment in a picture';
    at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  }
  return undefined;
}

function inJpeg2000(bytes: Uint8Array): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes[4] !== 0x6a || bytes[5] !== 0x50) return undefined;
  for (let at = 0; at + 8 <= bytes.length;) {
    const kind = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (kind === 'uuid' || kind === 'xml ') return 'XMP in a picture';
    const length = view.getUint32(at);
    if (length < 8) return undefined;
    at += length;
  }
  return undefined;
}
