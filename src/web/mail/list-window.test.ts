// A long list draws few rows, each in its place, whatever headings stand between them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  drawnRows,
  findHeadings,
  rowAt,
  rowTop,
  scrollToShow,
  topAfter,
  totalHeight,
  type ListShape,
} from './list-window.ts';

const shape: ListShape = { count: 100_000, rowHeight: 64, headingHeight: 36, headings: [0, 4, 10, 50_000] };

test('a heading stands above its row and moves all rows below it', () => {
  assert.equal(rowTop(shape, 0), 36);
  assert.equal(rowTop(shape, 3), 36 + 3 * 64);
  assert.equal(rowTop(shape, 4), 72 + 4 * 64);
  assert.equal(totalHeight(shape), 100_000 * 64 + 4 * 36);
});

test('the row at a height is the row that covers it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(999), { maxLength: 40 }), fc.nat(1000 * 64), (headings, y) => {
      const some: ListShape = {
        count: 1000,
        rowHeight: 64,
        headingHeight: 36,
        headings: headings.toSorted((a, b) => a - b),
      };
      const index = rowAt(some, y);
      assert.ok(rowTop(some, index) + 64 > y || index === 999);
      assert.ok(index === 0 || rowTop(some, index - 1) + 64 <= y);
    }),
  );
});

test('only rows near the view are drawn, at both ends too', () => {
  const { first, last } = drawnRows(shape, 3_000_000, 900, 12);
  assert.ok(last - first < 45);
  assert.ok(rowTop(shape, first) < 3_000_000 && rowTop(shape, last) > 3_000_900);
  assert.deepEqual(drawnRows(shape, 0, 900, 12).first, 0);
  assert.deepEqual(drawnRows(shape, totalHeight(shape), 900, 12).last, 99_999);
  assert.deepEqual(drawnRows({ ...shape, count: 0, headings: [] }, 0, 900, 12), { first: 0, last: -1 });
});

test('a day gets a heading only where the day above it is known', () => {
  const groups = ['a', 'a', 'b', undefined, 'c', 'c', 'd'];
  assert.deepEqual(
    findHeadings(groups.length, (index) => groups[index]),
    [0, 2, 6],
  );
});

test('a row outside the view is scrolled into it with its heading, one inside is left alone', () => {
  assert.equal(scrollToShow(shape, 4, 1_000, 900), rowTop(shape, 4) - 36);
  assert.equal(scrollToShow(shape, 30, 0, 900), rowTop(shape, 30) + 64 - 900);
  assert.equal(scrollToShow(shape, 6, 0, 900), undefined);
});

test('rows that come, go or move above leave what one looks at where it stood', () => {
  const shape = (count: number): ListShape => ({ count, rowHeight: 64, headingHeight: 36, headings: [0] });
  const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
  const before = { ids, shape: shape(6), first: 2, top: 2 * 64 + 36 + 10 }; // ten pixels of c are above the edge
  assert.equal(topAfter(before, ['new', ...ids], shape(7)), before.top + 64);
  assert.equal(topAfter(before, ['a', 'c', 'd', 'e', 'f'], shape(5)), before.top - 64);
  assert.equal(topAfter(before, ['c2', 'a', 'b', 'd', 'e', 'f'], shape(6)), before.top, 'c moved up: d stays');
  assert.equal(topAfter(before, ['a', 'e', 'f'], shape(3)), before.top - 3 * 64, 'b, c and d went into a');
  assert.equal(topAfter(before, ['x'], shape(1)), undefined);
});
