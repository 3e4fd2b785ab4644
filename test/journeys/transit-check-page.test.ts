// The answer that came with documents, dropped whole on /check in a browser: the receipt of their erasure is found and checked, and nothing but the number of the work leaves the page.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Hono } from 'hono';
import type { Browser } from 'playwright-core';
import { silentLog } from '#base/log/log.ts';
import { serveHttp, type HttpServer } from '#office/api/http-server.ts';
import { openStaticPages } from '#office/api/static-pages.ts';
import { createTransitRoutes } from '#office/api/transit-routes.ts';
import type { FileReport } from '#post/transit/contract.ts';
import { writeAnswerLetter } from '#post/transit/report/answer-letter.ts';
import { saltedHash, signReceipt, type DeletionReceipt } from '#post/transit/report/receipt.ts';
import { signerFrom } from '#programs/transit/signing-key.ts';
import { buildPage } from '../../tools/build-page.ts';
import { dropRoom } from '../fakes/drop-room.ts';
import { projectDir } from '../running-program.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { looks } from './looks.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const JOB = 'c'.repeat(26);
const SALTS = ['11'.repeat(16), '22'.repeat(16)];
const atMs = Date.UTC(2026, 10, 22, 11, 4);
const shotsDir = join(projectDir, 'test/screenshots');

let directory: string;
let http: HttpServer;
let url: string;
let letter: string;

before(async () => {
  if (!browser) return;
  directory = await mkdtemp(join(tmpdir(), 'siegel-check-'));
  await buildPage({ outDir: join(directory, 'dist'), client: 'real' });
  const pages = await openStaticPages(join(directory, 'dist'));
  const room = { ...dropRoom(), findReceipt: async (job: string) => (job === JOB ? receipt() : undefined) };
  const site = new Hono();
  const neighbours = { room, access: 'signIn', mayUse: () => Promise.resolve(false), address: undefined } as const;
  site.route('/', createTransitRoutes(neighbours));
  site.get('*', ({ req }) => pages.find(req.path, req.header('accept-encoding') ?? ''));
  http = serveHttp({ host: '127.0.0.1', port: 0, tls: undefined, log: silentLog }, site);
  const listening = await http.listen();
  assert.ok(listening.ok);
  url = listening.value.url;
  letter = join(directory, 'Antwort.eml');
  await writeFile(letter, answerLetter());
  await mkdir(shotsDir, { recursive: true });
});
after(async () => {
  await browser?.close();
  await http?.close();
  if (directory) await rm(directory, { recursive: true, force: true });
});

const files: readonly FileReport[] = ['Klage.pdf', 'Anlage.pdf'].map((name, at) => ({
  oldName: name,
  newName: `0${at + 1}_${name}`,
  kind: 'pdf',
  foundIn: [],
  bytesBefore: 9_000_000,
  bytesAfter: 200_000,
  pages: [],
  kept: undefined,
  criteria: [],
  digestBefore: `a${at}`.repeat(32),
  digestAfter: `b${at}`.repeat(32),
}));

function receipt(): DeletionReceipt {
  const facts = { receivedMs: atMs, returnedMs: atMs + 11_000, erasedMs: atMs + 11_200, job: JOB } as const;
  return signReceipt(
    {
      kind: 'siegel transit deletion receipt',
      version: 1,
      ...facts,
      saltedHashes: files.map((file, at) => saltedHash(SALTS[at] ?? '', file.digestBefore, file.digestAfter)),
      objectsCreated: 9,
      objectsErased: 9,
      isKeyDestroyed: true,
      selfCheck: 'cd'.repeat(32),
      accepted: [],
    },
    signerFrom(new Uint8Array(32).fill(5)),
  );
}

function answerLetter(): Uint8Array {
  const written = writeAnswerLetter(
    {
      job: JOB,
      to: 'anna@kanzlei.test',
      inReplyTo: '',
      plainSubject: 'Klage',
      messageId: 'answer@kanzlei.test',
      language: 'de',
      files: files.map(({ newName }, report) => ({
        name: newName,
        bytes: new Uint8Array(2_000).fill(report),
        report,
      })),
      report: { files, profile: 'balanced', tookMs: 11_000 },
      salts: SALTS,
      receivedMs: atMs,
      nowMs: atMs,
      erasedByMs: atMs,
    },
    { from: 'optimise@kanzlei.test', origin: url },
  );
  assert.ok(written.ok);
  return written.value;
}

for (const { theme, width } of looks())
  test(`the letter as a file, ${theme}, ${width} wide`, { skip, timeout: 60_000 }, async () => {
    assert.ok(browser);
    await using context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme: theme,
      locale: 'de-DE',
    });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await page.goto(`${url}/check`, { waitUntil: 'networkidle' });
    const before = asked.length;
    await page.locator('input[type=file]').setInputFiles([letter]);
    const card = page.locator('.receipt').first();
    await card.getByText('Gelöscht, sagt dieses Haus').waitFor();
    assert.match(await card.innerText(), /2 Dokumente gingen durch den Arbeitsspeicher[^]*Jedes Salz[^]*9 von 9/);
    assert.equal(await card.getAttribute('data-needs-you'), 'false');
    const since = asked.slice(before).filter((line) => !line.includes('/assets/'));
    assert.deepEqual(since, [`GET /transit/receipts/${JOB}`]);
    assert.deepEqual(await accessibility(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
    await page.screenshot({ path: join(shotsDir, `check-erasure-${width}-${theme}.png`), fullPage: true });
  });

test(
  'the text of the letter, pasted with a hash that is another one, is no good receipt',
  { skip, timeout: 60_000 },
  async () => {
    assert.ok(browser);
    await using context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${url}/check`);
    const text = Buffer.from(answerLetter()).toString('latin1').replaceAll('=\r\n', '').replaceAll('=20', ' ');
    const spoiled = text.replace('a0a0a0a0', 'a0a0a0a1');
    assert.notEqual(spoiled, text);
    for (const [pasted, says] of [
      [spoiled, 'The receipt is about other documents'],
      [text, 'Erased, says this house'],
    ] as const) {
      if (await page.locator('.check-paste:not([open])').count()) await page.locator('.check-paste summary').click();
      await page.locator('textarea').fill(pasted);
      await page.getByRole('button', { name: 'Check', exact: true }).click();
      await page.locator('.receipt').first().getByText(says).waitFor();
    }
  },
);
