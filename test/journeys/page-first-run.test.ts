// An account without letters in a real browser: three messages written by the page, which go one by one or with the first letter.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { disclosure } from '#office/api/disclosure.ts';
import { openChromium } from './chromium.ts';
import { openPageHouse, type PageHouse } from './page-house.ts';
import { hasCount } from './has-count.ts';

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

describe('the first run', { concurrency: 3 }, () => {
  test('three messages welcome a new account, count as nothing, and say where they come from', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page, 'empty');
    await page.locator('#welcome-try').waitFor();
    await hasCount(page.locator('.row'), 3);
    await hasCount(page.locator('.nav-count'), 0, 'none is unread');
    assert.equal(await page.title(), 'Siegel');
    await page.locator('#welcome-sealed').click();
    await page.locator('.letter').getByText('Written by this page, kept nowhere').waitFor();
    const told = await page.locator('.welcome-told dd').allTextContents();
    const known = disclosure.rows.map((row) => row.operatorSees.en);
    assert.ok(told.length > 3 && told.every((sentence) => known.includes(sentence)));
    assert.deepEqual(visitor.complaints, []);
    assert.deepEqual(visitor.elsewhere, []);
  });

  test('they speak German where the person does', { skip }, async () => {
    await using visitor = await house.visit({ locale: 'de-DE' });
    await house.signIn(visitor.page, 'empty');
    await visitor.page.locator('#welcome-sealed').click();
    await visitor.page.locator('.letter .chip', { hasText: 'Von dieser Seite geschrieben' }).waitFor();
    const told = await visitor.page.locator('.welcome-told dd').first().textContent();
    assert.ok(disclosure.rows.some((row) => row.operatorSees.de === told));
  });

  test(
    'j, Enter, e and x walk, open and put away; z brings the last one back; then all is read',
    { skip },
    async () => {
      await using visitor = await house.visit();
      const { page } = visitor;
      await house.signIn(page, 'empty');
      await page.locator('#welcome-try').waitFor();
      await page.keyboard.press('j');
      await page.keyboard.press('Enter');
      await page.locator('.letter-subject', { hasText: 'Your letters are sealed' }).waitFor();
      await page.keyboard.press('e');
      await page.locator('.letter-subject', { hasText: 'Keep your mailbox yours' }).waitFor();
      await hasCount(page.locator('.row'), 2);
      await page.keyboard.press('z');
      await page.locator('#welcome-sealed').waitFor();
      await hasCount(page.locator('.row'), 3);
      await page.keyboard.press('Escape');
      await page.locator('.letter-pane .empty').waitFor();
      for (const key of ['x', 'x', 'j', '#']) await page.keyboard.press(key);
      await page.locator('.list-pane').getByText('All read.').waitFor();
      await page.keyboard.press(',');
      await page.locator('.settings').waitFor();
      await page.keyboard.press('Escape');
      await page.locator('.list-pane').getByText('All read.').waitFor();
      assert.deepEqual(visitor.complaints, []);
    },
  );

  test('the message about safety opens the setting, the one with things to try does them', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page, 'empty');
    await page.locator('#welcome-safety').click();
    await page.getByRole('button', { name: 'Open security settings' }).click();
    await page.locator('.block', { hasText: 'Recovery phrase' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('#welcome-try').click();
    await page.locator('.welcome-thing').getByRole('button', { name: 'Show the keys' }).click();
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.locator('.welcome-thing').getByRole('button', { name: 'Search' }).click();
    await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
    assert.deepEqual(visitor.complaints, []);
  });

  test('the server’s view holds nothing of them and says so', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page, 'empty');
    await page.locator('#welcome-try').waitFor();
    await page.keyboard.press('S');
    await page.getByText('Nothing of the welcome messages is held here').waitFor();
    await hasCount(page.locator('.server-row'), 0);
    const text = (await page.locator('.server-boxes, .server-letter').allTextContents()).join('');
    assert.ok(!text.includes('Welcome'));
  });

  test('the first letter takes their place', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page, 'first');
    await page.locator('#welcome-sealed').click();
    await page.locator('.row[data-fresh]').waitFor({ timeout: 12_000 });
    await hasCount(page.locator('.row-still'), 0);
    await hasCount(page.locator('.welcome-head'), 0, 'the open one goes too');
  });
});
