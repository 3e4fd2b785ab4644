// Boxes in cells and in pixels.

import type { Box } from '../contract.ts';
import { CELL } from './light.ts';

/** Of one in cells: in pixels of the page, not beyond it. */
export function pixelBox(box: Box, page: { readonly width: number; readonly height: number }): Box {
  const [left, top] = [box.left * CELL, box.top * CELL];
  return {
    left,
    top,
    width: Math.min(page.width - left, box.width * CELL),
    height: Math.min(page.height - top, box.height * CELL),
  };
}

export function sizeOf({ width, height }: Box): number {
  return width * height;
}
