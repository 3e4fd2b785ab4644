// Drawn pictures for attachments: a damp wall, a scanned page, a masthead. Nothing in them was photographed.

import { pngFile } from '../../sample-files.ts';
import type { SampleFile } from '../../sample-letter-text.ts';

/** The same grain each time, so that the same office is drawn twice alike. */
function grain(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}

/** A plastered wall with a stain that grows from the lower left. */
export function photoOfWall(name: string, seed: number): SampleFile {
  const next = grain(seed);
  return pngFile(name, [320, 240], (x, y) => {
    const stain =
      Math.max(0, 1 - Math.hypot(x - 0.2, (y - 0.95) * 1.3) * 1.7) * (0.8 + 0.2 * Math.sin(x * 40 + y * 25));
    const light = 214 - 26 * y + 10 * next();
    return [light - 62 * stain, light - 74 * stain, light - 6 - 88 * stain];
  });
}

/** A page of typewritten lines, slightly askew. */
export function scanOfPage(name: string, seed: number): SampleFile {
  const next = grain(seed);
  const words = Array.from({ length: 40 * 60 }, () => next() < 0.78);
  return pngFile(name, [420, 594], (x, y) => {
    const row = (y + x * 0.012 - 0.09) * 44;
    const column = (x - 0.12) * 74;
    const isLine = row > 0 && row < 36 && row % 1 < 0.42 && Math.floor(row) % 7 !== 6;
    const isInk = isLine && column > 0 && column < 56 && words[Math.floor(row) * 60 + Math.floor(column)] === true;
    const shade = Math.round((isInk ? 92 : 243) + 9 * next());
    return [shade, shade, Math.max(0, shade - 6)];
  });
}

/** Hills under a sky, for the head of a newsletter. */
export function masthead(contentId: string, hue: readonly [number, number, number]): SampleFile {
  const [red, green, blue] = hue;
  const picture = pngFile(`${contentId}.png`, [600, 120], (x, y) => {
    const hill = 0.55 + 0.2 * Math.sin(x * 7 + 1) + 0.1 * Math.sin(x * 17);
    const near = 0.78 + 0.09 * Math.sin(x * 11 + 2);
    const light = y > near ? 0.62 : y > hill ? 0.82 : 1.16 - 0.1 * y;
    return [red * light, green * light, blue * light];
  });
  return { ...picture, contentId: `${contentId}@sample` };
}
