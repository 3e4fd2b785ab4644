// What the header of a JPEG, PNG, TIFF or WebP says; only these four are opened, whatever the library could.

import sharp, { type Metadata } from 'sharp';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { KeepReason } from '../contract.ts';

export type PictureRefusal = { readonly kind: Extract<KeepReason, 'damaged' | 'pictureTooLarge' | 'animated'> };

// One page is the unit of work: its worker has one core, and nothing of it stays in a cache.
sharp.concurrency(1);
sharp.cache(false);

const PIXELS_MAX = limits.transit.pictureMegapixels * 1_000_000;
const MAGICS = [
  [0xff, 0xd8, 0xff],
  [0x89, 0x50, 0x4e, 0x47],
  [0x49, 0x49, 0x2a, 0x00],
  [0x4d, 0x4d, 0x00, 0x2a],
  [0x49, 0x49, 0x2b, 0x00],
] as const;
const RIFF = [0x52, 0x49, 0x46, 0x46] as const;
const WEBP = [0x57, 0x45, 0x42, 0x50] as const;

/** `frame` from 0; a moving picture is none of these. Refused when there is no such frame or it has more pixels than `limits.transit` allows. */
export async function readFacts(bytes: Uint8Array, frame: number): Promise<Result<Metadata, PictureRefusal>> {
  const isWebp = startsWith(bytes, RIFF) && startsWith(bytes.subarray(8), WEBP);
  if (!isWebp && !MAGICS.some((magic) => startsWith(bytes, magic))) return err({ kind: 'damaged' });
  const facts = await sharp(bytes, { page: frame, limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (facts === undefined || frame >= (facts.pages ?? 1)) return err({ kind: 'damaged' });
  if ((isWebp && (facts.pages ?? 1) > 1) || isMovingPng(bytes)) return err({ kind: 'animated' });
  return facts.width * facts.height > PIXELS_MAX ? err({ kind: 'pictureTooLarge' }) : ok(facts);
}

const PNG_HEAD = 8;
const CHUNK_FRAME = 12; // length, name and check sum around what a chunk holds
const CHUNKS_LOOKED_AT = 1_000; // notes and profiles before the first picture

/** The library shows the first of its pictures and does not say that there are more (PNG, third edition: `acTL` stands before `IDAT`). */
function isMovingPng(bytes: Uint8Array): boolean {
  if (!startsWith(bytes, MAGICS[1])) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = PNG_HEAD;
  for (let chunks = 0; chunks < CHUNKS_LOOKED_AT && at + CHUNK_FRAME <= bytes.length; chunks++) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === 'acTL') return view.getUint32(at + 8) > 1;
    if (name === 'IDAT') return false;
    at += CHUNK_FRAME + view.getUint32(at);
  }
  return false;
}

function startsWith(bytes: Uint8Array, wanted: readonly number[]): boolean {
  return wanted.every((byte, index) => bytes[index] === byte);
}
