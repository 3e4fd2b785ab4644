// How many pages a picture has: a TIFF can hold a whole letter, and a HEIC several photos.

import { ok, type Result } from '#base/result.ts';
import { heifSort } from '#formats/heif/heif-sort.ts';
import { countHeic } from './open-heic.ts';
import { readFacts, type PictureRefusal } from './read-facts.ts';

/** 1 for what has no frames. */
export async function countFrames(bytes: Uint8Array): Promise<Result<number, PictureRefusal>> {
  if (heifSort(bytes) !== undefined) return countHeic(bytes);
  const facts = await readFacts(bytes, 0);
  return facts.ok ? ok(facts.value.pages ?? 1) : facts;
}
