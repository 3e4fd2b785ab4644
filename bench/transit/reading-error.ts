// How many letters of a known text were read wrongly: edit distance ÷ length, after spaces and line breaks are made one.

/** A fraction: 0.00125 is one letter in 800. */
export function readingError(truth: string, read: string): number {
  const [expected, seen] = [tidy(truth), tidy(read)];
  return expected.length === 0 ? 0 : distance(expected, seen) / expected.length;
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
