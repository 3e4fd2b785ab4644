// What the header of a JPEG, PNG or TIFF says; only these three are opened, whatever the library could.

import sharp, { type Metadata } from 'sharp';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { KeepReason } from '../contract.ts';

export type PictureRefusal = { readonly kind: Extract<KeepReason, 'damaged' | 'pictureTooLarge'> };

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

/** `frame` from 0; refused when there is no such frame or it has more pixels than `limits.transit` allows. */
export async function readFacts(bytes: Uint8Array, frame: number): Promise<Result<Metadata, PictureRefusal>> {
  if (!MAGICS.some((magic) => magic.every((byte, index) => bytes[index] === byte))) return err({ kind: 'damaged' });
  const facts = await sharp(bytes, { page: frame, limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  if (facts === undefined || frame >= (facts.pages ?? 1)) return err({ kind: 'damaged' });
  return facts.width * facts.height > PIXELS_MAX ? err({ kind: 'pictureTooLarge' }) : ok(facts);
}
