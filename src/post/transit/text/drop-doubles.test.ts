// Of what was read twice in one place one reading stays; what lies side by side stays as it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Word } from '../contract.ts';
import { dropDoubles } from './drop-doubles.ts';

const word = (text: string, place: readonly [number, number, number, number], confidence = 92): Word => {
  const [left, top, width, height] = place;
  return { text, box: { left, top, width, height }, baseline: top + height, confidence };
};
const textOf = (lines: readonly (readonly Word[])[]) => lines.map((line) => line.map(({ text }) => text).join(' '));

test('a line that was read twice, as curled sheets are, stands there once', () => {
  const torn = [
    word('Ä', [285, 487, 12, 4]),
    word('ü', [441, 493, 13, 4]),
    word('kretariat:', [1712, 475, 132, 24]),
    word('Ilona', [1861, 475, 64, 24], 89),
    word('Klein', [1948, 473, 72, 25]),
  ];
  const whole = [
    word('Änne', [277, 493, 97, 31]),
    word('Grünwald', [391, 491, 180, 33]),
    word('Sekretariat:', [1668, 476, 159, 24]),
    word('Ilona', [1897, 481, 36, 17], 90),
    word('Kleir', [2005, 481, 4, 17]),
  ];
  assert.deepEqual(textOf(dropDoubles([torn, whole])), ['Klein', 'Änne Grünwald Sekretariat: Ilona']);
  assert.deepEqual(textOf(dropDoubles([whole, torn])), ['Änne Grünwald Sekretariat: Ilona', 'Klein']);
});

test('words side by side, one above the other, narrow letters, dots and dashes stay', () => {
  const lines = [
    [
      word('Illinois', [0, 0, 60, 24]),
      word('I', [70, 0, 4, 24]),
      word('–', [80, 12, 20, 3]),
      word('.', [104, 21, 3, 3]),
    ],
    [word('unter', [0, 20, 60, 24]), word('1', [70, 20, 5, 24])],
  ];
  assert.deepEqual(dropDoubles(lines), lines);
});

test('of two equal readings exactly one stays', () => {
  const twice = [[word('gleich', [10, 10, 80, 24])], [word('gleich', [12, 10, 80, 24])]];
  assert.deepEqual(textOf(dropDoubles(twice)), ['gleich']);
});
