// A list of 100,000 letters in a real browser: frames while scrolling are measured, so this runs with nothing beside it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { openChromium } from './chromium.ts';
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

const SLOWEST_MS = 250;

test('100,000 letters scroll smoothly and a jump into the middle shows rows', { skip, timeout: 60_000 }, async () => {
  await using visitor = await house.visit();
  const { page } = visitor;
  page.setDefaultTimeout(20_000);
  await house.signIn(page, 'many');
  const drawn = await page.locator('.row').count();
  assert.ok(drawn < 80, `${drawn} rows are drawn`);
  const scroll = (): Promise<number> =>
    page.locator('.list-scroll').evaluate(async (box) => {
      let worst = 0;
      for (let step = 0; step < 60; step++) {
        const start = performance.now();
        box.scrollTop += 400;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        worst = Math.max(worst, performance.now() - start);
      }
      return worst;
    });
  let worstMs = await scroll();
  // a frame that only the machine kept waiting is not late each time
  for (let tries = 1; tries < 4 && worstMs >= SLOWEST_MS; tries++) worstMs = await scroll();
  await page.locator('.list-scroll').evaluate((box) => {
    box.scrollTop = box.scrollHeight / 2;
  });
  await page.waitForFunction(() => {
    const box = document.querySelector('.list-scroll')?.getBoundingClientRect();
    const rows = [...document.querySelectorAll('.row')].filter((row) => {
      const place = row.getBoundingClientRect();
      return box && place.bottom > box.top && place.top < box.bottom;
    });
    return rows.length > 8 && rows.every((row) => row.querySelector('.row-name'));
  });
  console.log(`slowest frame while scrolling 100,000 letters: ${worstMs.toFixed(0)} ms`);
  assert.ok(worstMs < SLOWEST_MS);
});
