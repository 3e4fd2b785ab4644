// How many letters of a known text were read wrongly: edit distance ÷ length, after spaces and line breaks are made one.

/** A fraction: 0.00125 is one letter in 800. */
export function readingError(truth: string, read: string): number {
  const [expected, seen] = [tidy(truth), tidy(read)];
  return expected.length === 0 ? 0 : distance(expected, seen) / expected.length;
}

export interface BlockError {
  /** Letters of all blocks that were read wrongly or not at all, ÷ their length. */
  readonly error: number;
  /** Letters read beyond those known, ÷ the length: stamps, dirt taken for letters. */
  readonly surplus: number;
}

/** Each block where it is read best, wherever on the page that is: columns and tables may come in any order. */
export function blockError(blocks: readonly string[], read: string): BlockError {
  const seen = tidy(read);
  let wrong = 0;
  let letters = 0;
  for (const block of blocks.map(tidy)) {
    letters += block.length;
    wrong += Math.min(block.length, distanceAnywhere(block, seen));
  }
  if (letters === 0) return { error: 0, surplus: 0 };
  return { error: wrong / letters, surplus: Math.max(0, seen.length - letters) / letters };
}

/** To the part of `text` that is nearest (Sellers 1980). */
function distanceAnywhere(pattern: string, text: string): number {
  let above = new Uint32Array(text.length + 1);
  let row = new Uint32Array(text.length + 1);
  for (let i = 1; i <= pattern.length; i++) {
    row[0] = i;
    const letter = pattern.charCodeAt(i - 1);
    for (let j = 1; j <= text.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (text.charCodeAt(j - 1) === letter ? 0 : 1);
      row[j] = Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
    }
    [above, row] = [row, above];
  }
  return above.reduce((least, value) => Math.min(least, value), pattern.length);
}

function tidy(text: string): string {
  return text
    .normalize('NFC')
    .replace(/(\p{L})-\s*\n\s*(\p{Ll})/gu, '$1$2')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Insertions, deletions and replacements (Wagner and Fischer 1974), two rows at a time. */
function distance(a: string, b: string): number {
  let above = Uint32Array.from({ length: b.length + 1 }, (_, index) => index);
  let row = new Uint32Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    row[0] = i;
    const letter = a.charCodeAt(i - 1);
    for (let j = 1; j <= b.length; j++) {
      const replaced = (above[j - 1] ?? 0) + (b.charCodeAt(j - 1) === letter ? 0 : 1);
      row[j] = Math.min(replaced, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
    }
    [above, row] = [row, above];
  }
  return above[b.length] ?? 0;
}
