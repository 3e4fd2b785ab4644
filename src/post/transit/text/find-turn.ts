// Which way up a page lies: by how ink lies in lines, and before a page is turned, by reading some lines both ways.

import type { Raster } from '../contract.ts';
import { turnRaster, type Turn } from '../page/turn.ts';
import { cropRaster, inkiestBand } from './crop-raster.ts';
import { lookAtLines } from './line-profile.ts';

const UP_SURE = 0.2;
const LINES_SURE = 4;
const SAMPLE_SHARE = 0.08; // of the page's height,
const SAMPLE_ROWS_MIN = 240; // and some lines at least
const CONFIDENCE_MIN = 55;
const CONFIDENCE_AHEAD = 12;
/** Of fifteen kinds of paper the wrong ways gave 25 … 44, the right one 74 … 94: so sure, the other way need not be tried. */
const CONFIDENCE_SURE = 70;

/** `confidenceOf` reads a part and says how sure it is, 0…100. */
export function findTurn(grey: Raster, confidenceOf: (part: Raster) => number): Turn {
  const { across, down } = lookAtLines(grey);
  if (across.isLevel === undefined) return 0;
  if (across.isLevel) {
    if (across.upness > UP_SURE && across.lines >= LINES_SURE) return 0;
    return readsBetter(grey, 180, 0, confidenceOf) ? 180 : 0;
  }
  // Columns taken as rows from the left: standing on their feet they run downwards, read with the head to the right.
  const [first, other]: readonly [Turn, Turn] = down.upness >= 0 ? [90, 270] : [270, 90];
  if (readsBetter(grey, first, other, confidenceOf)) return first;
  return readsBetter(grey, other, first, confidenceOf) ? other : 0;
}

/** Some lines of the page are read after either turn. */
function readsBetter(grey: Raster, turn: Turn, than: Turn, confidenceOf: (part: Raster) => number): boolean {
  const sample = (by: Turn): Raster => {
    const turned = turnRaster(grey, by);
    return cropRaster(turned, inkiestBand(turned, Math.max(SAMPLE_ROWS_MIN, Math.round(turned.height * SAMPLE_SHARE))));
  };
  const confidence = confidenceOf(sample(turn));
  if (confidence >= CONFIDENCE_SURE) return true;
  return confidence >= CONFIDENCE_MIN && confidence >= confidenceOf(sample(than)) + CONFIDENCE_AHEAD;
}
