// The words of a page that was read in two parts, as if it had been read at once.

import type { PageText, Word } from '../contract.ts';
import { confidenceOfWords } from '../text/word-confidence.ts';

/** `top`: where the lower part begins, in pixels of the page. */
export function joinTexts(upper: PageText, lower: PageText, top: number): PageText {
  const moved = lower.lines.map((line) =>
    line.map((word): Word => ({
      ...word,
      box: { ...word.box, top: word.box.top + top },
      baseline: word.baseline + top,
    })),
  );
  const lines = [...upper.lines, ...moved];
  return { lines, confidence: confidenceOfWords(lines.flat()) };
}
