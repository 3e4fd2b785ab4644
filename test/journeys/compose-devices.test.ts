// One draft in two browsers of the same person on the real program: what one does the other shows in a moment, and nobody writes over anybody.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { accessibility } from './axe.ts';
import { KEEP_AFTER_MS } from '#web/compose/draft-keeper.ts';
import { openChromium } from './chromium.ts';
import { addRecipient } from './compose-shots.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const options = { skip, timeout: 90_000 };
const PASSWORD = 'Mantı am Sonntag';
/** From the other device's save to its row here; the figure is printed. */
const TOLD_MS = 2_000;
const SHOTS = path.resolve(import.meta.dirname, '../screenshots');
const complaints: string[] = [];
let program: RunningProgram;
let address = '';
let [desk, phone]: Page[] = [];

before(async () => {
  if (!browser) return;
  program = await startProgram();
  address = await program.signUp('anna', PASSWORD);
  [desk, phone] = [await openDevice(browser), await openDevice(browser)];
});
after(async () => {
  if (browser) await program.stop();
  await browser?.close();
});

async function openDevice(on: Browser): Promise<Page> {
  const context = await on.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(program.url);
  await page.locator('input[name=username]').fill(address);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.waitForURL('**/mail*');
  await page.locator('.row-name').first().waitFor();
  return page;
}

const editor = (page: Page) => page.getByRole('textbox', { name: 'Message text' });
const draftRow = (page: Page, text: string) => page.locator('.draft-row', { hasText: text });
const saved = (page: Page) => page.locator('.compose-kept[data-kind=saved]').waitFor();
const gone = (page: Page) => page.locator('.composer').waitFor({ state: 'detached' });
const place = (page: Page, name: string) => page.locator('.nav-item', { hasText: name }).first().click();

async function writeMore(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(text);
}

/** From the save, which comes two seconds after the last key, until `shown` is there. */
async function tookMs(shown: Locator): Promise<number> {
  const beganMs = performance.now();
  await shown.waitFor();
  return performance.now() - beganMs - KEEP_AFTER_MS;
}

test('a draft begun on one device stands in Drafts on the other in a moment', options, async () => {
  assert.ok(desk && phone);
  await place(phone, 'Drafts');
  await phone.getByText('No drafts.').waitFor();
  await desk.getByRole('button', { name: 'Write', exact: true }).first().click();
  await addRecipient(desk, address);
  await desk.locator('.compose-subject').fill('Klage');
  await writeMore(desk, 'Sehr geehrte Damen');
  const ms = await tookMs(draftRow(phone, 'Klage'));
  console.log(`from the save here to its row there: ${ms.toFixed(0)} ms`);
  assert.ok(ms < TOLD_MS, `${ms}`);
});

test('open and untouched it follows what the other one writes', options, async () => {
  assert.ok(desk && phone);
  await draftRow(phone, 'Klage').click();
  await editor(phone).getByText('Sehr geehrte Damen').waitFor();
  await desk.locator('.compose-subject').fill('Klage Müller');
  await writeMore(desk, ' und Herren');
  const ms = await tookMs(editor(phone).getByText('Sehr geehrte Damen und Herren'));
  console.log(`from the save here to the text there: ${ms.toFixed(0)} ms`);
  assert.ok(ms < TOLD_MS, `${ms}`);
  assert.equal(await phone.locator('.compose-subject').inputValue(), 'Klage Müller');
  await phone.getByText('as changed on another device').waitFor();
});

test('written on in both, it says so, and both versions can be gone on with', options, async () => {
  assert.ok(desk && phone);
  await writeMore(phone, ', hier vom Telefon');
  await writeMore(desk, ', hier vom Schreibtisch');
  const both = await Promise.any(
    [desk, phone].map(async (page) => {
      await page.getByText('This draft was changed on another device.').waitFor();
      return page;
    }),
  );
  for (const page of [desk, phone]) await saved(page);
  await mkdir(SHOTS, { recursive: true });
  for (const theme of ['light', 'dark'] as const) {
    await both.emulateMedia({ colorScheme: theme });
    assert.deepEqual(await accessibility(both), []);
    await both.screenshot({ path: path.join(SHOTS, `draft-elsewhere-1440-${theme}.png`) });
  }
  const own = both === desk ? 'Schreibtisch' : 'Telefon';
  assert.match((await editor(both).textContent()) ?? '', new RegExp(`hier vom ${own}$`));
  await both.getByRole('button', { name: 'Show the other' }).click();
  await editor(both)
    .getByText(both === desk ? 'hier vom Telefon' : 'hier vom Schreibtisch')
    .waitFor();
  await place(both, 'Drafts');
  await draftRow(both, 'Telefon').waitFor();
  await draftRow(both, 'Schreibtisch').waitFor();
});

test('sent on one device it closes on the other, and thrown away it leaves the list', options, async () => {
  assert.ok(desk && phone);
  for (const page of [desk, phone]) {
    await page.locator('.compose-head button').last().click();
    await gone(page);
    await place(page, 'Drafts');
    await draftRow(page, 'Telefon').click();
    await editor(page).getByText('hier vom Telefon').waitFor();
  }
  await desk.locator('.send-main').click();
  await gone(desk);
  await gone(phone);
  await phone.getByText('This draft was sent from another device.').waitFor();
  await draftRow(phone, 'Telefon').waitFor({ state: 'detached' });
  await draftRow(desk, 'Schreibtisch').click();
  await desk.getByRole('button', { name: 'Delete draft' }).click();
  await draftRow(phone, 'Schreibtisch').waitFor({ state: 'detached' });
  await phone.getByText('No drafts.').waitFor();
});

test('the browsers complained about nothing', { skip }, () => {
  assert.deepEqual(complaints, []);
});
