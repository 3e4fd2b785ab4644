// How surely words were read, taken together: each counts by its length.

import type { Word } from '../contract.ts';

/** 0…100; 100 where there are none. */
export function confidenceOfWords(words: readonly Word[]): number {
  let letters = 0;
  let sum = 0;
  for (const { text, confidence } of words) {
    letters += text.length;
    sum += text.length * confidence;
  }
  return letters === 0 ? 100 : Math.max(0, Math.min(100, sum / letters));
}
