// "Did you mean": the known word closest to a mistyped one.

const CHANGES_MAX = 3;
const WORD_CHARACTERS_MAX = 64;

/** The candidate with the fewest changed letters, at most three and less than half of the word; otherwise undefined. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > WORD_CHARACTERS_MAX) return undefined;
  let best: string | undefined;
  let fewest = Math.min(CHANGES_MAX, Math.floor(word.length / 2)) + 1;
  for (const candidate of candidates) {
    const changes = changesBetween(word.toLowerCase(), candidate.toLowerCase());
    if (changes < fewest) [best, fewest] = [candidate, changes];
  }
  return best;
}

/** Letters changed, added, left out or swapped with their neighbour; two rows back are kept for the swap. */
function changesBetween(left: string, right: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at++) {
    const next = [at];
    for (let other = 1; other <= right.length; other++) {
      const replaced = (row[other - 1] ?? 0) + (left[at - 1] === right[other - 1] ? 0 : 1);
      const isSwap = left[at - 1] === right[other - 2] && left[at - 2] === right[other - 1];
      const swapped = isSwap && at > 1 && other > 1 ? (before[other - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(replaced, (row[other] ?? 0) + 1, (next[other - 1] ?? 0) + 1, swapped));
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
