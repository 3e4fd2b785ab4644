// Deleting for good on the real program, in the page: what can still come back stands at the top of the trash, destroying is said and done, closing a mailbox says what stands against it.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { projectDir, startProgram, type RunningProgram } from '../running-program.ts';
import { openSmtp } from '../smtp-client.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { hasCount } from './has-count.ts';

const browser: Browser | undefined = await openChromium();
const options = { skip: browser ? false : 'no browser: set SIEGEL_CHROMIUM', timeout: 120_000 };
const PASSWORD = 'Mantı am Sonntag';
const pictures = join(projectDir, 'test/screenshots');
let program: RunningProgram;
let address = '';
let page: Page;
const complaints: string[] = [];

before(async () => {
  if (!browser) return;
  program = await startProgram();
  address = await program.signUp('anna', PASSWORD);
  await mkdir(pictures, { recursive: true });
  await using smtp = await openSmtp(program.smtpPort);
  for (const subject of ['Offer', 'Invoice', 'Reminder', 'Draft contract', 'Gossip']) {
    const text = `From: Nora <nora@example.org>\r\nTo: ${address}\r\nSubject: ${subject}\r\nMessage-ID: <${subject.replace(' ', '')}@example.org>\r\n\r\nText.\r\n`;
    const { code } = await smtp.send({ from: 'nora@example.org', to: [address], bytes: Buffer.from(text) });
    assert.equal(code, 250);
  }
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(program.url);
  await page.locator('input[name=username]').fill(address);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.waitForURL('**/mail*');
  await row('Gossip').waitFor();
});
after(async () => {
  await browser?.close(); // also where the program did not start
  await program?.stop();
});

const row = (subject: string) => page.locator('.row', { hasText: subject });
const bar = () => page.locator('.trash-bar');
const dialog = () => page.locator('dialog');

async function go(place: string): Promise<void> {
  await page.locator('.nav-item', { hasText: place }).first().click();
  await page.locator(`.list-pane[aria-label="${place}"]`).waitFor();
}

async function throwAway(subject: string): Promise<void> {
  await row(subject).click();
  await page.locator('.letter-subject', { hasText: subject }).waitFor();
  await page.keyboard.press('#');
  await row(subject).waitFor({ state: 'detached' });
}

async function shoot(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await accessibility(page), [], name);
    await page.screenshot({ path: join(pictures, `${name}-${page.viewportSize()?.width}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

test(
  'what was deleted for good stands at the top of the trash until when it can come back, and comes back from there',
  options,
  async () => {
    for (const subject of ['Offer', 'Invoice', 'Reminder']) await throwAway(subject);
    await go('Trash');
    await row('Reminder').waitFor();
    await hasCount(bar(), 0, 'nothing is deleted for good yet');
    await page.getByRole('button', { name: 'Empty trash' }).click();
    await dialog().getByText('Delete 3 messages for good?').waitFor();
    await dialog().getByText('it is named at the top of Trash').waitFor();
    await shoot('trash-delete');
    await dialog().getByRole('button', { name: 'Delete 3 messages' }).click();
    await bar().getByText('3 messages deleted for good can come back; the first until').waitFor();
    await page.getByText('The trash is empty.').waitFor();
    await shoot('trash-bar');
    await page.setViewportSize({ width: 390, height: 844 });
    await bar().waitFor();
    await shoot('trash-bar');
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.reload();
    await bar().getByRole('button', { name: 'Bring back' }).click();
    await page.getByText('Back in the inbox.').waitFor();
    await bar().waitFor({ state: 'detached' });
    await go('Inbox');
    for (const subject of ['Offer', 'Invoice', 'Reminder']) await row(subject).waitFor();
  },
);

test('undo of a deletion takes it out of the bar at once', options, async () => {
  await throwAway('Offer');
  await go('Trash');
  await row('Offer').click();
  await page.keyboard.press('#');
  await dialog().getByRole('button', { name: 'Delete 1 message' }).click();
  await bar().getByText('1 message deleted for good can come back until').waitFor();
  await page.locator('.toast').getByRole('button', { name: 'Undo' }).click();
  await row('Offer').waitFor();
  await bar().waitFor({ state: 'detached' });
});

test('destroying has no way back, and the question says so before', options, async () => {
  await go('Inbox');
  await throwAway('Gossip');
  await go('Trash');
  await row('Gossip').click();
  await page.keyboard.press('#');
  await dialog().getByLabel('Destroy now, without a way back').check();
  await dialog().getByText('Nothing of it can be brought back then.').waitFor();
  await shoot('trash-destroy');
  await dialog().getByRole('button', { name: 'Destroy 1 message' }).click();
  await row('Gossip').waitFor({ state: 'detached' });
  await page.locator('.toast', { hasText: 'Destroyed.' }).waitFor();
  await hasCount(page.locator('.toast').getByRole('button', { name: 'Undo' }), 0);
  await page.waitForTimeout(500);
  assert.deepEqual(await bar().allTextContents(), []);
});

test('what can still come back may be destroyed from the bar, after a question', options, async () => {
  await row('Offer').click();
  await page.keyboard.press('#');
  await dialog().getByRole('button', { name: 'Delete 1 message' }).click();
  await bar().getByRole('button', { name: 'Destroy now' }).click();
  await dialog().getByText('Destroy this message now?').waitFor();
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await bar().getByRole('button', { name: 'Destroy now' }).click();
  await dialog().getByRole('button', { name: 'Destroy 1 message' }).click();
  await bar().waitFor({ state: 'detached' });
  await page.reload();
  await page.getByText('The trash is empty.').waitFor();
  await page.waitForTimeout(500);
  await hasCount(bar(), 0);
  assert.deepEqual(complaints, []);
});

test(
  'a mailbox is closed after a question that names its dates, and the settings name nothing of the trash',
  options,
  async () => {
    await page.evaluate(() => (location.hash = '#settings/general'));
    await page.getByRole('button', { name: 'Close mailbox' }).click();
    await dialog().getByText('Until').waitFor();
    await shoot('close-mailbox');
    await hasCount(page.getByRole('button', { name: 'Bring back' }), 0);
    await dialog().getByRole('button', { name: 'Close mailbox' }).click();
    await page.waitForURL((url) => url.pathname === '/');
    await page.locator('input[name=username]').fill(address);
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.getByText('closed').first().waitFor();
  },
);
