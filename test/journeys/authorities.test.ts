// An authority writes to the desk through the encrypted form: sealed in the browser, opened by gpg alone, filed with the channel and the time the house saw.

import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { openGpgDesk, runSiegel, type GpgDesk } from '../desk/gpg-desk.ts';
import { noGpg } from '../gpg-people.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';

const browser: Browser | undefined = await openChromium();
const skip = noGpg ?? (browser ? false : 'no browser: set SIEGEL_CHROMIUM');
const pictures = join(import.meta.dirname, '../screenshots');
const CANARY = 'canary-bestand-4711';

let desk: GpgDesk;
let program: RunningProgram;
const stack = new AsyncDisposableStack();

before(async () => {
  if (skip !== false) return;
  await mkdir(pictures, { recursive: true });
  desk = stack.use(await openGpgDesk());
  program = stack.use(await startProgram({ env: { SIEGEL_DESK_TRUST: desk.trust } }));
});
after(async () => {
  await browser?.close();
  await stack.disposeAsync();
});

const siegel = (...words: readonly string[]): Promise<Record<string, unknown>> => runSiegel(program, ...words);

async function openForm(language: 'de' | 'en', look: { width: number; theme: 'light' | 'dark' }): Promise<Page> {
  assert.ok(browser);
  const { width, theme: colorScheme } = look;
  const page = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme });
  page.setDefaultTimeout(60_000);
  await page.goto(`${program.url}/authorities?lang=${language}`);
  return page;
}

test(
  'without a policy the page says that nothing can be sent, and nothing is taken',
  { skip, timeout: 240_000 },
  async () => {
    const page = await openForm('de', { width: 900, theme: 'light' });
    await page.getByText('Bitte senden Sie einen Brief.').waitFor();
    assert.equal(await page.locator('form').count(), 0);
    await page.close();
    const posted = await fetch(`${program.url}/authorities/letters`, { method: 'POST', body: 'plain text' });
    assert.equal(posted.status, 503);
    assert.equal((await fetch(`${program.url}/authorities/keys.asc`)).status, 404);
  },
);

test(
  'the form: sealed in the browser, waiting, opened by gpg, filed or dismissed',
  { skip, timeout: 240_000 },
  async () => {
    await desk.putPolicy(program);
    const page = await openForm('en', { width: 1280, theme: 'light' });
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.postDataBuffer()?.toString('latin1') ?? '');
    });
    await page.getByRole('button', { name: 'Encrypt and send' }).click();
    await page.getByText('Say which authority asks.').waitFor();
    await page.getByLabel('Authority').fill('Staatsanwaltschaft Musterstadt');
    await page.getByLabel('File reference').fill('4711 Js 12/26');
    await page.getByLabel('Answer to').fill('sta@justiz.test');
    await page.getByLabel('Request', { exact: true }).fill(`Bestandsdaten zu ${CANARY}@kanzlei.test`);
    const file = { name: 'Beschluss.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF canary-beschluss') };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('Beschluss.pdf').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await page.screenshot({ path: join(pictures, 'authorities-form-1280-light.png'), fullPage: true });
    await page.getByRole('button', { name: 'Encrypt and send' }).click();
    const status = page.getByRole('status');
    await status.waitFor();
    const arrival = /arrival-[a-z2-7]{12}/.exec((await status.textContent()) ?? '')?.[0] ?? assert.fail('no reference');
    await page.screenshot({ path: join(pictures, 'authorities-arrived-1280-light.png'), fullPage: true });
    await page.close();
    assert.equal(sent.length, 1);
    assert.ok(!sent.join('').includes('canary'));
    const out = join(desk.folder, 'arrivals');
    await mkdir(out);
    const shown = await siegel('request', 'arrivals', '--case-files', out);
    const [waits] = shown['arrivals'] as Record<string, unknown>[];
    assert.deepEqual([waits?.['arrival'], waits?.['channel'], waits?.['state']], [arrival, 'WEB', 'WAITING']);
    const [name = ''] = await readdir(out);
    const sealed = await readFile(join(out, name));
    const opened = JSON.parse(desk.people.open(sealed).plainText) as { documents: { name: string; base64: string }[] };
    const texts = opened.documents.map((one) => [one.name, Buffer.from(one.base64, 'base64').toString()]);
    assert.equal(texts[0]?.[0], 'form.txt');
    assert.match(texts[0]?.[1] ?? '', new RegExp(`4711 Js 12/26[^]*${CANARY}@kanzlei\\.test`));
    assert.deepEqual(texts[1], ['Beschluss.pdf', '%PDF canary-beschluss']);
    const filed = await siegel('request', 'file', '--by', 'Mara Kaya', '--arrival', arrival, '--kinds', 'SUBSCRIBER');
    assert.equal(filed['state'], 'CHANNEL_CHECKED');
    const row = (await siegel('request', 'show', String(filed['filing'])))['row'] as Record<string, unknown>;
    assert.deepEqual([row['channel'], row['caseFiles']], ['WEB', [waits?.['file']]]);
    assert.equal((await siegel('request', 'arrivals'))['waiting'], 0);
    const again = await program.siegel(['request', 'dismiss', arrival, '--why', 'SPAM', '--by', 'Mara Kaya']);
    assert.match(again.stderr, /already/);
    assert.deepEqual((await siegel('report', 'verify'))['findings'], []);
  },
);

test(
  'what is not sealed to exactly the desk is not taken; somebody who sends too much waits',
  { skip, timeout: 240_000 },
  async () => {
    const post = async (body: Uint8Array<ArrayBuffer>): Promise<number> =>
      (await fetch(`${program.url}/authorities/letters`, { method: 'POST', body })).status;
    assert.equal(await post(new TextEncoder().encode('plain text')), 400);
    assert.equal(await statusOfAnnounced(6 * 1024 * 1024), 413);
    assert.equal((await siegel('request', 'arrivals'))['waiting'], 0);
  },
);

/** Of a body that is announced and never comes: whoever is refused is not read to the end, and may be cut off while it writes. */
function statusOfAnnounced(bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': String(bytes) };
    const asked = request(`${program.url}/authorities/letters`, { method: 'POST', headers }, ({ statusCode = 0 }) => {
      resolve(statusCode);
      asked.destroy();
    });
    asked.on('error', reject);
    asked.flushHeaders();
  });
}

test('at three widths, in both languages and lights', { skip, timeout: 240_000 }, async () => {
  const looks = [
    ['de', { width: 390, theme: 'dark' }],
    ['de', { width: 900, theme: 'light' }],
    ['en', { width: 1280, theme: 'dark' }],
  ] as const;
  for (const [language, look] of looks) {
    const page = await openForm(language, look);
    await page.locator('form').waitFor();
    assert.deepEqual(await accessibility(page), [], JSON.stringify(look));
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.ok(!wide, `${look.width}: nothing is wider than the page`);
    const path = join(pictures, `authorities-${language}-${look.width}-${look.theme}.png`);
    await page.screenshot({ path, fullPage: true });
    await page.close();
  }
});
