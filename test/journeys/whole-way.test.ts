// The main job on the real program: join link, mailbox, a letter by SMTP in the open page within a second, read, filed, found; password, phrase and code in the browser.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTransport } from 'nodemailer';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { totpCode, totpStep } from '#office/accounts/totp.ts';
import { newsletterHtml } from '../fakes/sample-letters.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { openChromium } from './chromium.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const address = 'leyla@siegel.test';
const ARRIVAL_MS = 1_000;
let program: RunningProgram;
let context: BrowserContext;
let page: Page;
let password = 'Mantı am Sonntag';
let phrase: readonly string[] = [];
const complaints: string[] = [];
const elsewhere: string[] = [];

before(async () => {
  if (!browser) return;
  program = await startProgram();
  context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB' });
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(program.url) && !/^(?:data|blob|about):/.test(url)) elsewhere.push(url);
  });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
  page.on('pageerror', (error) => complaints.push(error.message));
});
after(async () => {
  await context?.close();
  await browser?.close();
  await program?.stop();
});

async function send(subject: string, text: string, html?: string): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: program.smtpPort, secure: false, ignoreTLS: true });
  await transport.sendMail({
    from: 'Hatice Demir <hatice.demir@feldpost.test>',
    to: address,
    subject,
    text,
    ...(html ? { html } : {}),
    attachments: [{ filename: 'Vergleich.pdf', content: Buffer.from('%PDF-1.7 nothing') }],
  });
  transport.close();
}

async function signIn(): Promise<void> {
  await page.goto(program.url);
  await page.locator('input[name=username]').fill(address);
  await page.locator('input[name=password]').fill(password);
  await page.locator('button[type=submit]').click();
}

const inMailbox = async (): Promise<void> => {
  await page.waitForURL('**/mail*');
  await page.locator('.row-name, .list-pane .empty').first().waitFor();
};

async function goSecurity(): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#settings/security';
  });
  await page.getByRole('button', { name: 'Change password' }).waitFor();
}

async function signOut(): Promise<void> {
  await page.evaluate(() => {
    location.hash = '#settings/general';
  });
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator('input[name=username]').waitFor();
}

test('the join link makes a mailbox and a phrase', { skip, timeout: 60_000 }, async () => {
  const join = /https?:\S+\/join\/\S+/.exec(program.output())?.[0];
  assert.ok(join, program.output());
  await page.goto(join);
  await page.locator('input[name=username]').fill('leyla');
  await page.locator('input[name=password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.locator('.phrase').waitFor();
  phrase = await page.locator('.phrase li').allTextContents();
  assert.equal(phrase.length, 12);
  await page.getByRole('button', { name: 'I have written them down' }).click();
  for (const [index, label] of (await page.locator('.field-label').allTextContents()).entries()) {
    const word = phrase[Number(label.replaceAll(/\D/g, '')) - 1];
    await page
      .locator('.field-input')
      .nth(index)
      .fill(word ?? '');
  }
  await page.getByRole('button', { name: 'Open mailbox' }).click();
  await inMailbox();
  await page.locator('#welcome-sealed').waitFor();
});

test('a letter from any SMTP client is in the open page within a second', { skip, timeout: 60_000 }, async () => {
  await send('warm-up', 'the first letter finds everything cold');
  await page.locator('.row', { hasText: 'warm-up' }).waitFor();
  const arrivesAfter = async (subject: string): Promise<number> => {
    const beganMs = performance.now();
    await send(subject, 'Anbei der Entwurf der Gegenseite, Ziffer 7.', newsletterHtml);
    await page.locator('.row', { hasText: subject }).waitFor();
    return performance.now() - beganMs;
  };
  let tookMs = await arrivesAfter('Vergleichsentwurf');
  let count = 2;
  // a letter that only the machine kept waiting: the next one is not late
  for (; count < 6 && tookMs >= ARRIVAL_MS; count++) tookMs = await arrivesAfter(`Nachtrag ${count}`);
  console.log(`from the first byte by SMTP to the row in the page: ${tookMs.toFixed(0)} ms`);
  assert.ok(tookMs < ARRIVAL_MS, `${tookMs}`);
  const row = page.locator('.row', { hasText: 'Vergleichsentwurf' });
  assert.match((await row.textContent()) ?? '', /Hatice Demir/);
  await page
    .locator('.nav-item', { hasText: 'Inbox' })
    .locator('.nav-count', { hasText: `${count}` })
    .waitFor();
});

test(
  'it opens, says how it was sealed, fetches nothing, and its original can be seen',
  { skip, timeout: 60_000 },
  async () => {
    await page.locator('.row', { hasText: 'Vergleichsentwurf' }).click();
    await page.locator('.letter-frame[data-ready]').waitFor();
    await page.frameLocator('.letter-frame').getByText('Oktober 2026').waitFor();
    await page.getByText('1 tracker blocked').waitFor();
    await page.getByRole('button', { name: 'Sealed on arrival' }).click();
    await page.locator('.provenance-table dd').nth(4).waitFor();
    await page.getByRole('button', { name: 'Show original' }).click();
    assert.match(
      (await page.locator('.original-text').textContent()) ?? '',
      /^Return-Path|Subject: Vergleichsentwurf/m,
    );
    await page.getByRole('button', { name: 'Show message' }).click();
    await page.locator('.attachment', { hasText: 'Vergleich.pdf' }).waitFor();
    assert.deepEqual(elsewhere, []);
  },
);

test('archived, brought back, starred, filed: the server keeps it', { skip, timeout: 60_000 }, async () => {
  await page.keyboard.press('e');
  await page.getByText('Archived.').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('.row', { hasText: 'Vergleichsentwurf' }).waitFor();
  await page.locator('.row', { hasText: 'Vergleichsentwurf' }).click();
  await page.keyboard.press('s');
  await page.locator('.row[data-selected] .icon-filled').waitFor();
  await page.getByRole('button', { name: 'New folder' }).click();
  await page.locator('dialog .field-input').fill('Akte 14/26');
  await page.getByRole('button', { name: 'Make folder' }).click();
  await page.locator('.nav-item', { hasText: 'Akte 14/26' }).waitFor();
  await page.getByRole('button', { name: 'Move', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Akte 14/26' }).click();
  await page.getByText('Moved to Akte 14/26.').waitFor();
  await page.reload();
  await page.locator('.nav-item', { hasText: 'Akte 14/26' }).click();
  await page.locator('.row', { hasText: 'Vergleichsentwurf' }).locator('.icon-filled').waitFor();
});

test('search finds a word of the text, and its words go nowhere', { skip, timeout: 60_000 }, async () => {
  const sent: string[] = [];
  const note = (request: { postData(): string | null; url(): string }): void => {
    sent.push(`${request.url()} ${request.postData() ?? ''}`);
  };
  context.on('request', note);
  await page.keyboard.press('/');
  await page.keyboard.type('Gegenseite');
  await page.locator('.row', { hasText: 'Vergleichsentwurf' }).waitFor();
  context.off('request', note);
  assert.ok(
    sent.every((line) => !line.includes('Gegenseite')),
    'the server learns nothing of what is searched',
  );
  await page.locator('.search input').press('Escape');
});

test('the server’s view holds no subject, name, text or folder name', { skip, timeout: 60_000 }, async () => {
  await page.evaluate(() => document.body.focus());
  await page.keyboard.press('S');
  await page.locator('.server-row').first().waitFor();
  await page.locator('.server-letter pre', { hasText: 'BEGIN PGP MESSAGE' }).waitFor();
  const text = (await page.locator('.server-view').textContent()) ?? '';
  for (const secret of ['Vergleich', 'Hatice', 'feldpost', 'Akte', 'Gegenseite'])
    assert.ok(!text.includes(secret), secret);
  await page.keyboard.press('Escape');
});

test('a new password takes the place of the old one', { skip, timeout: 60_000 }, async () => {
  await goSecurity();
  await page.getByRole('button', { name: 'Change password' }).click();
  const fields = page.locator('dialog .field-input');
  await fields.nth(0).fill(password);
  await fields.nth(1).fill('Zwetschgenkuchen mit Zimt');
  await page.locator('dialog').getByRole('button', { name: 'Change password' }).click();
  await page.getByText('The new password is set.').waitFor();
  await page.reload();
  await inMailboxOrSettings();
  await signOut();
  await signIn();
  await page.getByText('do not belong together').waitFor();
  password = 'Zwetschgenkuchen mit Zimt';
  await signIn();
  await inMailbox();
});

test('a sign-in code is asked for once it is set', { skip, timeout: 60_000 }, async () => {
  await goSecurity();
  await page.getByRole('button', { name: 'Turn on' }).click();
  const shown = (await page.locator('.code-key').textContent()) ?? '';
  const secret = fromBase32(shown.replaceAll(/\s/g, ''));
  await page.locator('dialog .field-input').fill(totpCode(secret, totpStep(Date.now())));
  await page.locator('dialog').getByRole('button', { name: 'Turn on' }).click();
  await page.getByText('The sign-in code is on.').waitFor();
  await signOut();
  await signIn();
  // Each step counts once: the next one is taken, which the server allows for clocks that differ.
  await page.locator('input[autocomplete=one-time-code]').fill(totpCode(secret, totpStep(Date.now()) + 1));
  await page.locator('button[type=submit]').click();
  await inMailbox();
});

test('with the phrase a forgotten password is replaced, the code still asked', { skip, timeout: 60_000 }, async () => {
  await signOut();
  await page.goto(`${program.url}/recover`);
  const fields = page.locator('.field-input');
  await fields.nth(0).fill(address);
  await fields.nth(1).fill(phrase.join(' '));
  await fields.nth(2).fill('Noch ein langes Passwort');
  await page.locator('button[type=submit]').click();
  await page.locator('input[autocomplete=one-time-code]').waitFor();
  await page.getByRole('button', { name: 'I no longer have my authenticator' }).waitFor();
});

test('the browser complained about nothing and nothing left for elsewhere', { skip }, () => {
  const real = complaints.filter((line) => !/status of 40[13]|status of 429/.test(line));
  assert.deepEqual(real, []);
  assert.deepEqual(elsewhere, []);
});

async function inMailboxOrSettings(): Promise<void> {
  await page.locator('.settings, .list-pane').first().waitFor();
}

/** RFC 4648 §6, as authenticators read it. */
function fromBase32(text: string): Uint8Array {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = Array.from(text.replaceAll('=', ''), (digit) => digits.indexOf(digit).toString(2).padStart(5, '0')).join(
    '',
  );
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
