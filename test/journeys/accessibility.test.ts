// axe-core finds nothing to complain about: sign-up, list, letters, palette, server's view and settings, in both themes and three widths.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openLetter, openPageHouse, type PageHouse } from './page-house.ts';
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

describe('everybody can use the page', { concurrency: 3 }, () => {
  for (const { theme, width } of looks()) {
    test(`axe finds nothing in the ${theme} theme at ${width} pixels`, { skip, timeout: 60_000 }, async () => {
      const hasTouch = width < 720;
      await using visitor = await house.visit({ viewport: { width, height: 844 }, colorScheme: theme, hasTouch });
      const { page } = visitor;
      const found: string[] = [];
      const look = async (name: string): Promise<void> => {
        found.push(...(await accessibility(page)).map((line) => `${name}: ${line}`));
      };
      await page.goto(`${house.url}/join/one-two`);
      await page.locator('input[name=password]').fill('Mantı am Sonntag');
      await look('join');
      await house.signIn(page);
      await look('list');
      await openLetter(page, 'Termin verlegt');
      await page.locator('.letter .chip[aria-expanded]').click();
      await look('letter');
      await openOther(page, width);
      await look('html letter');
      await page.keyboard.press('Control+k');
      await look('palette');
      await page.keyboard.press('Escape');
      await page.keyboard.press('S');
      await page.locator('.server-row').first().waitFor();
      await look('server view');
      await page.keyboard.press('Escape');
      for (const section of ['security', 'rules', 'disclosure', 'domain']) {
        await page.evaluate((name) => {
          location.hash = `#settings/${name}`;
        }, section);
        await page.locator('.block').first().waitFor();
        await look(section);
      }
      assert.deepEqual(found, []);
    });

    test(`nor in order and first run, ${theme}, ${width} pixels`, { skip, timeout: 60_000 }, async () => {
      const options = { viewport: { width, height: 844 }, colorScheme: theme, hasTouch: width < 720 };
      const found: string[] = [];
      await using visitor = await house.visit(options);
      await order(visitor.page, found);
      await using newcomer = await house.visit(options);
      await welcome(newcomer.page, found);
      assert.deepEqual(found, []);
    });
  }
});

async function order(page: Page, found: string[]): Promise<void> {
  await house.signIn(page);
  await openLetter(page, 'Termin verlegt');
  await page.locator('.folded').first().click();
  await page.locator('.letter-inner').waitFor();
  found.push(...(await accessibility(page)));
  await page.keyboard.press('l');
  await page.locator('.menu .choice').first().click();
  await page.locator('.tick[data-tick=all]').waitFor();
  found.push(...(await accessibility(page)));
}

async function welcome(page: Page, found: string[]): Promise<void> {
  await house.signIn(page, 'empty');
  await page.locator('#welcome-try').waitFor();
  found.push(...(await accessibility(page)));
  await page.locator('#welcome-sealed').click();
  for (const subject of ['sealed', 'yours', 'Three things']) {
    await page.locator('.letter-subject', { hasText: subject }).waitFor();
    found.push(...(await accessibility(page)));
    await page.keyboard.press('j');
  }
}

async function openOther(page: Page, width: number): Promise<void> {
  if (width < 720) await page.getByRole('button', { name: 'Back' }).click();
  await openLetter(page, 'Ihre Rechnung');
  await page.locator('.letter-frame[data-ready]').waitFor();
}
