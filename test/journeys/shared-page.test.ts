// A shared mailbox in two browsers on the real program: made and offered by commands, taken up on the page, opened, seen live by both, closed at once for whoever is removed.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { openSmtp } from '../smtp-client.ts';
import { openChromium } from './chromium.ts';

const browser: Browser | undefined = await openChromium();
const options = { skip: browser ? false : 'no browser: set SIEGEL_CHROMIUM', timeout: 120_000 };
const PASSWORD = 'Mantı am Sonntag';
const SHOTS = path.resolve(import.meta.dirname, '../screenshots');
const complaints: string[] = [];
let program: RunningProgram;
let domain = '';

before(async () => {
  if (!browser) return;
  program = await startProgram();
  const address = await program.signUp('anna', PASSWORD);
  domain = address.slice(address.indexOf('@') + 1);
  await program.signUp('ben', PASSWORD);
});
after(async () => {
  if (browser) await program.stop();
  await browser?.close();
});

async function share(name: string, ...words: string[]): Promise<Record<string, unknown>> {
  const signIn = ['--address', name, '--password-stdin', '--server', program.url, '--json'];
  const { code, stdout, stderr } = await program.siegel(['user', 'share', ...words, ...signIn], `${PASSWORD}\n`);
  assert.equal(code, 0, stdout + stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

async function openDevice(on: Browser, name: string): Promise<Page> {
  const context = await on.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(program.url);
  await page.locator('input[name=username]').fill(`${name}@${domain}`);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.waitForURL('**/mail*');
  await page.locator('.nav-item').first().waitFor();
  return page;
}

async function openShared(page: Page): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#settings/general';
  });
  await page.locator('.line', { hasText: 'office@' }).getByRole('button', { name: 'Open' }).click();
  await page.waitForURL('**/mail?shared=*');
  await page.locator('.nav-address', { hasText: 'office@' }).waitFor();
}

test(
  'two people open one mailbox, see the same letter and each other’s star, and one is put out',
  options,
  async () => {
    assert.ok(browser);
    const made = await program.siegel(['invite', 'create', '--json']);
    const { code } = JSON.parse(made.stdout) as { code: string };
    assert.equal((await share('anna', 'create', 'office', '--invite', code))['address'], `office@${domain}`);
    await share('anna', 'add', `office@${domain}`, `ben@${domain}`);

    const [anna, ben] = [await openDevice(browser, 'anna'), await openDevice(browser, 'ben')];
    await ben.evaluate(() => {
      location.hash = '#settings/general';
    });
    await ben.getByRole('button', { name: 'Take it up' }).click();
    await ben.locator('.line', { hasText: 'office@' }).getByRole('button', { name: 'Open' }).waitFor();
    await mkdir(SHOTS, { recursive: true });
    await ben.locator('.line-inner').first().scrollIntoViewIfNeeded();
    await ben.screenshot({ path: path.join(SHOTS, 'sharing-1440-light.png') });
    await openShared(ben);
    await openShared(anna);

    await using smtp = await openSmtp(program.smtpPort);
    const text = `From: Nora <nora@example.org>\r\nTo: office@${domain}\r\nSubject: A question\r\nMessage-ID: <1@example.org>\r\n\r\nWho answers?\r\n`;
    const bytes = Buffer.from(text);
    assert.equal((await smtp.send({ from: 'nora@example.org', to: [`office@${domain}`], bytes })).code, 250);
    for (const page of [anna, ben]) await page.locator('.row', { hasText: 'A question' }).waitFor();
    await anna.locator('.row', { hasText: 'A question' }).click();
    await anna.locator('.letter-subject', { hasText: 'A question' }).waitFor();
    await anna.keyboard.press('s');
    await ben.locator('.nav-item', { hasText: 'Starred' }).click();
    await ben.locator('.row', { hasText: 'A question' }).waitFor();
    await anna.screenshot({ path: path.join(SHOTS, 'shared-mailbox-1440-light.png') });
    assert.deepEqual(complaints, []);

    await share('anna', 'remove', `office@${domain}`, `ben@${domain}`);
    await ben.reload();
    await ben.waitForURL((url) => url.search === '' && url.pathname === '/mail');
    await ben.locator('.nav-address', { hasText: 'ben@' }).waitFor();
  },
);
