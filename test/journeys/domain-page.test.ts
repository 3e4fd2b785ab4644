// Settings, Domain: the operator sees what is to be set first, copies it, and looks again; nothing for axe to complain about.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openPageHouse, type PageHouse } from './page-house.ts';
import { looks } from './looks.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const pictures = join(import.meta.dirname, '../screenshots');
let house: PageHouse;

before(async () => {
  if (browser) house = await openPageHouse(browser);
  await mkdir(pictures, { recursive: true });
});
after(async () => {
  if (browser) await house[Symbol.asyncDispose]();
  await browser?.close();
});

async function open(page: Page): Promise<void> {
  await house.signIn(page);
  await page.evaluate(() => {
    location.hash = '#settings/domain';
  });
  await page.locator('.finding').first().waitFor();
}

for (const { theme, width } of looks())
  test(`what is to be set stands first (${theme}, ${width} pixels)`, { skip, timeout: 60_000 }, async () => {
    const options = { viewport: { width, height: 844 }, colorScheme: theme, hasTouch: width < 720 };
    await using visitor = await house.visit(options);
    const { page } = visitor;
    await open(page);
    const states = await page
      .locator('.finding')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-state')));
    assert.deepEqual(states, ['red', 'red', 'hint', 'green', 'green']);
    assert.deepEqual(await accessibility(page), []);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${overflow} pixels too wide`);
    await page.screenshot({ path: join(pictures, `settings-domain-${width}-${theme}.png`) });
  });

test('a value is copied whole, and another domain is looked at', { skip, timeout: 60_000 }, async () => {
  await using visitor = await house.visit({ permissions: ['clipboard-read', 'clipboard-write'] });
  const { page } = visitor;
  await open(page);
  const card = page.locator('.finding', { hasText: '_domainkey' });
  const value = await card.locator('.record dd.mono').nth(1).textContent();
  await card.locator('.record-copy button').nth(1).click();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), value);
  assert.ok((value ?? '').length > 255 && !(value ?? '').includes('"'));
  await page.locator('.settings select').selectOption('yilmaz.example');
  await page.locator('.finding-name', { hasText: 'MX yilmaz.example' }).waitFor();
});
