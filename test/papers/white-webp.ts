// White sheets of any size in 38 bytes: a WebP without losses needs no bit for a pixel of the only colour there is (RFC 9649 §3.4, §3.7).

import sharp from 'sharp';

const SIGNATURE = 0x2f;

/** At most 16,384 each way. */
export async function whiteWebp(width: number, height: number): Promise<Buffer> {
  const dot = sharp({ create: { width: 1, height: 1, channels: 3, background: '#fff' } });
  const bytes = await dot.webp({ lossless: true }).toBuffer();
  const at = bytes.indexOf('VP8L') + 8;
  if (bytes[at] !== SIGNATURE) throw new Error('this WebP is packed another way');
  const flags = bytes.readUInt32LE(at + 1) & 0xf0000000;
  bytes.writeUInt32LE(((width - 1) | ((height - 1) << 14) | flags) >>> 0, at + 1);
  return bytes;
}
