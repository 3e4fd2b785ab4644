// How many pages a picture has: a TIFF can hold a whole letter.

import { ok, type Result } from '#base/result.ts';
import { readFacts, type PictureRefusal } from './read-facts.ts';

/** 1 for what has no frames. */
export async function countFrames(bytes: Uint8Array): Promise<Result<number, PictureRefusal>> {
  const facts = await readFacts(bytes, 0);
  return facts.ok ? ok(facts.value.pages ?? 1) : facts;
}
