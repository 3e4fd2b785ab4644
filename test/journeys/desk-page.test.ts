// The desk in the browser, with the real program: a clerk files a fax, officer and lawyer refuse it with their own keys, the clerk writes the letter and files the correction.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { DESK_ADDRESS, openHouseWithDesk, type DeskName, type HouseWithDesk } from '../desk/house-with-desk.ts';
import { emptyForm, readDesk, sendForm } from '#web/authorities/send-form.ts';
import { jarFetch } from '#web/client/jar-fetch.ts';
import { projectDir } from '../running-program.ts';
import { PASSWORD } from '../signed-in.ts';
import { openSmtp } from '../smtp-client.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const pictures = join(projectDir, 'test/screenshots');
const TARGET = 'leyla.canary@kanzlei.test';

let house: HouseWithDesk;
const visits = new Map<string, { readonly context: BrowserContext; readonly page: Page }>();

before(async () => {
  if (!browser) return;
  await mkdir(pictures, { recursive: true });
  house = await openHouseWithDesk();
});
after(async () => {
  for (const { context } of visits.values()) await context.close();
  await browser?.close();
  await house?.[Symbol.asyncDispose]();
});

async function visit(name: DeskName | 'rolf', locale: 'de-DE' | 'en-GB'): Promise<Page> {
  const known = visits.get(name);
  if (known) return known.page;
  assert.ok(browser);
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(house.program.url);
  await page.locator('input[name=username]').fill(`${name}@siegel.test`);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('input[name=password]').press('Enter');
  await page.waitForURL('**/mail**');
  await page.goto(`${house.program.url}/mail#desk`);
  visits.set(name, { context, page });
  return page;
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(pictures, `desk-${name}.png`), fullPage: true });
}

const TIMEOUT = { skip, timeout: 300_000 };

test('before a policy names them they see their own key and what comes next', TIMEOUT, async () => {
  const page = await visit('mara', 'en-GB');
  await page.getByRole('heading', { name: 'No policy is in force yet.' }).waitFor();
  await page.getByText('Show the certificate').click();
  await page.getByText('BEGIN PGP PUBLIC KEY BLOCK').waitFor();
  await picture(page, 'no-policy-1280-light');
  await house.putPolicy();
  await house.join('rolf', 'lawyer');
  const other = await visit('rolf', 'de-DE');
  await other.getByRole('heading', { name: 'Ihr Schlüssel steht nicht in der Liste.' }).waitFor();
  assert.deepEqual(await accessibility(other), []);
});

test('a clerk confirms the founders, files a fax and finds it in the register', TIMEOUT, async () => {
  const page = await visit('mara', 'en-GB');
  await page.reload();
  await page.getByRole('heading', { name: 'Compare these fingerprints once.' }).waitFor();
  await page.getByText('Jonas Brandt').waitFor();
  await picture(page, 'founders-1280-light');
  await page.getByRole('button', { name: 'They are the same' }).click();
  await page.getByRole('heading', { name: 'Nothing waits for you.' }).waitFor();
  await page.getByRole('button', { name: 'File a request' }).click();
  await page.getByLabel('Country').fill('Germany');
  await page.getByLabel('Country').fill('');
  await page.getByRole('button', { name: 'File it' }).click();
  await page.getByText('Give the country in two letters.').first().waitFor();
  await page.getByLabel('Country').fill('de');
  await page.getByLabel('Whom it is about').fill(TARGET);
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'Fax.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF canary fax') });
  await page.getByText('Fax.pdf').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await picture(page, 'form-1280-light');
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.postData() ?? ''));
  await page.getByRole('button', { name: 'File it' }).click();
  await page.getByRole('heading', { name: /0001 · to be examined: channel/ }).waitFor();
  assert.ok(sent.length > 0 && !sent.join('').includes('canary'), 'nothing of it left the browser in the clear');
  await page.getByText('this channel is not admissible').waitFor();
  await page.getByRole('button', { name: 'All requests' }).click();
  await page.getByRole('button', { name: /0001/ }).first().waitFor();
});

async function refuse(name: 'jonas' | 'leyla', sentence: RegExp): Promise<Page> {
  const page = await visit(name, 'de-DE');
  await page.getByRole('button', { name: 'Sie sind gleich' }).click();
  await page.getByRole('heading', { name: 'Ein Ersuchen wartet auf Ihr Votum.' }).waitFor();
  await page.getByRole('button', { name: /öffnen/ }).click();
  await page.getByRole('button', { name: 'Akte öffnen' }).click();
  await page.getByText(TARGET).waitFor();
  await page.getByText('daran ist das Register gebunden').waitFor();
  await page.getByRole('button', { name: 'Ansehen, was ich unterschreibe' }).click();
  await page.getByText('Bitte wählen Sie ein Votum.').waitFor();
  await page.getByLabel(/^Ablehnen/).check();
  await page.getByLabel(/^Weg nicht zulässig/).check();
  if (name === 'jonas') {
    assert.deepEqual(await accessibility(page), []);
    await picture(page, 'verdict-de-1280-light');
  }
  await page.getByRole('button', { name: 'Ansehen, was ich unterschreibe' }).click();
  await page.getByRole('button', { name: 'Unterschreiben und abgeben' }).click();
  await page.getByRole('heading', { name: sentence }).waitFor();
  return page;
}

test('officer and lawyer open the case, and refuse it with the keys of their accounts', TIMEOUT, async () => {
  await refuse('jonas', /ein Votum fehlt/);
  const page = await refuse('leyla', /abgelehnt: Weg/);
  await page.getByText('Jonas Brandt').waitFor();
  await page.getByText(/Was geschah/).click();
  await page.getByText('Von zweien abgelehnt').waitFor();
  await picture(page, 'refused-de-1280-light');
  const verified = await house.siegel('report', 'verify');
  assert.deepEqual(verified['findings'], []);
});

test('the clerk drafts the letter, notes it as sent, and files what puts it right', TIMEOUT, async () => {
  const page = await visit('mara', 'en-GB');
  await page.reload();
  await page.getByRole('heading', { name: 'One rejected request waits for its letter.' }).waitFor();
  await page.getByRole('button', { name: /^Open 20/ }).click();
  await page.getByRole('button', { name: 'Draft the letter' }).click();
  const letter = page.getByRole('textbox', { name: 'Letter to the authority' });
  await letter.waitFor();
  assert.match(await letter.inputValue(), /not admissible/);
  assert.ok(!(await letter.inputValue()).includes('canary'));
  await picture(page, 'letter-1280-light');
  await page.getByRole('button', { name: 'Note as sent' }).click();
  await page.getByText('The letter is noted.').waitFor();
  await page.getByRole('button', { name: 'File the corrected request' }).click();
  await page.getByRole('heading', { name: /File what puts .*0001 right/ }).waitFor();
  // or by itself: the authority fetches the keys and writes encrypted mail
  await writeFromAuthority(`Betrifft Ihre Zurückweisung. Bestandsdaten zu ${TARGET}`);
  await page.reload();
  await page.getByRole('heading', { name: 'One letter came in and waits to be filed.' }).waitFor();
  await page.getByRole('button', { name: /OpenPGP.*arrival/ }).click();
  await page.getByRole('button', { name: 'Open it' }).click();
  await page.getByText(`Bestandsdaten zu ${TARGET}`).waitFor();
  await page.getByText('It came encrypted; opened in this browser only.').waitFor();
  await page.getByText('Frau Lang <lang@sta.invalid>').waitFor();
  assert.deepEqual(await accessibility(page), []);
  await picture(page, 'mail-1280-light');
  await page.setViewportSize({ width: 390, height: 900 });
  assert.ok(!(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)));
  await picture(page, 'mail-390-light');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByLabel('What it is').selectOption({ index: 1 });
  await page.getByRole('button', { name: 'File it as a request' }).click();
  await page.getByRole('heading', { name: /File what puts .*0001 right/ }).waitFor();
  await page.getByLabel('Whom it is about').fill(TARGET);
  await page.getByRole('button', { name: 'File it' }).click();
  await page.getByRole('heading', { name: /0002 · to be examined/ }).waitFor();
  await page.getByRole('button', { name: /It puts .*0001 right/ }).click();
  await page.getByRole('heading', { name: /0001 · filed again/ }).waitFor();
});

/** With nothing but what the house publishes, and a mail program. */
async function writeFromAuthority(text: string): Promise<void> {
  const openpgp = await import('openpgp');
  const keys = await fetch(`${house.program.url}/authorities/keys.asc`);
  const encryptionKeys = await openpgp.readKeys({ armoredKeys: await keys.text() });
  assert.equal(encryptionKeys.length, 3);
  const inside = `Content-Type: text/plain; charset=utf-8\r\n\r\n${text}\r\n`;
  const armored: string = await openpgp.encrypt({
    message: await openpgp.createMessage({ text: inside }),
    encryptionKeys,
  });
  const lines = [
    'From: Frau Lang <lang@sta.invalid>',
    `To: ${DESK_ADDRESS}`,
    'Subject: Az. 4711 Js 12/26',
    'Date: Sun, 22 Nov 2026 10:20:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b',
    '',
    '--b',
    'Content-Type: application/pgp-encrypted',
    '',
    'Version: 1',
    '--b',
    'Content-Type: application/octet-stream',
    '',
    ...armored
      .trimEnd()
      .split('\n')
      .map((line) => line.trimEnd()),
    '--b--',
    '',
  ];
  await using smtp = await openSmtp(house.program.smtpPort);
  const bytes = Buffer.from(lines.join('\r\n'));
  const taken = await smtp.send({ from: 'lang@sta.invalid', to: [DESK_ADDRESS], bytes });
  assert.equal(taken.code, 250, taken.text);
}

test(
  'what came through the form waits for the clerk, is opened, and filed with its channel; another is dismissed',
  TIMEOUT,
  async () => {
    assert.ok(browser);
    const reach = jarFetch(() => house.program.url);
    const desk = await readDesk(reach);
    assert.ok(desk);
    for (const text of ['Bestandsdaten zu einem Postfach', 'Werbung'])
      assert.ok(
        (await sendForm({ ...emptyForm, authority: 'Polizei', contact: 'post@polizei.test', text }, desk, reach)).ok,
      );
    const page = await visit('mara', 'en-GB');
    await page.reload();
    await page.getByRole('heading', { name: '2 letters came in and wait to be filed.' }).waitFor();
    await page
      .getByRole('button', { name: /Encrypted form/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Open it' }).click();
    await page.getByText('Bestandsdaten zu einem Postfach').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await picture(page, 'arrival-1280-light');
    await page.getByRole('button', { name: 'File it as a request' }).click();
    assert.equal(await page.getByLabel('Received on').count(), 0, 'how and when it came stands already');
    await page.getByRole('button', { name: 'File it' }).click();
    await page.getByRole('heading', { name: /0003 · to be examined/ }).waitFor();
    await page.getByText('Encrypted form').waitFor();
    await page.getByRole('button', { name: 'All requests' }).click();
    await page.getByRole('button', { name: /Encrypted form.*arrival/ }).click();
    await page.getByLabel('Why it is no request').selectOption('SPAM');
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await page.getByText('It is dismissed.').waitFor();
    assert.equal((await house.siegel('request', 'arrivals'))['waiting'], 0);
  },
);

test('at three widths, in both lights: nothing is wider than the page', TIMEOUT, async () => {
  const page = await visit('leyla', 'de-DE');
  for (const [width, colorScheme] of [
    [390, 'dark'],
    [900, 'light'],
    [1280, 'dark'],
  ] as const) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await page.reload();
    await page.getByRole('heading', { name: '2 Ersuchen warten auf Ihr Votum.' }).waitFor();
    assert.deepEqual(await accessibility(page), [], `${width} ${colorScheme}`);
    assert.ok(!(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)), `${width}`);
    await picture(page, `list-de-${width}-${colorScheme}`);
    await page.getByRole('button', { name: /öffnen/ }).click();
    await page.getByRole('heading', { name: /000[23]/ }).waitFor();
    await picture(page, `filing-de-${width}-${colorScheme}`);
  }
});

test('who is not of the desk has no such place, and a link to it shows nothing of it', TIMEOUT, async () => {
  assert.ok(browser);
  await house.join('mia', 'member');
  const context = await browser.newContext({ locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(house.program.url);
  await page.locator('input[name=username]').fill('mia@siegel.test');
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('input[name=password]').press('Enter');
  await page.waitForURL('**/mail**');
  await page.getByRole('button', { name: 'Contacts' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Desk' }).count(), 0);
  await page.goto(`${house.program.url}/mail#desk`);
  await page.reload();
  await page.getByText('The policy of this house does not name your key.').waitFor();
  await context.close();
});
