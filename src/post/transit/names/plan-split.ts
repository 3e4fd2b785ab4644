// Which files go together when there are more, or heavier ones, than one letter may carry (ERVB 2022 no. 3).

import { limits } from '#base/limits.ts';

/** Indices in order, one list a letter; one list when all fit. A file that is too large alone stands alone. */
export function planSplit(sizesBytes: readonly number[]): readonly (readonly number[])[] {
  const letters: number[][] = [[]];
  let bytes = 0;
  for (const [index, size] of sizesBytes.entries()) {
    const last = letters.at(-1) ?? [];
    const isFull = last.length >= limits.transit.filesBackMax || bytes + size > limits.transit.bytesBackMax;
    if (isFull && last.length > 0) {
      letters.push([index]);
      bytes = size;
    } else {
      last.push(index);
      bytes += size;
    }
  }
  return letters;
}
