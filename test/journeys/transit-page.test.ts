// The drop page in a browser: drop, progress, before and after by key and by pointer, download, report, receipt, erased; both languages, themes and widths.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { silentLog } from '#base/log/log.ts';
import { serveHttp, type HttpServer } from '#office/api/http-server.ts';
import { openStaticPages, type StaticPages } from '#office/api/static-pages.ts';
import { createTransitRoutes, type TransitNeighbours } from '#office/api/transit-routes.ts';
import { createTransitSite } from '#office/api/transit-site.ts';
import { signReceipt, type DeletionReceipt, type FoundReceipt } from '#post/transit/report/receipt.ts';
import { signerFrom } from '#programs/transit/signing-key.ts';
import { buildPage } from '../../tools/build-page.ts';
import { crookedPhoto } from '../../src/programs/demo/crooked-photo.ts';
import { dropRoom, type DropRoomWishes } from '../fakes/drop-room.ts';
import { projectDir } from '../running-program.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { looks } from './looks.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const shotsDir = join(projectDir, 'test/screenshots');
const PHOTO_PATH = '/api/demo/photo';
const WIDTH = 900;

let directory: string;
let pages: StaticPages;
let photo: Uint8Array<ArrayBuffer>;
let pictures: readonly [Uint8Array, Uint8Array];
let scan: string;
let signed: string;

before(async () => {
  if (!browser) return;
  directory = await mkdtemp(join(tmpdir(), 'siegel-drop-'));
  const outDir = join(directory, 'dist');
  await buildPage({ outDir, client: 'real' });
  pages = withSample(await openStaticPages(outDir));
  photo = await crookedPhoto();
  const small = await sharp(photo).resize(WIDTH).jpeg().toBuffer();
  // what the workshop would make of it, near enough to look at
  const flat = sharp(photo).extract({ left: 250, top: 300, width: 1_590, height: 2_220 }).resize(WIDTH);
  pictures = [small, await flat.greyscale().threshold(128).png().toBuffer()];
  scan = join(directory, 'Scan_0312.pdf');
  signed = join(directory, 'Vertrag_signed.pdf');
  await writeFile(scan, Buffer.alloc(9_700_000, 'scan'));
  await writeFile(signed, 'a signed one');
  await mkdir(shotsDir, { recursive: true });
});
after(async () => {
  await browser?.close();
  if (directory) await rm(directory, { recursive: true, force: true });
});

/** As the sample office names it. */
function withSample(built: StaticPages): StaticPages {
  return {
    ...built,
    find(path, acceptEncoding) {
      const found = built.find(path, acceptEncoding);
      if (path !== '/transit') return found;
      const marked = found
        .text()
        .then((text) => text.replace('</head>', `<meta name="siegel-sample" content="${PHOTO_PATH}"></head>`));
      const body = new ReadableStream({
        start: async (controller) => {
          controller.enqueue(new TextEncoder().encode(await marked));
          controller.close();
        },
      });
      return new Response(body, { headers: found.headers });
    },
  };
}

interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: string[];
  readonly asked: string[];
}

async function visit(
  wishes: DropRoomWishes,
  of: { readonly neighbours?: Partial<TransitNeighbours>; readonly context?: BrowserContextOptions } = {},
): Promise<Visit> {
  assert.ok(browser);
  const room = dropRoom({ pictures, erasedMs: Date.now(), ...wishes });
  const routes = createTransitRoutes({
    room,
    access: 'open',
    mayUse: () => Promise.resolve(true),
    address: 'optimise@kanzlei.test',
    frame: pages.frame,
    ...of.neighbours,
  });
  routes.get(PHOTO_PATH, () => new Response(photo, { headers: { 'content-type': 'image/jpeg' } }));
  const site = createTransitSite({ routes, pages, log: silentLog });
  const http: HttpServer = serveHttp({ host: '127.0.0.1', port: 0, tls: undefined, log: silentLog }, site);
  const listening = await http.listen();
  assert.ok(listening.ok);
  const context = await browser.newContext({
    viewport: { width: 1440, height: 1000 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...of.context,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const [complaints, asked]: [string[], string[]] = [[], []];
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
  page.on('pageerror', (error) => complaints.push(error.message));
  context.on('request', (request) => asked.push(request.url()));
  await page.goto(`${listening.value.url}/transit`);
  await page.locator('h1').waitFor();
  return {
    page,
    complaints,
    asked,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await http.close();
    },
  };
}

function choose(page: Page, files: readonly string[]): Promise<void> {
  return page.locator('input[type=file]').setInputFiles([...files]);
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.screenshot({ path: join(shotsDir, `transit-${name}.png`), fullPage: true });
}

describe('the drop page', { skip }, () => {
  test('a scan goes in, its way is seen, and it comes back smaller, with report, receipt and nothing left', async () => {
    let go = (): void => undefined;
    const until = new Promise<void>((resolve) => (go = resolve));
    await using visitor = await visit({ until, stepMs: 60 });
    const { page, complaints, asked } = visitor;
    await page.getByText('Nothing here, and nothing kept.').waitFor();
    await page.getByText('optimise@kanzlei.test').waitFor();
    await choose(page, [scan]);
    await page.locator('.job-doc', { hasText: 'looking inside' }).waitFor();
    assert.equal(await page.locator('.way-stop.way-now text').innerHTML(), 'Unpack');
    await page.locator('.counter', { hasText: 'under way' }).locator('dd', { hasText: '1' }).waitFor();
    go();
    await page.locator('.job-doc', { hasText: /page [123] of 3/ }).waitFor();
    await page.locator('.sizes').waitFor();
    assert.equal((await page.locator('.sizes').innerText()).replaceAll('\u00A0', ' '), '9.7 MB → 4.9 MB');
    assert.match(await page.locator('.outcome-says').innerText(), /3 pages upright, searchable\. 1 to check\./);
    assert.match(await page.locator('.erased').innerText(), /^Erased \d\d:\d\d:\d\d\. 0 objects left\.$/);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download', exact: true }).click(),
    ]);
    assert.equal(saved.suggestedFilename(), '01_Scan_0312.pdf');
    assert.equal((await readFile(await saved.path())).length, 4_850_000);
    await page.getByRole('button', { name: 'Report', exact: true }).click();
    assert.match(await page.locator('.page-to-check').innerText(), /Page 3[\s\S]*61 %, please check/);
    await page.getByText('16 of 16 criteria met').waitFor();
    await page.getByRole('button', { name: 'Receipt', exact: true }).click();
    assert.match(await page.locator('.receipt').innerText(), /11 of 11[\s\S]*destroyed/);
    const [receipt] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as a file' }).click(),
    ]);
    assert.match(await readFile(await receipt.path(), 'utf8'), /siegel transit deletion receipt[\s\S]*salts/);
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Nothing here, and nothing kept.').waitFor();
    assert.deepEqual(complaints, []);
    const { origin } = new URL(page.url());
    assert.ok(
      asked.every((url) => url.startsWith(origin) || url.startsWith(`blob:${origin}`)),
      asked.join('\n'),
    );
  });

  test('the slider is moved by keys, by pointer and by touch', async () => {
    await using visitor = await visit({}, { context: { hasTouch: true } });
    const { page } = visitor;
    await page.getByRole('button', { name: 'Try it with a crooked phone photo' }).click();
    const slider = page.getByRole('slider', { name: 'Before and after' });
    await slider.waitFor();
    const now = async (): Promise<number> => Number(await slider.getAttribute('aria-valuenow'));
    assert.equal(await now(), 50);
    await slider.focus();
    await page.keyboard.press('ArrowLeft');
    assert.equal(await now(), 48);
    await page.keyboard.press('PageUp');
    assert.equal(await now(), 58);
    await page.keyboard.press('Home');
    assert.equal(await now(), 0);
    assert.equal(await slider.getAttribute('aria-valuetext'), '0 % before, 100 % after');
    const box = await page.locator('.before-after').boundingBox();
    assert.ok(box);
    const at = (share: number): [number, number] => [box.x + box.width * share, box.y + box.height / 2];
    await page.mouse.move(...at(0.3));
    await page.mouse.down();
    await page.mouse.move(...at(0.7), { steps: 4 });
    await page.mouse.up();
    assert.equal(await now(), 70);
    await page.mouse.move(...at(0.1));
    assert.equal(await now(), 70, 'it is let go');
    await page.touchscreen.tap(...at(0.2));
    assert.equal(await now(), 20);
    const clip = await page.locator('.before-after-first').evaluate((image) => getComputedStyle(image).clipPath);
    assert.equal(clip, 'inset(0px 80% 0px 0px)', 'the picture before is cut where the handle stands');
  });

  test('several documents are shown one by one; what is signed comes back as it came, and is told', async () => {
    await using visitor = await visit({});
    const { page } = visitor;
    await choose(page, [scan, signed]);
    await page.locator('.file-line').nth(1).waitFor();
    assert.match(await page.locator('.file-line').nth(1).innerText(), /Unchanged/);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download all' }).click(),
    ]);
    assert.equal(saved.suggestedFilename(), 'siegel.zip');
    await page.getByRole('button', { name: 'Report', exact: true }).click();
    await page.getByText('Back exactly as it came: it is signed').waitFor();
    await shoot(page, 'report-light');
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await page.getByText('Die Datei kommt zurück, wie sie kam: sie ist signiert').waitFor();
  });

  test('work that is stopped ends in the house too, and a house that has no room says so', async () => {
    const stopped = { isSo: false };
    const until = new Promise<void>((resolve) => setTimeout(resolve, 10_000).unref());
    await using visitor = await visit({ until, onStop: () => (stopped.isSo = true) });
    const { page } = visitor;
    await choose(page, [scan]);
    await page.getByText('looking inside').first().waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped. Nothing was kept.').waitFor();
    for (let tries = 0; tries < 100 && !stopped.isSo; tries++) await page.waitForTimeout(20);
    assert.ok(stopped.isSo);
    await using full = await visit({ refusal: 'noRoom' });
    await choose(full.page, [scan]);
    await full.page.getByText('There is too much to do here just now.').waitFor();
  });

  test('who is not let in sees why and how', async () => {
    await using stranger = await visit({}, { neighbours: { access: 'signIn', mayUse: () => Promise.resolve(false) } });
    await stranger.page.getByRole('link', { name: 'Sign in' }).waitFor();
    assert.equal(await stranger.page.locator('input[type=file]').count(), 0);
    const mayUse = (request: Request) => Promise.resolve(request.headers.get('authorization') === 'Bearer right');
    await using guest = await visit({}, { neighbours: { access: 'code', mayUse } });
    await guest.page.getByLabel('Code').fill('wrong');
    await guest.page.keyboard.press('Enter');
    await guest.page.getByText('This code is not known here.').waitFor();
    await guest.page.getByLabel('Code').fill('right');
    await guest.page.keyboard.press('Enter');
    await guest.page.getByText('Nothing here, and nothing kept.').waitFor();
  });

  for (const { theme, width } of looks())
    test(`it is whole and accessible, ${theme}, ${width} wide`, async () => {
      let go = (): void => undefined;
      const until = new Promise<void>((resolve) => (go = resolve));
      const context = { viewport: { width, height: 1000 }, colorScheme: theme, locale: 'de-DE' } as const;
      await using visitor = await visit({ until, stepMs: 40 }, { context });
      const { page, complaints } = visitor;
      const look = async (state: string): Promise<void> => {
        const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(isWide, false, `${state} is wider than the screen`);
        assert.deepEqual(await accessibility(page), [], state);
        await shoot(page, `${state}-${width}-${theme}`);
      };
      await page.getByText('Nichts hier, nichts behalten.').waitFor();
      await look('empty');
      await page.getByRole('button', { name: 'Mit einem schiefen Handyfoto versuchen' }).click();
      await page.locator('.job-doc', { hasText: 'wird angesehen' }).waitFor();
      await look('working');
      go();
      await page.locator('.sizes').waitFor();
      await page.getByRole('button', { name: 'Beleg', exact: true }).click();
      await look('done');
      await page.getByRole('button', { name: 'Bericht', exact: true }).click();
      await look('report');
      assert.deepEqual(complaints, []);
    });

  test('a room that must not open is shut for everybody, and says what was found and what to do', async () => {
    const swap = { kind: 'swap', isMet: false, seen: '', whatToDo: '', isAccepted: false } as const;
    await using visitor = await visit({ selfCheck: { checkedMs: Date.UTC(2026, 10, 22, 9, 30), findings: [swap] } });
    const { page } = visitor;
    await page.getByText('No documents are worked on at the moment').waitFor();
    assert.equal(await page.locator('input[type=file]').count(), 0);
    await shoot(page, 'shut');
    await page.getByRole('link', { name: 'What was found, and what to do' }).click();
    await page.getByText('Turn it off with swapoff, or encrypt it.').waitFor();
    await shoot(page, 'check-shut');
  });

  for (const { theme, width } of looks())
    test(`what the machine was checked for, and a receipt, are pages for people, ${theme}, ${width} wide`, async () => {
      const room = { ...dropRoom(), findReceipt: receiptOf };
      const context = { viewport: { width, height: 1000 }, colorScheme: theme, locale: 'de-DE' } as const;
      await using visitor = await visit({}, { context, neighbours: { room } });
      const { page, complaints } = visitor;
      for (const [path, state, title] of [
        ['/transit/self-check?lang=de', 'check', 'Was an der Maschine geprüft wurde'],
        [`/transit/receipts/${'a'.repeat(26)}?lang=de`, 'receipt', 'Beleg über eine Löschung'],
        [`/transit/receipts/${COUNTED}?lang=de`, 'receipt-counted', 'Beleg über eine Löschung'],
      ] as const) {
        await page.goto(new URL(path, page.url()).href);
        await page.getByRole('heading', { name: title }).waitFor();
        const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        assert.equal(isWide, false, `${state} is wider than the screen`);
        assert.deepEqual(await accessibility(page), [], state);
        if (state === 'receipt-counted')
          await page.getByText('mehr als 248 Dokumente einer Arbeit nicht einzeln').waitFor();
        await shoot(page, `${state}-${width}-${theme}`);
      }
      assert.deepEqual(complaints, []);
    });
});

/** Of very many documents the book of a house keeps the number. */
const COUNTED = 'b'.repeat(26);

async function receiptOf(job: string): Promise<FoundReceipt> {
  const receipt = genuineReceipt();
  if (job !== COUNTED) return receipt;
  const { saltedHashes: _, ...counted } = receipt.facts;
  const { key, signature } = receipt;
  return { counted: { ...counted, job }, documents: 312, receiptHash: 'ab'.repeat(32), key, signature };
}

function genuineReceipt(): DeletionReceipt {
  const atMs = Date.UTC(2026, 10, 22, 11, 4);
  return signReceipt(
    {
      kind: 'siegel transit deletion receipt',
      version: 1,
      job: 'a'.repeat(26),
      receivedMs: atMs,
      returnedMs: atMs + 11_000,
      erasedMs: atMs + 11_200,
      saltedHashes: ['3f'.repeat(32), '7a'.repeat(32)],
      objectsCreated: 9,
      objectsErased: 9,
      isKeyDestroyed: true,
      selfCheck: 'cd'.repeat(32),
      accepted: ['swap'],
    },
    signerFrom(new Uint8Array(32).fill(5)),
  );
}
