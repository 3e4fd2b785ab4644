// A shared mailbox in two browsers on the real program: made and offered on the page, taken up there, opened, seen live by both, closed at once for whoever is removed.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { openSmtp } from '../smtp-client.ts';
import { accessibility } from './axe.ts';
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
  await browser?.close(); // also where the program did not start
  await program?.stop();
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

async function invite(): Promise<string> {
  const made = await program.siegel(['invite', 'create', '--json']);
  return (JSON.parse(made.stdout) as { code: string }).code;
}

const field = (page: Page, name: string) => page.locator('dialog').getByLabel(name, { exact: true });
const make = (page: Page) => page.locator('dialog').getByRole('button', { name: 'Make it' }).click();

test('a shared mailbox is made on the page; what stands against it is said in plain words', options, async () => {
  assert.ok(browser);
  const [page, code] = [await openDevice(browser, 'anna'), await invite()];
  await page.evaluate(() => {
    location.hash = '#settings/general';
  });
  await page.getByRole('button', { name: 'Make a shared mailbox' }).click();
  await field(page, 'Name').fill('The office');
  await field(page, 'Address').fill('office@elsewhere.example');
  await field(page, 'Invitation').fill('nobody-gave-it');
  await make(page);
  await page.getByText(`New mailboxes of this house are at ${domain}.`).waitFor();
  await field(page, 'Address').fill('office');
  await make(page);
  await page.getByText('This invitation is not valid').waitFor();
  await field(page, 'Invitation').fill(`${program.url}/join/${code}`);
  await field(page, 'Address').fill('ben');
  await make(page);
  await page.getByText('This address is in use or was.').waitFor();
  await field(page, 'Address').fill('office');
  await field(page, 'Who opens it beside you').fill(`nobody@${domain}`);
  await page.getByRole('button', { name: 'Choose', exact: true }).click();
  await page.getByText('Nobody in this house has this address').waitFor();
  await field(page, 'Who opens it beside you').fill(`ben@${domain}`);
  await page.getByRole('button', { name: 'Choose', exact: true }).click();
  await page.getByRole('button', { name: 'Leave out' }).waitFor();
  await mkdir(SHOTS, { recursive: true });
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await accessibility(page), []);
    await page.screenshot({ path: path.join(SHOTS, `make-shared-1440-${colorScheme}.png`) });
  }
  await make(page);
  await page.getByText(`office@${domain} is there, and you hold it.`).waitFor();
  await page.locator('.line-inner', { hasText: `ben@${domain}` }).waitFor();
  assert.deepEqual(complaints, []);
  await page.reload();
  await page.locator('.line', { hasText: 'office@' }).getByRole('button', { name: 'Open' }).waitFor();
  await page.context().close();
});

test('the banner about the recovery phrase stands in one’s own mailbox and not in a shared one', options, async () => {
  assert.ok(browser);
  const page = await openDevice(browser, 'anna');
  await page.locator('.banner', { hasText: 'recovery phrase' }).waitFor();
  await openShared(page);
  await page.locator('.storage, .list-pane').first().waitFor();
  await page.waitForTimeout(1_000);
  assert.equal(await page.locator('.banner').count(), 0);
  await page.evaluate(() => {
    location.hash = '#settings/general';
  });
  await page.getByRole('button', { name: 'Back to my mailbox' }).click();
  await page.locator('.banner', { hasText: 'recovery phrase' }).waitFor();
  await page.context().close();
});

test(
  'two people open one mailbox, see the same letter and each other’s star, and one is put out',
  options,
  async () => {
    assert.ok(browser);
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
    await ben.locator('.row', { hasText: 'A question' }).getByTitle('Starred').waitFor();
    await ben.locator('.nav-item', { hasText: 'Starred' }).click();
    await ben.locator('.row', { hasText: 'A question' }).waitFor();
    await anna.keyboard.press('s');
    await ben.getByText('No starred messages.').waitFor();
    await anna.keyboard.press('s');
    await ben.locator('.row', { hasText: 'A question' }).waitFor();
    await anna.screenshot({ path: path.join(SHOTS, 'shared-mailbox-1440-light.png') });
    assert.deepEqual(complaints, []);

    await share('anna', 'remove', `office@${domain}`, `ben@${domain}`);
    await ben.reload();
    await ben.waitForURL((url) => url.search === '' && url.pathname === '/mail');
    await ben.locator('.nav-address', { hasText: 'ben@' }).waitFor();
  },
);

test(
  'the last holder can neither leave nor close; who leaves is named until another opens the mailbox, with new keys',
  options,
  async () => {
    assert.ok(browser);
    await share('anna', 'add', `office@${domain}`, `ben@${domain}`);
    const [anna, ben] = [await openDevice(browser, 'anna'), await openDevice(browser, 'ben')];
    const line = (page: Page, name: string) => page.locator('.line-inner', { hasText: `${name}@${domain}` });
    for (const page of [anna, ben]) await page.evaluate(() => (location.hash = '#settings/general'));
    await line(ben, 'ben').getByRole('button', { name: 'Leave' }).click();
    await ben.locator('dialog').getByText('When one of the others opens the mailbox it gets new keys').waitFor();
    assert.deepEqual(await accessibility(ben), []);
    await ben.screenshot({ path: path.join(SHOTS, 'leave-shared-1440-light.png') });
    await ben.locator('dialog').getByRole('button', { name: 'Leave' }).click();
    await ben.getByText(`You open office@${domain} no more.`).waitFor();
    await anna.reload();
    await line(anna, 'ben').getByText('left; the keys are still the ones they know').waitFor();
    await anna.locator('.line-inner').first().scrollIntoViewIfNeeded();
    await anna.screenshot({ path: path.join(SHOTS, 'left-shared-1440-light.png') });

    await line(anna, 'anna').getByRole('button', { name: 'Leave' }).click();
    await anna.locator('dialog').getByRole('button', { name: 'Leave' }).click();
    await anna.getByText('Add somebody who takes it over, then leave.').waitFor();
    await anna.getByRole('button', { name: 'Close mailbox' }).click();
    await anna.locator('dialog').getByRole('button', { name: 'Close mailbox' }).click();
    await anna.getByText('Nothing was closed: you are the only one').waitFor();
    await anna.screenshot({ path: path.join(SHOTS, 'last-holder-1440-light.png') });

    await openShared(anna);
    await anna.evaluate(() => (location.hash = '#settings/general'));
    await line(anna, 'anna').waitFor();
    await line(anna, 'ben').waitFor({ state: 'detached' });
  },
);
