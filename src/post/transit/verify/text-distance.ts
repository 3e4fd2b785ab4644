// How far two texts are apart: letters to change, add or drop, as a share of what was meant; bounded work.

const LINE_END_HYPHEN = '\u0002';

/** 0: the same; 1: more than `shareMax` of `meant` apart. Letters only, or with one blank between words. */
export function textError(meant: string, found: string, shareMax: number): number {
  const [one, other] = [Array.from(meant), Array.from(found)];
  if (one.length === 0) return other.length === 0 ? 0 : 1;
  const most = Math.floor(one.length * shareMax) + 1;
  const distance = distanceWithin(one, other, most);
  return distance === undefined ? 1 : distance / one.length;
}

/** The same text whatever line ends, hyphens and ligatures a reader makes of it. */
export function evened(text: string, blanks: 'one' | 'none'): string {
  return (
    text
      .normalize('NFKC')
      // what PDFium gives for a hyphen at the end of a line, and all that looks like one
      .replaceAll(LINE_END_HYPHEN, '-')
      .replaceAll('\0', ' ')
      .replaceAll(/[\u00ad\u2010-\u2015\u2212\ufffe]/g, '-')
      .replaceAll(/\s+/g, blanks === 'one' ? ' ' : '')
      .trim()
  );
}

/** Undefined: more than `most`. A band around the diagonal is all that can hold a path that short. */
function distanceWithin(one: readonly string[], other: readonly string[], most: number): number | undefined {
  if (Math.abs(one.length - other.length) > most) return undefined;
  const far = most + 1;
  let before = new Int32Array(other.length + 1).map((_, j) => Math.min(j, far));
  for (let i = 1; i <= one.length; i++) {
    const row = new Int32Array(other.length + 1).fill(far);
    if (i <= most) row[0] = i;
    let least: number = row[0] ?? far;
    for (let j = Math.max(1, i - most); j <= Math.min(other.length, i + most); j++) {
      const same = (before[j - 1] ?? far) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const value = Math.min(same, (before[j] ?? far) + 1, (row[j - 1] ?? far) + 1, far);
      row[j] = value;
      least = Math.min(least, value);
    }
    if (least > most) return undefined;
    before = row;
  }
  const found = before[other.length] ?? far;
  return found > most ? undefined : found;
}
