// How far two texts are apart: letters to change, add or drop, as a share of what was meant; bounded work.

const BAND_FIRST = 8;
const LINE_END_HYPHEN = '\u0002';

/** 0: the same; 1: more than `shareMax` of `meant` apart. Letters only, or with one blank between words. */
export function textError(meant: string, found: string, shareMax: number): number {
  const [one, other] = [Array.from(meant), Array.from(found)];
  if (one.length === 0) return other.length === 0 ? 0 : 1;
  const most = Math.floor(one.length * shareMax) + 1;
  const distance = distanceBelow(differing(one, other), most);
  return distance === undefined ? 1 : distance / one.length;
}

type Pair = readonly [readonly string[], readonly string[]];

/** Without what both begin and end with: what is left is as far apart. */
function differing(one: readonly string[], other: readonly string[]): Pair {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end += 1;
  return [one.slice(start, one.length - end), other.slice(start, other.length - end)];
}

/** Undefined: more than `most`. Most texts are hardly apart, so a narrow band is tried first (Ukkonen 1985). */
function distanceBelow([one, other]: Pair, most: number): number | undefined {
  for (let band = Math.min(BAND_FIRST, most); ; band = Math.min(4 * band, most)) {
    const found = distanceWithin(one, other, band);
    if (found !== undefined || band === most) return found;
  }
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
  let row = new Int32Array(other.length + 1);
  for (let i = 1; i <= one.length; i++) {
    const [first, last] = [Math.max(1, i - most), Math.min(other.length, i + most)];
    // beside the band, where the next row looks, it is too far
    row[first - 1] = first === 1 && i <= most ? i : far;
    let least: number = row[first - 1] ?? far;
    for (let j = first; j <= last; j++) {
      const same = (before[j - 1] ?? far) + (one[i - 1] === other[j - 1] ? 0 : 1);
      const value = Math.min(same, (before[j] ?? far) + 1, (row[j - 1] ?? far) + 1, far);
      row[j] = value;
      least = Math.min(least, value);
    }
    if (last < other.length) row[last + 1] = far;
    if (least > most) return undefined;
    [before, row] = [row, before];
  }
  const found = before[other.length] ?? far;
  return found > most ? undefined : found;
}
