// The words of a page that was read in two parts, as if it had been read at once.

import type { PageText, Word } from '../contract.ts';

/** `top`: where the lower part begins, in pixels of the page. */
export function joinTexts(upper: PageText, lower: PageText, top: number): PageText {
  const moved = lower.lines.map((line) =>
    line.map((word): Word => ({
      ...word,
      box: { ...word.box, top: word.box.top + top },
      baseline: word.baseline + top,
    })),
  );
  const [above, below] = [lettersOf(upper), lettersOf(lower)];
  const letters = above + below;
  const sure = (upper.confidence * above + lower.confidence * below) / letters;
  return { lines: [...upper.lines, ...moved], confidence: letters === 0 ? 100 : sure };
}

function lettersOf({ lines }: PageText): number {
  return lines.flat().reduce((sum, { text }) => sum + text.length, 0);
}
