// Dust goes, dots of letters stay: only groups of very few pixels, and only where no other ink is near.

const DUST_PIXELS = 2; // go unless they touch something at two pixels' distance
const SPECK_PIXELS = 7; // go when they lie alone; a full stop of 6 points has nine at 300 dpi
const DUST_NEAR = 2;
const SPECK_NEAR = 16;

/** In place; one byte a pixel, 1 is ink. Sizes are those of 300 dpi. */
export function despeckle(isInk: Uint8Array, width: number, height: number): void {
  const group = new Int32Array(SPECK_PIXELS + 1);
  for (let at = 0; at < isInk.length; at++) {
    if (isInk[at] === 0 || isInk[at - 1] === 1 || hasAbove(isInk, at, width)) continue;
    const size = gather(isInk, at, width, group);
    if (size > SPECK_PIXELS) continue;
    const near = size <= DUST_PIXELS ? DUST_NEAR : SPECK_NEAR;
    const speck = group.subarray(0, size);
    if (isAlone(isInk, speck, { width, height }, near)) for (const pixel of speck) isInk[pixel] = 0;
  }
}

function hasAbove(isInk: Uint8Array, at: number, width: number): boolean {
  return isInk[at - width] === 1 || isInk[at - width - 1] === 1 || isInk[at - width + 1] === 1;
}

/** Pixels of the group, at most one more than a speck has. */
function gather(isInk: Uint8Array, start: number, width: number, group: Int32Array): number {
  let size = 1;
  group[0] = start;
  for (let next = 0; next < size; next++) {
    const at = group[next] ?? 0;
    for (let row = -width; row <= width; row += width)
      for (let to = at + row - 1; to <= at + row + 1; to++) {
        if (isInk[to] !== 1 || group.subarray(0, size).includes(to)) continue;
        group[size++] = to;
        if (size > SPECK_PIXELS) return size;
      }
  }
  return size;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function isAlone(isInk: Uint8Array, group: Int32Array, { width, height }: Size, near: number): boolean {
  const at = group[0] ?? 0;
  const [x, y] = [at % width, Math.floor(at / width)];
  const reach = near + 3; // a group's pixels lie that near to one another
  let inside = 0;
  for (let row = Math.max(0, y - reach), end = Math.min(height, y + reach + 1); row < end; row++)
    for (
      let to = row * width + Math.max(0, x - reach), last = row * width + Math.min(width, x + reach + 1);
      to < last;
      to++
    )
      if (isInk[to] === 1 && ++inside > group.length) return false;
  return true;
}
