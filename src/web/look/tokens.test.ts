// Every pair of colours that meets on the page is readable in both themes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contrast, parseHex } from './contrast.ts';
import { colours, controlPairs, textPairs, tokensCss, type ColourName, type Theme } from './tokens.ts';

const themes: readonly Theme[] = ['light', 'dark'];

function ratio(pair: readonly [ColourName, ColourName], theme: Theme): number {
  const [front, back] = pair.map((name) => parseHex(colours[name][theme]));
  assert.ok(front && back, `${pair.join(' on ')} is a colour`);
  return contrast(front, back);
}

for (const theme of themes) {
  test(`every text on every ground has at least 4.8:1 in the ${theme} theme`, () => {
    for (const pair of textPairs) {
      const found = ratio(pair, theme);
      assert.ok(found >= 4.8, `${pair.join(' on ')}: ${found.toFixed(2)}`);
    }
  });

  test(`every control border and focus ring has at least 3:1 in the ${theme} theme`, () => {
    for (const pair of controlPairs) {
      const found = ratio(pair, theme);
      assert.ok(found >= 3, `${pair.join(' on ')}: ${found.toFixed(2)}`);
    }
  });
}

test('a pair that is too pale is noticed', () => {
  assert.ok(ratio(['line', 'surface'], 'light') < 3);
});

test('black on white is 21:1', () => {
  const black = parseHex('#000000');
  const white = parseHex('#ffffff');
  assert.ok(black && white);
  assert.equal(contrast(black, white).toFixed(1), '21.0');
});

test('the style sheet holds every colour in light, in dark by the system, and in dark by choice', () => {
  const css = tokensCss();
  for (const [name, value] of Object.entries(colours)) {
    assert.ok(css.split(`--${name}:${value.dark.toLowerCase()}`).length >= 3, name);
    assert.ok(css.includes(`--${name}:${value.light.toLowerCase()}`), name);
  }
});
