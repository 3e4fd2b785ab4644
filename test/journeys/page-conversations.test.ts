// Conversations in the list of a real browser: one row each, and what is done to it, seen with the eyes of a person and of axe.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { looks } from './looks.ts';
import { openLetter, openPageHouse, type PageHouse } from './page-house.ts';
import { hasCount } from './has-count.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const shots = path.resolve(import.meta.dirname, '../screenshots');
let house: PageHouse;

before(async () => {
  await mkdir(shots, { recursive: true });
  if (browser) house = await openPageHouse(browser);
});
after(async () => {
  if (browser) await house[Symbol.asyncDispose]();
  await browser?.close();
});

const row = (page: Page, text: string) => page.locator('.row', { hasText: text });
const folder = (page: Page, name: string) => page.locator('.nav-item', { hasText: name });
/** The stand-in client lets this sample arrive. */
const arrive = (page: Page, sample: number): Promise<void> =>
  page.evaluate((index) => {
    const line = new BroadcastChannel('fake-line');
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no origin to name
    line.postMessage(index);
  }, sample);

describe('conversations in the list', { concurrency: 3 }, () => {
  for (const { theme, width } of looks()) {
    test(`one row says who wrote and how many, ${theme} at ${width} pixels`, { skip }, async () => {
      await using visitor = await house.visit({ viewport: { width, height: 900 }, colorScheme: theme });
      const { page } = visitor;
      await house.signIn(page, 'talk');
      const zaun = row(page, 'Zaun am Birkenweg').first();
      await zaun.locator('.row-thread', { hasText: '4' }).waitFor();
      assert.match((await zaun.locator('.row-name').textContent()) ?? '', /^Anna Keller, Me, Ben Aydın$/);
      assert.equal(await zaun.getAttribute('data-unread'), '');
      await hasCount(zaun.locator('.icon-filled'), 1, 'the star of the oldest');
      await hasCount(zaun.getByText('1 attachment'), 1);
      await page.screenshot({ path: path.join(shots, `conversations-list-${width}-${theme}.png`) });
      assert.deepEqual(await accessibility(page), []);
      await zaun.click();
      await page.getByText('3 earlier messages').waitFor();
      await page.locator('.letter-inner', { hasText: 'Angebot im Anhang' }).waitFor();
      await hasCount(page.locator('.folded'), 2, 'the unread one is unfolded');
      await page.screenshot({ path: path.join(shots, `conversations-open-${width}-${theme}.png`) });
      assert.deepEqual(await accessibility(page), []);
      if (width === 1440) assert.equal(await zaun.getAttribute('data-unread'), null, 'all of it is read');
      assert.deepEqual(visitor.complaints, []);
    });
  }

  test('e archives the conversation, the toast counts its messages, z brings it back', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page, 'talk');
    const zaun = page.locator('.row:has(.row-thread)', { hasText: 'Zaun am Birkenweg' });
    await zaun.waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('e');
    await page.getByText('3 messages archived.').waitFor();
    await hasCount(zaun, 0);
    await page.keyboard.press('z');
    await zaun.waitFor();
    await page.keyboard.press('e');
    await page.getByText('3 messages archived.').waitFor();
    await folder(page, 'Archive').click();
    await zaun.locator('.row-thread', { hasText: '4' }).waitFor();
    await folder(page, 'Sent').click();
    await row(page, 'Zaun am Birkenweg').first().waitFor();
    assert.deepEqual(visitor.complaints, []);
  });

  test('several rows are chosen: conversations and their messages are said', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page, 'talk');
    await row(page, 'Zaun am Birkenweg').first().locator('.row-thread').waitFor();
    for (const text of ['Zaun am Birkenweg', 'Mittagessen']) {
      await row(page, text)
        .first()
        .click({ modifiers: ['Control'] });
    }
    await page.locator('.tools-count', { hasText: '2 conversations, 5 messages' }).waitFor();
    await page.screenshot({ path: path.join(shots, 'conversations-chosen-1440-light.png') });
    assert.deepEqual(await accessibility(page), []);
    await page.keyboard.press('#');
    await page.getByText('5 messages moved to trash.').waitFor();
  });

  test('an answer moves its conversation to the top, and what one reads stays in its place', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page, 'talk');
    const rows = () => page.locator('.list-rows').evaluate((list) => list.clientHeight);
    await row(page, 'Mittagessen').first().locator('.row-thread', { hasText: '2' }).waitFor();
    const count = await page.locator('.row').first().getAttribute('aria-setsize');
    await page.locator('.list-scroll').evaluate((box) => (box.scrollTop = 700));
    await page.waitForTimeout(200);
    const tops = (): Promise<Readonly<Record<string, number>>> =>
      page.locator('.list-scroll').evaluate((box) => {
        const from = box.getBoundingClientRect().top;
        const seen = [...box.querySelectorAll('.row')].map((one) => [one.id, one.getBoundingClientRect().top - from]);
        return Object.fromEntries(seen.filter(([, top]) => Number(top) > 0 && Number(top) < 500));
      });
    const before = await tops();
    const height = await rows();
    await arrive(page, 4);
    await page.locator('.nav-item', { hasText: 'Inbox' }).locator('.nav-count', { hasText: '3' }).waitFor();
    await page.waitForTimeout(200);
    const after = await tops();
    assert.ok(Object.keys(before).length > 4);
    for (const [id, top] of Object.entries(before)) assert.ok(Math.abs((after[id] ?? -99) - top) <= 1, `${id} moved`);
    assert.equal(await rows(), height, 'no row more');
    await page.locator('.list-scroll').evaluate((box) => (box.scrollTop = 0));
    const first = page.locator('.row[aria-posinset="1"]');
    await first.locator('.row-thread', { hasText: '3' }).waitFor();
    assert.match((await first.textContent()) ?? '', /Mittagessen/);
    assert.equal(await first.getAttribute('aria-setsize'), count);
    assert.deepEqual(visitor.complaints, []);
  });

  test('General goes back to single messages', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page, 'talk');
    await row(page, 'Zaun am Birkenweg').first().locator('.row-thread').waitFor();
    const grouped = Number(await page.locator('.row').first().getAttribute('aria-setsize'));
    await page.keyboard.press(',');
    const choice = page.getByLabel('Conversations');
    await choice.waitFor();
    await page.screenshot({ path: path.join(shots, 'conversations-settings-1440-light.png') });
    assert.deepEqual(await accessibility(page), []);
    await choice.selectOption('single');
    await page.keyboard.press('i');
    await page
      .locator(`.row[aria-setsize="${grouped + 3}"]`)
      .first()
      .waitFor();
    await openLetter(page, 'Dann am Montag');
    await page.getByText('3 earlier messages').waitFor();
    await hasCount(page.locator('.folded'), 3, 'nothing unfolds by itself');
    await page.keyboard.press('e');
    await page.getByText('Archived.').waitFor();
    assert.deepEqual(visitor.complaints, []);
  });
});
