// The page in a real browser over the sample letters: sign-in, mailbox, letters, keys; under the headers of the house, with nothing fetched from elsewhere.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { buildPage } from '../../tools/build-page.ts';
import { openChromium } from './chromium.ts';
import { openLetter, openPageHouse, type PageHouse } from './page-house.ts';
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

describe('the page', { concurrency: 3 }, () => {
  test('a wrong password is told in a sentence, the right one opens the mailbox', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await page.goto(house.url);
    await page.locator('input[name=username]').fill('leyla@kanzlei.test');
    await page.locator('input[name=password]').fill('wrong');
    await page.locator('button[type=submit]').click();
    await page.getByRole('alert').getByText('do not belong together').waitFor();
    await house.signIn(page);
    assert.deepEqual(visitor.complaints, []);
    assert.deepEqual(visitor.elsewhere, []);
  });

  test('someone with a second factor is asked for the code, and a wrong one is refused', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await page.goto(house.url);
    await page.locator('input[name=username]').fill('code@kanzlei.test');
    await page.locator('input[name=password]').fill('ein langes Passwort');
    await page.locator('button[type=submit]').click();
    await page.locator('input[autocomplete=one-time-code]').fill('000000');
    await page.locator('button[type=submit]').click();
    await page.getByText('This code is not right').waitFor();
    await page.locator('input[autocomplete=one-time-code]').fill('123456');
    await page.locator('button[type=submit]').click();
    await page.waitForURL('**/mail*');
  });

  test('a join link makes a mailbox, shows the phrase and asks for three of its words', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await page.goto(`${house.url}/join/one-two`);
    await page.locator('input[name=username]').fill('jonas');
    await page.locator('input[name=password]').fill('kurz');
    assert.equal(await page.locator('button[type=submit]').isDisabled(), true, 'a short password makes nothing');
    await page.locator('input[name=password]').fill('Mantı am Sonntag');
    await page.locator('button[type=submit]').click();
    await page.getByText('This address is taken').waitFor();
    await page.locator('input[name=username]').fill('anna');
    await page.locator('button[type=submit]').click();
    await page.locator('.phrase').waitFor();
    const words = await page.locator('.phrase li').allTextContents();
    assert.equal(words.length, 12);
    await page.getByRole('button', { name: 'I have written them down' }).click();
    const asked = await page.locator('.field-label').allTextContents();
    assert.equal(asked.length, 3);
    await page.locator('.field-input').first().fill('nonsense');
    await page.getByRole('button', { name: 'Open mailbox' }).click();
    await page.getByText('This is not the word').first().waitFor();
    for (const [index, label] of asked.entries()) {
      const word = words[Number(label.replace(/\D/g, '')) - 1] ?? '';
      await page.locator('.field-input').nth(index).fill(word);
    }
    await page.getByRole('button', { name: 'Open mailbox' }).click();
    await page.waitForURL('**/mail*');
    assert.deepEqual(visitor.complaints, []);
  });

  test('a used invitation is told, without a form', { skip }, async () => {
    await using visitor = await house.visit();
    await visitor.page.goto(`${house.url}/join/gone`);
    await visitor.page.getByText('This invitation cannot be used.').waitFor();
    await hasCount(visitor.page.locator('input'), 0);
  });

  test('opening a message marks it read and changes the count', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    const inbox = page.locator('.nav-item', { hasText: 'Inbox' });
    assert.equal(await inbox.locator('.nav-count').textContent(), '3');
    await openLetter(page, 'Vergleichsentwurf');
    await page.locator('.nav-item', { hasText: 'Inbox' }).locator('.nav-count', { hasText: '2' }).waitFor();
    await hasCount(page.locator('.row[data-unread]', { hasText: 'Vergleichsentwurf' }), 0);
    assert.deepEqual(visitor.complaints, []);
  });

  test('e archives, Undo brings the message back to its place', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    const names = async (): Promise<string[]> => (await page.locator('.row-name').allTextContents()).slice(0, 6);
    const before = await names();
    await openLetter(page, 'Rückrufe');
    await page.keyboard.press('e');
    await page.getByText('Archived.').waitFor();
    assert.notDeepEqual(await names(), before);
    assert.match((await page.locator('.letter-subject').textContent()) ?? '', /Settlement/, 'the next one opens');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.locator('.row', { hasText: 'Rückrufe von heute' }).first().waitFor();
    assert.deepEqual(await names(), before);
  });

  test('j and k walk, # trashes, u and s mark, ? shows the keys, Esc closes', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    assert.match((await page.locator('.row[data-selected]').textContent()) ?? '', /Jonas Brandt/);
    await page.keyboard.press('k');
    assert.match((await page.locator('.row[data-selected]').textContent()) ?? '', /Hatice Demir/);
    await page.keyboard.press('s');
    await page.locator('.row[data-selected] .icon-filled').waitFor();
    await page.keyboard.press('u');
    await page.locator('.row[data-selected]:not([data-unread])').waitFor();
    await page.keyboard.press('?');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('#');
    await page.getByText('Moved to trash.').waitFor();
    await page.keyboard.press('z');
    await page.locator('.row', { hasText: 'Hatice Demir' }).first().waitFor();
  });

  test('what lies in the trash is erased only after a question with the exact verb', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await page.locator('.nav-item', { hasText: 'Trash' }).click();
    await page.locator('.row', { hasText: 'Copyshop' }).first().waitFor();
    const count = Number(await page.locator('.row').first().getAttribute('aria-setsize'));
    await page.getByRole('button', { name: 'Empty trash' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    assert.ok((await page.locator('.row').count()) > 0);
    await page.getByRole('button', { name: 'Empty trash' }).click();
    await page.getByRole('button', { name: `Delete ${count} messages` }).click();
    await page.getByText('The trash is empty.').waitFor();
  });

  test('search looks into the text, says when nothing is found, and Esc leads back', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await page.keyboard.press('/');
    await page.keyboard.type('Verjährung');
    await page.locator('.list-count', { hasText: 'messages' }).waitFor();
    assert.ok((await page.locator('.row-name').allTextContents()).every((name) => name === 'Jonas Brandt'));
    await page.locator('.search input').fill('Zeppelin');
    await page.getByText('No message contains “Zeppelin”.').waitFor();
    await page.locator('.search input').press('Escape');
    await page.locator('.row', { hasText: 'Hatice Demir' }).first().waitFor();
    assert.ok(!page.url().includes('Zeppelin'), 'the words of a search never stand in the address');
  });

  test('S shows the bytes of the server and none of the letters, Esc leaves', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await page.keyboard.press('S');
    await page.getByText('This is all the server holds of these messages.').waitFor();
    await page.locator('.server-row').first().waitFor();
    const text = (await page.locator('.server-view').textContent()) ?? '';
    for (const secret of ['Jonas', 'Vergleichsentwurf', 'Quittenhof']) assert.ok(!text.includes(secret), secret);
    await page.keyboard.press('Escape');
    await page.locator('.row', { hasText: 'Jonas Brandt' }).first().waitFor();
  });

  test('a message that was altered in storage is named so and nothing of it is shown', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await page.locator('.list-scroll').evaluate((box) => box.scrollTo(0, 900));
    await page.locator('.row', { hasText: 'Altered in storage' }).first().click();
    await page.getByText('This message was altered in storage.').waitFor();
    assert.equal(await page.locator('.letter-pane').getByText('Dieser Text wird nie gezeigt').count(), 0);
  });

  test(
    'an HTML letter is shown, its remote pictures are not fetched, its colours turn dark and back',
    { skip },
    async () => {
      await using visitor = await house.visit({ colorScheme: 'dark' });
      const { page } = visitor;
      await house.signIn(page);
      await openLetter(page, 'Ihre Rechnung');
      await page.getByText('1 tracker blocked').waitFor();
      const body = page.frameLocator('.letter-frame').locator('body');
      await page.locator('.letter-frame[data-ready]').waitFor();
      const ground = (): Promise<string> => body.evaluate((element) => getComputedStyle(element).backgroundColor);
      const dark = await ground();
      await page.getByRole('button', { name: 'Original colours' }).click();
      await page.getByRole('button', { name: 'Dark colours' }).waitFor();
      await page.locator('.letter-frame[data-ready]').waitFor();
      assert.notEqual(await ground(), dark);
      const height = await page.locator('.letter-frame').evaluate((frame) => frame.clientHeight);
      assert.ok(height > 400, `the frame is as high as the letter: ${height}`);
      assert.deepEqual(visitor.elsewhere, []);
      assert.deepEqual(visitor.complaints, []);
    },
  );

  test('keys work while the letter has the keyboard', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await openLetter(page, 'Ihre Rechnung');
    await page.locator('.letter-frame[data-ready]').waitFor();
    await page.frameLocator('.letter-frame').locator('p').first().click();
    await page.keyboard.press('e');
    await page.getByText('Archived.').waitFor();
  });

  test(
    'hostile letters opened in the page fetch nothing, run nothing, and one with nothing left is an error',
    { skip },
    async () => {
      await using visitor = await house.visit();
      const { page } = visitor;
      await house.signIn(page, 'hostile');
      const count = await page.locator('.row').first().getAttribute('aria-setsize');
      await page.locator('.row').first().click();
      for (let index = 0; index < Number(count); index++) {
        await page.locator('.letter-frame[data-ready], .letter .empty, .letter-none').first().waitFor();
        await page.keyboard.press('j');
        await page.waitForTimeout(30);
      }
      assert.ok(Number(count) > 30);
      assert.deepEqual(visitor.elsewhere, []);
      await hasCount(page.locator('.mailbox'), 1, 'the page is still there');
      await page.locator('.list-scroll').evaluate((box) => box.scrollTo(0, 0));
      await page.locator('.row', { hasText: 'only in a drawing' }).first().click();
      await page.getByRole('alert').getByText('cannot be shown safely').waitFor();
    },
  );

  test('an attachment is saved under a safe name', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page);
    await openLetter(page, 'Termin verlegt');
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.attachment').first().click()]);
    assert.equal(download.suggestedFilename(), 'Ladung Demir.pdf');
  });

  test('a new letter appears by itself', { skip }, async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await house.signIn(page, 'live');
    await page.locator('.row[data-fresh]').first().waitFor({ timeout: 6_000 });
  });

  test('list and worker weigh at most 60 kB, the OPAQUE and letter parts come later', async () => {
    const outDir = await mkdtemp(join(tmpdir(), 'siegel-weight-'));
    const real = await buildPage({ outDir, client: 'real' });
    await rm(outDir, { recursive: true, force: true });
    console.log(JSON.stringify(real.groups));
    assert.ok(real.listBytes <= 60_000, `${real.listBytes}`);
    const opaque = real.assets.filter((asset) => (asset.gzipBytes ?? 0) > 100_000);
    assert.ok(opaque.length >= 2, 'OPAQUE and openpgp stand apart');
  });

  test('the mailbox document allows no WebAssembly and no inline script', { skip }, async () => {
    await using visitor = await house.visit();
    const response = await visitor.page.goto(`${house.url}/mail`);
    const policy = response?.headers()['content-security-policy'] ?? '';
    assert.match(policy, /script-src 'self';/);
    assert.match(policy, /require-trusted-types-for 'script'/);
  });
});
