// Documents written to the room in our own page: the composer says where they go, the result comes into the same mailbox, and what cannot go says why.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { projectDir, startProgram, type RunningProgram } from '../running-program.ts';
import { openChromium } from './chromium.ts';
import { addRecipient, attach } from './compose-shots.ts';

const browser: Browser | undefined = await openChromium();
const options = { skip: browser ? false : 'no browser: set SIEGEL_CHROMIUM', timeout: 90_000 };
const PASSWORD = 'a long password for tests';
const PLACE = 'optimise@siegel.test';
const shotsDir = join(projectDir, 'test/screenshots');

let program: RunningProgram;
let page: Page;

before(async () => {
  if (!browser) return;
  program = await startProgram({
    script: fileURLToPath(new URL('../transit/house-program.ts', import.meta.url)),
    env: { SIEGEL_TRANSIT: '1', SIEGEL_TRANSIT_ACCEPT: 'swap, piped-cores' },
  });
  for (let tries = 0; tries < 1_200 && !program.output().includes('"warnings"'); tries++) await wait(50);
  for (const name of ['anna', 'ben']) await program.signUp(name, PASSWORD);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(program.url);
  await page.locator('input[name=username]').fill('anna@siegel.test');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.locator('.row-name').first().waitFor();
  await mkdir(shotsDir, { recursive: true });
});
after(async () => {
  await browser?.close();
  await program?.stop();
});

async function write(to: readonly string[], subject: string): Promise<void> {
  await page.getByRole('button', { name: 'Write', exact: true }).first().click();
  await page.locator('.composer').waitFor();
  for (const address of to) await addRecipient(page, address);
  await page.locator('.compose-subject').fill(subject);
}

test(
  'the page says what becomes of the documents, and they are back in the mailbox when the letter is gone',
  options,
  async () => {
    await write([PLACE], 'Schriftsatz');
    await attach(page, 'Scan.pdf', 40_000);
    await page.getByText('works on them and sends them back to your mailbox').waitFor();
    await page.screenshot({ path: join(shotsDir, 'transit-write.png') });
    await page.locator('.send-main').click();
    await page.locator('.composer').waitFor({ state: 'detached' });
    await page.locator('.toast').waitFor();
    const offered = await page.locator('.toast').getByRole('button', { name: 'Undo' }).count();
    assert.equal(offered, 0, 'what was worked on and sent back cannot be taken back');
    await page
      .locator('.row', { hasText: 'Optimised: Schriftsatz' })
      .or(page.locator('.row', { hasText: 'Optimiert: Schriftsatz' }))
      .waitFor();
  },
);

test('with somebody beside, or without a document, it says so and nothing is lost', options, async () => {
  await write([PLACE, 'ben@siegel.test'], 'Zwei');
  await attach(page, 'Scan.pdf', 1_000);
  await page.locator('.send-main').click();
  await page.getByText('go to that one address alone').waitFor();
  await page.screenshot({ path: join(shotsDir, 'transit-write-alone.png') });
  await page.keyboard.press('Escape');
  await page.locator('.composer').waitFor({ state: 'detached' });
  await write([PLACE], 'Leer');
  await page.locator('.send-main').click();
  await page.getByText('There is no document in this message').waitFor();
  assert.equal(await page.locator('.composer').count(), 1, 'what was written is still there');
});
