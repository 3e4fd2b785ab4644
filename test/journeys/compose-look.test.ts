// axe-core finds nothing to complain about in the composer, in both themes and three widths.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { composeShots } from './compose-shots.ts';
import { openPageHouse, type PageHouse } from './page-house.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
let house: PageHouse;

before(async () => {
  if (browser) house = await openPageHouse(browser);
});
after(async () => {
  if (browser) await house[Symbol.asyncDispose]();
  await browser?.close();
});

describe('everybody can write', { concurrency: 2 }, () => {
  for (const theme of ['light', 'dark'] as const) {
    for (const width of [390, 900, 1440]) {
      test(`axe finds nothing in the composer, ${theme}, ${width} pixels`, { skip, timeout: 180_000 }, async () => {
        const found: string[] = [];
        for (const { name, steps } of composeShots) {
          const hasTouch = width < 720;
          await using visitor = await house.visit({
            viewport: { width, height: 844 },
            colorScheme: theme,
            hasTouch,
            locale: 'de-DE',
          });
          await house.signIn(visitor.page);
          await steps(visitor.page);
          found.push(...(await accessibility(visitor.page)).map((line) => `${name}: ${line}`));
          assert.deepEqual(visitor.elsewhere, []);
        }
        assert.deepEqual(found, []);
      });
    }
  }
});
