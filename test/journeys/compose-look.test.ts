// axe-core finds nothing to complain about in the composer, in both themes and three widths.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { composeShots } from './compose-shots.ts';
import { openPageHouse, type PageHouse } from './page-house.ts';
import { looks } from './looks.ts';

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
  for (const { theme, width } of looks(2)) {
    test(`axe finds nothing in the composer, ${theme}, ${width} pixels`, { skip, timeout: 180_000 }, async () => {
      const found: string[] = [];
      const viewport = { width, height: 844 };
      const look = { viewport, colorScheme: theme, hasTouch: width < 720, locale: 'de-DE' };
      await using visitor = await house.visit(look);
      const { page } = visitor;
      // Leaving with something unsaved asks first.
      page.on('dialog', (dialog) => void dialog.accept());
      await house.signIn(page);
      for (const { name, steps } of composeShots) {
        await steps(page);
        found.push(...(await accessibility(page)).map((line) => `${name}: ${line}`));
        await page.goto(`${house.url}/mail`);
        await page.reload();
        await page.locator('.row-name').first().waitFor();
      }
      assert.deepEqual(visitor.elsewhere, []);
      assert.deepEqual(found, []);
    });
  }
});
