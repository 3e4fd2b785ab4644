// Whether a rule goes across the white between two cells, close above them and close below.

import type { Box } from '../contract.ts';
import type { Cell } from './cells.ts';
import type { TableLook } from './find-tables.ts';

const DARK = 150;
const REACH = 2; // heights of a word between it and the rule
const STEP = 4; // pixels between the columns that are looked at,
const BAND = 4; // and high is what counts as one height
const SHARE = 0.85; // of the white that the rule crosses

export function isRuled(one: Cell, other: Cell, look: TableLook): boolean {
  const left = one.box.left + one.box.width;
  const width = other.box.left - left;
  const top = Math.min(one.box.top, other.box.top);
  const foot = Math.max(one.box.top + one.box.height, other.box.top + other.box.height);
  const reach = REACH * look.height;
  const beside = (from: number): Box => ({ left, width, top: from, height: reach });
  return hasRule(beside(top - reach), look) && hasRule(beside(foot), look);
}

/** Dark from side to side in one height or in two that touch: a rule may lie a little aslant. */
function hasRule(area: Box, { grey: { width, height, pixels } }: TableLook): boolean {
  const [top, foot] = [Math.max(0, Math.round(area.top)), Math.min(height, Math.round(area.top + area.height))];
  const [left, right] = [Math.max(0, Math.round(area.left)), Math.min(width, Math.round(area.left + area.width))];
  const counts = new Uint32Array(Math.ceil(Math.max(0, foot - top) / BAND) + 1);
  let columns = 0;
  for (let x = left; x < right; x += STEP, columns++) {
    let counted = -1;
    for (let y = top; y < foot; y++) {
      const band = Math.floor((y - top) / BAND);
      if (band === counted || (pixels[y * width + x] ?? 255) >= DARK) continue;
      // of two neighbours the upper one counts for both
      counts[band] = (counts[band] ?? 0) + 1;
      counted = band;
    }
  }
  return columns > 0 && counts.some((count, band) => count + (counts[band + 1] ?? 0) >= SHARE * columns);
}
