// Pictures stay outside until they are asked for and come through the own server; lists are left with one press, or after a warning.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page, Route } from 'playwright-core';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { openLetter, openPageHouse, type PageHouse } from './page-house.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
let house: PageHouse;

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGNgoBj8x4cGVBYA+FQP8fvTnjEAAAAASUVORK5CYII=',
  'base64',
);
const HEAD = 'https://bilder.stromwerk-birkhaven.test/kopf.jpg';

before(async () => {
  if (browser) house = await openPageHouse(browser);
});
after(async () => {
  await house?.[Symbol.asyncDispose]();
  await browser?.close();
});

/** Into SIEGEL_SHOTS, when it is set. */
async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['SIEGEL_SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
}

/** The server's side of /outside, for this page; what it was asked for. */
async function answerOutside(page: Page, answer: (route: Route) => Promise<void>): Promise<string[]> {
  const asked: string[] = [];
  await page.route('**/outside/*', async (route) => {
    const { url } = route.request().postDataJSON() as { url: string };
    asked.push(`${new URL(route.request().url()).pathname} ${url}`);
    await answer(route);
  });
  return asked;
}

const picture = (route: Route): Promise<void> => route.fulfill({ status: 200, contentType: 'image/png', body: PNG });

for (const colorScheme of ['light', 'dark'] as const) {
  test(`pictures come in after the press and trackers never, ${colorScheme}`, { skip }, async () => {
    await using visitor = await house.visit({ colorScheme });
    const { page } = visitor;
    const asked = await answerOutside(page, picture);
    await house.signIn(page);
    await openLetter(page, 'Ihre Rechnung');
    const bar = page.locator('.outside');
    await bar.getByText('1 picture stays outside · 1 tracker blocked').waitFor();
    await page.locator('.letter-frame[data-ready]').waitFor();
    assert.deepEqual(asked, [], 'nothing is asked for before the press');
    await bar.getByRole('button', { name: 'Who learns of it?' }).click();
    await bar.getByText('Nothing until you press Show.').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await shoot(page, `outside-told-${colorScheme}`);
    await bar.getByRole('button', { name: 'Show' }).click();
    await bar.getByText('1 tracker blocked', { exact: true }).waitFor();
    await page.locator('.letter-frame[data-ready]').waitFor();
    const image = page.frameLocator('.letter-frame').locator('img').first();
    assert.match((await image.getAttribute('src')) ?? '', /^blob:/);
    await image.evaluate((element) => Reflect.get(element, 'decode').call(element));
    assert.deepEqual(asked, [`/outside/image ${HEAD}`]);
    assert.deepEqual(await accessibility(page), []);
    await shoot(page, `outside-shown-${colorScheme}`);
    assert.deepEqual(visitor.elsewhere, []);
    assert.deepEqual(visitor.complaints, []);
  });
}

test('a picture that does not come is said, and can be asked for again', { skip }, async () => {
  await using visitor = await house.visit();
  const { page } = visitor;
  let isThere = false;
  await answerOutside(page, (route) => (isThere ? picture(route) : route.fulfill({ status: 502, body: '{}' })));
  await house.signIn(page);
  await openLetter(page, 'Ihre Rechnung');
  await page.locator('.outside').getByRole('button', { name: 'Show' }).click();
  await page.getByText('1 picture did not come').waitFor();
  isThere = true;
  await page.locator('.outside').getByRole('button', { name: 'Try again' }).click();
  await page.locator('.outside').getByText('1 tracker blocked', { exact: true }).waitFor();
});

test('bytes that their server calls something else are not shown', { skip }, async () => {
  await using visitor = await house.visit();
  const { page } = visitor;
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"/>';
  await answerOutside(page, (route) => route.fulfill({ status: 200, contentType: 'image/svg+xml', body: svg }));
  await house.signIn(page);
  await openLetter(page, 'Ihre Rechnung');
  await page.locator('.outside').getByRole('button', { name: 'Show' }).click();
  await page.getByText('1 picture did not come').waitFor();
  assert.equal(await page.frameLocator('.letter-frame').locator('img[src]').count(), 0);
});

test('another letter shows nothing of what was asked for in the last one', { skip }, async () => {
  await using visitor = await house.visit();
  const { page } = visitor;
  await answerOutside(page, picture);
  await house.signIn(page);
  await openLetter(page, 'Ihre Rechnung');
  await page.locator('.outside').getByRole('button', { name: 'Show' }).click();
  await page.locator('.outside').getByText('1 tracker blocked', { exact: true }).waitFor();
  await openLetter(page, 'Rückrufe');
  await page.locator('.letter-subject', { hasText: 'Rückrufe' }).waitFor();
  await openLetter(page, 'Ihre Rechnung');
  await page.locator('.outside').getByText('1 picture stays outside · 1 tracker blocked').waitFor();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`a list is left with one press and one question, ${colorScheme}`, { skip }, async () => {
    await using visitor = await house.visit({ colorScheme });
    const { page } = visitor;
    const asked = await answerOutside(page, (route) => route.fulfill({ status: 204 }));
    await house.signIn(page);
    await openLetter(page, 'Ihre Rechnung');
    await page.locator('.unsubscribe').getByRole('button', { name: 'Unsubscribe' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByText('kunden.stromwerk-birkhaven.test').waitFor();
    assert.deepEqual(await accessibility(page), []);
    assert.deepEqual(asked, []);
    await shoot(page, `unsubscribe-ask-${colorScheme}`);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(asked, []);
    await page.locator('.unsubscribe').getByRole('button', { name: 'Unsubscribe' }).click();
    await dialog.getByRole('button', { name: 'Unsubscribe' }).click();
    await page.getByText('was told that you leave this list').waitFor();
    assert.deepEqual(asked, ['/outside/unsubscribe https://kunden.stromwerk-birkhaven.test/abmelden?k=8841']);
    assert.deepEqual(visitor.elsewhere, []);
    assert.deepEqual(await accessibility(page), []);
    await page.locator('.unsubscribe').scrollIntoViewIfNeeded();
    await shoot(page, `unsubscribe-done-${colorScheme}`);
  });
}

test(
  'a link that nobody signed opens in a tab of its own after a warning, and knows nothing of the mailbox',
  { skip },
  async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    const asked = await answerOutside(page, (route) => route.fulfill({ status: 204 }));
    await page.context().route('https://zug.test/**', (route) => route.fulfill({ status: 200, body: 'bye' }));
    await house.signIn(page);
    await openLetter(page, 'Ihre Fahrkarte');
    await page.locator('.unsubscribe').getByRole('button', { name: 'Unsubscribe' }).click();
    await page.locator('dialog[open]').getByText('sees your network address').waitFor();
    const opened = page.context().waitForEvent('page');
    await page.locator('dialog[open]').getByRole('button', { name: 'Open page' }).click();
    const tab = await opened;
    await tab.waitForURL('https://zug.test/abmelden');
    assert.equal(await tab.evaluate(() => `${String(window.opener)} ${document.referrer}`), 'null ');
    assert.deepEqual(asked, []);
  },
);
