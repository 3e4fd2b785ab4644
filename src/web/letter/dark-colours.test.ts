// A letter for white paper stays readable in the dark: dark writing turns light, light grounds turn dark, hues stay.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contrast } from '../look/contrast.ts';
import { darkGround, lightWriting, parseComputed, toLab, type Colour } from './dark-colours.ts';

const rgb = (red: number, green: number, blue: number): Colour => ({ red, green, blue, alpha: 1 });

test('computed colours are read, anything else is left alone', () => {
  assert.deepEqual(parseComputed('rgb(1, 2, 3)'), { red: 1, green: 2, blue: 3, alpha: 1 });
  assert.deepEqual(parseComputed('rgba(1, 2, 3, 0.5)'), { red: 1, green: 2, blue: 3, alpha: 0.5 });
  assert.equal(parseComputed('color(srgb 1 0 0)'), undefined);
});

test('white paper becomes the surface of the dark theme', () => {
  const ground = darkGround(rgb(255, 255, 255));
  assert.ok(
    Math.abs(ground.red - 0x16) < 6 && Math.abs(ground.green - 0x1d) < 6 && Math.abs(ground.blue - 0x26) < 6,
    JSON.stringify(ground),
  );
});

test('dark writing on any light grey is readable after both are turned', () => {
  fc.assert(
    fc.property(fc.integer({ min: 225, max: 255 }), fc.integer({ min: 0, max: 120 }), (paper, ink) => {
      const found = contrast(darkGround(rgb(paper, paper, paper)), lightWriting(rgb(ink, ink, ink)));
      assert.ok(found > 4.5, `${paper} under ${ink}: ${found.toFixed(2)}`);
    }),
  );
});

test('white writing on a dark banner stays as it is', () => {
  assert.deepEqual(darkGround(rgb(13, 59, 76)), rgb(13, 59, 76));
  assert.deepEqual(lightWriting(rgb(255, 255, 255)), rgb(255, 255, 255));
});

test('a warm colour stays warm', () => {
  const lab = toLab(darkGround(rgb(226, 163, 59)));
  assert.ok(lab.light < 0.5 && lab.b > 0.03);
});
