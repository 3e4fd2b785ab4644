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

/** Levenshtein distance, one row at a time. */
function changesBetween(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (const [above, character] of left.split('').entries()) {
    const next = [above + 1];
    for (const [at, other] of right.split('').entries()) {
      const replaced = (row[at] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
