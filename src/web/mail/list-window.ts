// Which rows of a long list are drawn, and where: fixed row heights, plus headings where a known row starts a new group. Pure sums.

export interface ListShape {
  readonly count: number;
  readonly rowHeight: number;
  readonly headingHeight: number;
  /** Indices of rows that have a heading above them, ascending. */
  readonly headings: readonly number[];
}

/** How many headings stand above or at row `index`. */
function headingsUpTo(shape: ListShape, index: number): number {
  let low = 0;
  let high = shape.headings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((shape.headings[middle] ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function totalHeight(shape: ListShape): number {
  return shape.count * shape.rowHeight + shape.headings.length * shape.headingHeight;
}

/** Upper edge of the row itself, below its heading if it has one. */
export function rowTop(shape: ListShape, index: number): number {
  return index * shape.rowHeight + headingsUpTo(shape, index) * shape.headingHeight;
}

/** The row at height `y`; a heading belongs to the row below it. */
export function rowAt(shape: ListShape, y: number): number {
  let low = 0;
  let high = shape.count - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rowTop(shape, middle) + shape.rowHeight > y) high = middle;
    else low = middle + 1;
  }
  return Math.max(0, low);
}

/** First and last row to draw for a viewport, with `spare` rows on both sides. */
export function drawnRows(
  shape: ListShape,
  scrollTop: number,
  viewHeight: number,
  spare: number,
): { readonly first: number; readonly last: number } {
  if (shape.count === 0) return { first: 0, last: -1 };
  return {
    first: Math.max(0, rowAt(shape, scrollTop) - spare),
    last: Math.min(shape.count - 1, rowAt(shape, scrollTop + viewHeight) + spare),
  };
}

/** Headings of the rows that are known: a row starts a group when the row above it is known and in another group. */
export function findHeadings(count: number, groupOfRow: (index: number) => string | undefined): number[] {
  const headings: number[] = [];
  let above: string | undefined;
  for (let index = 0; index < count; index++) {
    const group = groupOfRow(index);
    if (group !== undefined && (index === 0 || (above !== undefined && above !== group))) headings.push(index);
    above = group;
  }
  return headings;
}

/** Where to scroll so that row `index` is whole in view; undefined when it is. */
export function scrollToShow(
  shape: ListShape,
  index: number,
  scrollTop: number,
  viewHeight: number,
): number | undefined {
  const top = rowTop(shape, index);
  const heading = shape.headings.includes(index) ? shape.headingHeight : 0;
  if (top - heading < scrollTop) return top - heading;
  if (top + shape.rowHeight > scrollTop + viewHeight) return top + shape.rowHeight - viewHeight;
  return undefined;
}

/** What was looked at: the list as it was drawn, its first row in view, and how far it was scrolled. */
export interface Anchor {
  readonly ids: readonly string[];
  readonly shape: ListShape;
  readonly first: number;
  readonly top: number;
}

/** How many rows are looked for again: about what a window shows. */
const ANCHORS_MAX = 16;

/** Where to scroll so that the first row in view that is still there stays where it stood; undefined when none is. */
export function topAfter(before: Anchor, ids: readonly string[], shape: ListShape): number | undefined {
  const { first, top } = before;
  for (const [offset, id] of before.ids.slice(first, first + ANCHORS_MAX).entries()) {
    const was = first + offset;
    const index = ids[was] === id ? was : ids.indexOf(id);
    if (index >= 0) return rowTop(shape, index) + top - rowTop(before.shape, was);
  }
  return undefined;
}
