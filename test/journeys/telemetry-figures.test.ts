// The collector's public page in a real browser, in three widths, both languages and both lights, with one question that too few answered; its receipt by the command.

import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { requireValue } from '#base/assert.ts';
import { readConfig } from '#base/config/read.ts';
import { serveFigures, type ServedFigures } from '#programs/demo/served-figures.ts';
import { siegel } from '../telemetry/collector-life.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const pictures = join(import.meta.dirname, '../screenshots');

let folder = '';
let url = '';
let served: ServedFigures | undefined;

before(async () => {
  if (!browser) return;
  await mkdir(pictures, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'sgl-figures-page-'));
  await chmod(folder, 0o755); // started by root, the collector becomes somebody else
  const config = readConfig({ flags: { log: 'warn' }, environment: {} });
  assert.ok(config.ok);
  served = await serveFigures(config.value, { path: folder }, { collector: 0, relay: 0 });
  url = requireValue(served.url, 'a collector');
});
after(async () => {
  if (!browser) return;
  await served?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  await browser.close();
});

async function visit(width: number, colorScheme: 'light' | 'dark', locale: string): Promise<Page> {
  assert.ok(browser);
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, locale });
  const page = await context.newPage();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).host));
  page.on('console', (message) => assert.notEqual(message.type(), 'error', message.text()));
  await page.goto(url);
  await page.waitForLoadState('networkidle');
  assert.deepEqual([...new Set(asked)], [new URL(url).host], 'nobody else is asked');
  assert.equal(await page.locator('script').count(), 0);
  return page;
}

test(
  'the page shows every published question with its errors, and names the one too few answered',
  { skip, timeout: 180_000 },
  async () => {
    const looks = [
      [1280, 'light', 'de-DE'],
      [900, 'dark', 'en-GB'],
      [390, 'light', 'de-DE'],
      [390, 'dark', 'en-GB'],
    ] as const;
    for (const [width, theme, locale] of looks) {
      const page = await visit(width, theme, locale);
      const name = `published-${width}-${theme}`;
      assert.deepEqual(await accessibility(page), [], name);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${name}: ${overflow} pixels too wide`);
      const text = await page.locator('main').innerText();
      assert.match(text, locale === 'de-DE' ? /\d\. Quartal 20\d\d/ : /Quarter \d of 20\d\d/);
      assert.match(text, locale === 'de-DE' ? /300 Berichte/ : /300 reports/);
      assert.match(text, locale === 'de-DE' ? /weniger als 100/ : /fewer than 100/);
      assert.equal((await page.locator('main svg').count()) > 0, true, 'bars are drawn');
      await page.screenshot({ path: join(pictures, `figures-${name}.png`), fullPage: true });
      await page.context().close();
    }
  },
);

test('the page’s receipt is good for the command; altered, it is not', { skip, timeout: 60_000 }, async () => {
  const page = await visit(900, 'light', 'en-GB');
  const link = await page.locator('a[href*="/receipts/"]').first().getAttribute('href');
  const answer = await fetch(new URL(requireValue(link, 'a link to the receipt'), url));
  const receipt = await answer.text();
  const file = join(folder, 'receipt.json');
  await writeFile(file, receipt);
  const environment = { PATH: process.env['PATH'] ?? '' };
  const good = siegel(['receipt', 'check', file], environment);
  assert.equal(good.code, 0, good.error);
  assert.match(good.output, /300 reports/);
  await writeFile(file, receipt.replace('300 reports', '301 reports'));
  const altered = siegel(['receipt', 'check', file], environment);
  assert.equal(altered.code, 1, altered.output);
});

test('what too few answered stands nowhere', { skip }, async () => {
  const figures = (await (await fetch(`${url}/figures.json`)).json()) as { quarters: { questions: unknown[] }[] };
  const [quarter, ...others] = figures.quarters;
  assert.equal(others.length, 0, 'the quarter under way is not there');
  assert.equal(quarter?.questions.length, 7);
  assert.ok(quarter.questions.every((one) => JSON.stringify(one).includes('"reports":300')));
  assert.doesNotMatch(JSON.stringify(quarter), /"id":"version"/);
});
