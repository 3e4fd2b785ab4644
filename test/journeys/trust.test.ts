// /trust and /check on the real program: live figures without any script, good receipts told from forged ones, nothing asked elsewhere, also without a connection.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { projectDir, startProgram, type RunningProgram } from '../running-program.ts';
import { saveReceipts } from '../save-receipts.ts';
import { PASSWORD, signIn, signUp, type Person } from '../signed-in.ts';
import { openSmtp } from '../smtp-client.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { looks } from './looks.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const LETTERS = 5;
const OPERATOR = {
  SIEGEL_OPERATOR_NAME: 'Kanzlei Çelik & <b>Partner</b>',
  SIEGEL_OPERATOR_COUNTRY: 'Deutschland',
};
const shotsDir = join(projectDir, 'test/screenshots');

let directory: string;
let out: string;
let program: RunningProgram;
let anna: Person;
let earlyHead: string;
let early: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'siegel-trust-'));
  out = join(directory, 'receipts');
  program = await startProgram({ directory, env: OPERATOR });
  anna = await signUp(() => program, 'anna');
  early = await trust();
  earlyHead = await headWithEntries();
  await sendLetters();
  await wait(2_000); // their hour begins when the book takes them, a moment after the 250
  await program.stop();
  program = await startProgram({ directory, env: { ...OPERATOR, SIEGEL_CLOCK: '+2h' } });
  await saveAnnasReceipts();
  await mkdir(shotsDir, { recursive: true });
});
after(async () => {
  await browser?.close();
  await program?.stop();
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

/** A receipt that is asked for makes the book sign a head over it, once it has taken it. */
async function headWithEntries(): Promise<string> {
  const { receipts } = (await (await anna.reach('/receipts')).json()) as { receipts: { id: string }[] };
  for (let tries = 0; tries < 50; tries++) {
    await anna.reach(`/receipts/${receipts[0]?.id}`);
    const head = await (await fetch(`${program.url}/book/head`)).text();
    if ((JSON.parse(head) as { size: number }).size > 0) return head;
    await wait(100);
  }
  throw new Error('the book stays empty');
}

async function sendLetters(): Promise<void> {
  await using smtp = await openSmtp(program.smtpPort);
  for (let n = 0; n < LETTERS; n++) {
    const text = `From: bert@sender.example\r\nTo: anna@siegel.test\r\nSubject: Quittung ${n}\r\n\r\nA letter.\r\n`;
    const reply = await smtp.send({ from: 'bert@sender.example', to: [anna.address], bytes: Buffer.from(text) });
    assert.equal(reply.code, 250);
  }
}

/** The hour of the letters ends at the book's next look, a moment after the start. */
async function saveAnnasReceipts(): Promise<void> {
  await saveReceipts(program, { address: anna.address, plainPassword: PASSWORD, out });
}

async function receiptFile(start: string): Promise<string> {
  return join(out, (await readdir(out)).find((name) => name.startsWith(start)) ?? '');
}

async function trust(headers: Record<string, string> = { 'accept-language': 'en' }, query = ''): Promise<string> {
  const answer = await fetch(`${program.url}/trust${query}`, { headers });
  assert.equal(answer.status, 200);
  return answer.text();
}

/** The big figure of one answer. */
function figure(page: string, key: string): string {
  const at = page.slice(page.indexOf(`id="${key}"`));
  return /figure-value[^>]*>([^<]*)</.exec(at)?.[1]?.trim() ?? '';
}

describe('/trust', () => {
  test('figures follow what happened, and stand still while it happens', async () => {
    assert.equal(figure(early, 'read'), '0');
    const later = await trust();
    assert.equal(figure(later, 'read'), String(LETTERS));
    assert.ok(Number(figure(later, 'lose')) > Number(figure(early, 'lose')), 'heads were signed since');
    const { rows } = (await (await fetch(`${program.url}/api/disclosure`)).json()) as {
      rows: { operatorSees: { en: string } }[];
    };
    assert.equal(figure(later, 'keep'), String(rows.length));
    assert.ok(later.includes(rows[0]?.operatorSees.en ?? 'no row'), 'the sentence is the disclosure table’s');
    await sendLetters();
    await wait(1_000);
    assert.equal(figure(await trust(), 'read'), String(LETTERS), 'nobody reads from it that a letter came just now');
  });

  test('rooms that are not built say so in both languages, and the operator’s words are words', async () => {
    const page = await trust();
    assert.deepEqual([figure(page, 'complete'), figure(page, 'answer')], ['not yet', 'not yet']);
    assert.ok(page.includes('Kanzlei Çelik &amp; &lt;b&gt;Partner&lt;/b&gt;') && page.includes('Deutschland'));
    assert.ok(page.includes('not declared'));
    assert.equal(figure(await trust({ 'accept-language': 'tr, de-AT;q=0.8' }), 'complete'), 'noch nicht');
    assert.equal(figure(await trust({ 'accept-language': 'de' }, '?lang=en'), 'complete'), 'not yet');
  });

  test('it holds no script and may run none', async () => {
    const answer = await fetch(`${program.url}/trust`);
    const text = await answer.text();
    assert.doesNotMatch(text, /<script|<iframe|<form|javascript:|\son\w+=|style=/i);
    const policy = answer.headers.get('content-security-policy') ?? '';
    assert.match(policy, /^default-src 'none'/);
    assert.doesNotMatch(policy, /script|unsafe|connect/);
    assert.match(text, /<link rel="stylesheet" href="\/assets\/public-/);
  });

  test('the key it shows is the one the receipts are signed with', async () => {
    const { key } = JSON.parse(await readFile(await receiptFile('account-created'), 'utf8')) as { key: string };
    assert.ok((await trust()).includes(key));
  });
});

interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly asked: string[];
  readonly complaints: string[];
}

async function visit(path: string, options: BrowserContextOptions = {}): Promise<Visit> {
  assert.ok(browser);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const [asked, complaints]: [string[], string[]] = [[], []];
  context.on('request', (request) => asked.push(`${request.method()} ${request.url()}`));
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${program.url}${path}`, { waitUntil: 'networkidle' });
  return { page, asked, complaints, [Symbol.asyncDispose]: () => context.close() };
}

async function forge(): Promise<string> {
  const text = await readFile(await receiptFile('account-created'), 'utf8');
  const forged = join(directory, 'forged.json');
  await writeFile(forged, text.replace('anna@siegel.test', 'anne@siegel.test'));
  return forged;
}

async function drop(page: Page, files: readonly string[]): Promise<void> {
  await page.locator('input[type=file]').setInputFiles([...files]);
}

describe('/check', { skip }, () => {
  test('a good receipt is good, a forged one is not, and the file goes nowhere, also without a connection', async () => {
    await using visitor = await visit('/check');
    const { page, asked, complaints } = visitor;
    const before = asked.length;
    await page.context().setOffline(true);
    await drop(page, [await receiptFile('letter-')]);
    await page.locator('.receipt-title', { hasText: 'Good' }).waitFor();
    const card = page.locator('.receipt').first();
    assert.match(await card.innerText(), /sealed to its reader’s key when it came[\s\S]*together with 5 messages/);
    assert.match(await card.innerText(), /the key of this house/);
    assert.equal(await card.getAttribute('data-needs-you'), 'false');
    await drop(page, [await forge()]);
    await page.locator('.receipt-title', { hasText: 'Forged or damaged' }).waitFor();
    assert.match(await page.locator('.receipt').first().innerText(), /The signature does not fit/);
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.locator('.receipt-title', { hasText: 'Gefälscht oder beschädigt' }).waitFor();
    assert.deepEqual(
      asked.slice(before).filter((line) => !line.includes('/assets/source-serif')),
      [],
    );
    assert.ok(
      asked.every((line) => line.startsWith(`GET ${program.url}/`)),
      asked.join('\n'),
    );
    assert.deepEqual(
      complaints.filter((line) => !/ERR_INTERNET_DISCONNECTED/.test(line)),
      [],
    );
  });

  test('text that is pasted is checked too, and what is no receipt is called so', async () => {
    await using visitor = await visit('/check?lang=de');
    const { page } = visitor;
    await page.locator('.check-paste summary').click();
    await page.locator('textarea').fill(await readFile(await receiptFile('key-published'), 'utf8'));
    await page.getByRole('button', { name: 'Prüfen', exact: true }).click();
    await page.locator('.receipt-title', { hasText: 'Echt' }).waitFor();
    await page.locator('textarea').fill('kein Beleg');
    await page.getByRole('button', { name: 'Prüfen', exact: true }).click();
    await page.locator('.receipt-title', { hasText: 'Kein Beleg' }).waitFor();
  });

  test('a head kept from earlier shows that nothing was rewritten; the server is asked two numbers, on request', async () => {
    await using visitor = await visit('/check');
    const { page, asked } = visitor;
    const kept = join(directory, 'head.json');
    await writeFile(kept, earlyHead);
    await drop(page, [kept, await receiptFile('letter-')]);
    await page.getByRole('button', { name: 'Ask for the proof' }).waitFor();
    assert.ok(!asked.some((line) => line.includes('/book/consistency')));
    await page.getByRole('button', { name: 'Ask for the proof' }).click();
    await page.getByText('Of one book with the head of').waitFor();
    const [question] = asked.filter((line) => line.includes('/book/consistency'));
    assert.match(question ?? '', /\/book\/consistency\?from=\d+&to=\d+$/);
    const head = JSON.parse(earlyHead) as { root: string };
    await writeFile(kept, earlyHead.replace(head.root, 'A'.repeat(43)));
    await drop(page, [kept]);
    await page.getByText('The head is not signed by the house that signed the receipt.').waitFor();
  });

  test('without the house a receipt is never called good: the key has to be compared', async () => {
    assert.ok(browser);
    await using context = await browser.newContext({ locale: 'en-GB' });
    await context.route('**/.well-known/siegel-book', (route) => route.abort());
    const page = await context.newPage();
    await page.goto(`${program.url}/check`);
    await drop(page, [await receiptFile('account-created')]);
    await page.locator('.receipt-title', { hasText: 'compare the key yourself' }).waitFor();
    assert.match(await page.locator('.receipt').innerText(), /offline: compare it yourself/);
    assert.equal(await page.locator('.receipt').getAttribute('data-needs-you'), 'true');
  });

  test('a true receipt of another house is not this house’s word', async () => {
    assert.ok(browser);
    await using context = await browser.newContext({ locale: 'en-GB' });
    const known = (await (await fetch(`${program.url}/.well-known/siegel-book`)).json()) as object;
    await context.route('**/.well-known/siegel-book', (route) =>
      route.fulfill({ json: { ...known, key: 'A'.repeat(43) } }),
    );
    const page = await context.newPage();
    await page.goto(`${program.url}/check`);
    await drop(page, [await receiptFile('account-created')]);
    await page.locator('.receipt-title', { hasText: 'not by this house' }).waitFor();
  });
});

describe('in the mailbox', { skip }, () => {
  test('the provenance panel checks the letter’s receipt, and Settings lists and checks what was promised', async () => {
    anna = await signIn(() => program, anna.address);
    await using visitor = await visit('/');
    const { page, complaints } = visitor;
    await page.locator('input[name=username]').fill(anna.address);
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await page.waitForURL('**/mail*');
    // newest first: those of this hour wait, those of two hours ago have theirs
    await page.locator('.row').first().click();
    await page.locator('.letter .chip[aria-expanded]').click();
    await page.getByRole('button', { name: 'Check receipt' }).click();
    await page.getByText('Not yet: the receipt is made when the hour of this message is over').waitFor();
    await page.locator('.row').last().click();
    await page.locator('.letter .chip[aria-expanded=false]').click();
    await page.getByRole('button', { name: 'Check receipt' }).click();
    await page.locator('.provenance .receipt-title', { hasText: 'Good' }).waitFor();
    const saved = page.waitForEvent('download');
    await page.locator('.provenance .receipt').getByRole('button', { name: 'Save as a file' }).click();
    const file = join(directory, 'saved.json');
    await (await saved).saveAs(file);
    assert.deepEqual(await readFile(file), await readFile(join(out, (await sameLetter(file)) ?? '')));
    await shots(page, 'receipt-letter');
    await page.evaluate(() => (location.hash = '#settings/security'));
    await page.locator('.receipt-row').nth(1).waitFor();
    await page.locator('.receipt-row').first().getByRole('button', { name: 'Check', exact: true }).click();
    await page.locator('.receipt-row .receipt-title', { hasText: 'Good' }).waitFor();
    await page.locator('.receipt-row .receipt').scrollIntoViewIfNeeded();
    await shots(page, 'receipt-settings');
    assert.deepEqual(await accessibility(page), []);
    assert.deepEqual(complaints, []);
  });
});

/** The receipt that the command line saved for the letter of this file. */
async function sameLetter(file: string): Promise<string | undefined> {
  const letterOf = async (path: string): Promise<unknown> =>
    (JSON.parse(await readFile(path, 'utf8')) as { receipt: { facts: { letter?: string } } }).receipt.facts.letter;
  const wanted = await letterOf(file);
  for (const name of await readdir(out)) if ((await letterOf(join(out, name))) === wanted) return name;
  return undefined;
}

async function shots(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(shotsDir, `${name}.png`), fullPage: true });
}

describe('everybody can use the public pages', { skip, concurrency: 2 }, () => {
  for (const { theme, width } of looks()) {
    test(`axe finds nothing in the ${theme} theme at ${width} pixels`, { timeout: 60_000 }, async () => {
      const options = { viewport: { width, height: 844 }, colorScheme: theme, locale: 'de-DE' };
      await using trusted = await visit('/trust', options);
      assert.deepEqual(await accessibility(trusted.page), []);
      await shots(trusted.page, `trust-${width}-${theme}`);
      await using checked = await visit('/check', options);
      await shots(checked.page, `check-empty-${width}-${theme}`);
      await drop(checked.page, [await receiptFile('letter-'), await forge()]);
      await checked.page.locator('.receipt').nth(1).waitFor();
      assert.deepEqual(await accessibility(checked.page), []);
      await shots(checked.page, `check-${width}-${theme}`);
      const reaches = await checked.page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(reaches <= width, `${reaches} pixels wide`);
      await trusted.page.emulateMedia({ media: 'print' });
      if (width === 1440 && theme === 'light')
        await trusted.page.pdf({ path: join(shotsDir, 'trust.pdf'), format: 'A4' });
      assert.ok(
        trusted.asked.every((line) => line.includes(program.url)),
        trusted.asked.join('\n'),
      );
    });
  }
});
