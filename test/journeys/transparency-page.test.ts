// The public page of the transparency report in a real browser: two years at three widths, in both lights and both languages, on paper, without style, and what it says before there is a report.

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Hono } from 'hono';
import type { Browser, Page } from 'playwright-core';
import { silentLog } from '#base/log/log.ts';
import { serveHttp, type HttpServer } from '#office/api/http-server.ts';
import { createTransparencyRoutes } from '#office/api/transparency-site.ts';
import type { PublishedYear } from '#office/desk/page/published.ts';
import { openPage } from '#programs/server/page.ts';
import { publish, yearOf } from '../desk/sample-published.ts';
import { filingsOf, sampleRows, wish } from '../desk/sample-register.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const pictures = join(import.meta.dirname, '../screenshots');

const rows = sampleRows();
const first = publish(rows.slice(2), 2023);
/** Every word at its longest, every number with a separator. */
const many = publish(
  sampleRows(
    filingsOf(
      Array.from({ length: 1_234 }, (_, nth) =>
        wish(2023, {
          channel:
            (['MIXED', 'PLAIN_MAIL', 'WEB', 'ESB', 'FAX', 'POST', 'SMIME', 'PGP', 'OTHER'] as const)[nth % 9] ?? 'ESB',
          kinds: [(['INTERCEPTION', 'SEIZURE', 'PRESERVATION', 'TRAFFIC'] as const)[nth % 4] ?? 'TRAFFIC'],
          class: (['CUSTOMS_TAX', 'INTELLIGENCE', 'PROSECUTION', 'COURT'] as const)[nth % 4] ?? 'COURT',
          ...(nth % 3 === 0 && {
            outcome: 'REJECTED' as const,
            reasons: ['DATA_CLASS_NOT_COVERED', 'NOT_VIA_MUTUAL_ASSISTANCE'] as const,
          }),
        }),
      ),
    ),
  ),
  2023,
  { house: 'Gesellschaft für vertrauliche Briefzustellung und Nachrichtenübermittlung mbH & Co. KG', bands: [999] },
);
const houses: Readonly<Record<string, readonly PublishedYear[]>> = {
  two: [yearOf(publish(rows, 2023)), yearOf(publish(rows, 2022))],
  corrected: [yearOf(first, publish(rows, 2023, { corrects: first.text }))],
  many: [yearOf(many)],
  one: [yearOf(publish(sampleRows(filingsOf([wish(2023)])), 2023))],
  unsigned: [yearOf(publish(rows, 2023, { signers: [] }))],
  none: [],
};

const servers: HttpServer[] = [];
const urls = new Map<string, string>();

before(async () => {
  if (!browser) return;
  await mkdir(pictures, { recursive: true });
  const pages = await openPage(silentLog);
  const schema = '{}';
  for (const [name, years] of Object.entries(houses)) {
    const app = new Hono();
    app.route(
      '/',
      createTransparencyRoutes({
        frame: pages.frame,
        published: async () => years,
        leaves: async () => [],
        schema,
        statement: async () => undefined,
        receipt: async () => undefined,
      }),
    );
    app.get('*', ({ req }) => pages.find(req.path, ''));
    const server = serveHttp({ host: '127.0.0.1', port: 0, tls: undefined, log: silentLog }, app);
    const listening = await server.listen();
    assert.ok(listening.ok);
    servers.push(server);
    urls.set(name, listening.value.url);
  }
});
after(async () => {
  await browser?.close();
  for (const server of servers) await server.close();
});

interface Look {
  readonly width: number;
  readonly theme: 'light' | 'dark';
  readonly locale: 'de-DE' | 'en-GB';
}

async function visit(house: string, { width, theme, locale }: Look, path = '/transparency'): Promise<Page> {
  assert.ok(browser);
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, locale });
  const page = await context.newPage();
  const url = urls.get(house) ?? '';
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).host));
  page.on('console', (message) => assert.notEqual(message.type(), 'error', message.text()));
  await page.goto(url + path);
  await page.waitForLoadState('networkidle');
  assert.deepEqual([...new Set(asked)], [new URL(url).host], 'nobody else is asked');
  assert.equal(await page.locator('script, [style]').count(), 0);
  return page;
}

async function shot(page: Page, name: string): Promise<void> {
  assert.deepEqual(await accessibility(page), [], name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${name}: ${overflow} pixels too wide`);
  assert.deepEqual(await collisions(page), [], name);
  await page.screenshot({ path: join(pictures, `transparency-${name}.png`), fullPage: true });
}

/** Texts that stand out of the page or over one another: numbers at bars, cells, labels. */
async function collisions(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const boxes = [
      ...document.querySelectorAll(
        '.report-bars text, .report-label, .report-table th, .report-table td, .report-big .meta',
      ),
    ]
      .filter((one) => one.textContent.trim() !== '')
      .map((one) => {
        const range = document.createRange();
        range.selectNodeContents(one);
        const { left, right, top, bottom } = range.getBoundingClientRect();
        return { text: one.textContent.trim(), left, right, top, bottom };
      });
    const out = boxes.filter(({ left, right }) => left < 0 || right > window.innerWidth);
    const over = boxes.filter((one, nth) =>
      boxes
        .slice(nth + 1, nth + 12)
        .some(
          (other) =>
            one.left < other.right - 1 &&
            other.left < one.right - 1 &&
            one.top < other.bottom - 1 &&
            other.top < one.bottom - 1,
        ),
    );
    return [...out, ...over].map(({ text }) => text);
  });
}

const LOOKS: readonly Look[] = [
  { width: 390, theme: 'light', locale: 'de-DE' },
  { width: 390, theme: 'dark', locale: 'en-GB' },
  { width: 900, theme: 'light', locale: 'en-GB' },
  { width: 900, theme: 'dark', locale: 'de-DE' },
  { width: 1280, theme: 'light', locale: 'de-DE' },
  { width: 1280, theme: 'dark', locale: 'en-GB' },
];

test(
  'the report of two years is whole at three widths, in both lights and languages',
  { skip, timeout: 180_000 },
  async () => {
    for (const look of LOOKS) {
      const page = await visit('two', look);
      const text = await page.locator('main').innerText();
      assert.match(text, look.locale === 'de-DE' ? /45 von 133 · 2022: 14 von 55/ : /45 of 133 · 2022: 14 of 55/);
      assert.match(text, look.locale === 'de-DE' ? /33,8\s%/ : /33\.8\s%/);
      assert.ok((await page.locator('svg.report-bars').count()) > 30);
      await shot(page, `${look.width}-${look.theme}`);
      await page.getByRole('link', { name: '2022', exact: true }).click();
      await page.waitForURL('**/transparency/2022*');
      assert.match(await page.locator('h1').innerText(), /2022$/);
      await page.context().close();
    }
  },
);

test('long words, long numbers and many columns stay in their places', { skip, timeout: 120_000 }, async () => {
  for (const look of LOOKS.filter(({ locale }) => locale === 'de-DE')) {
    const page = await visit('many', look);
    assert.match(await page.locator('main').innerText(), /1\.234/);
    await shot(page, `many-${look.width}-${look.theme}`);
    // the twin: what is moved over its neighbours is noticed
    await page.evaluate(() => document.querySelectorAll('td').forEach((cell) => (cell.style.position = 'absolute')));
    assert.notDeepEqual(await collisions(page), []);
    await page.context().close();
  }
});

test(
  'one request, an erratum, missing signatures and no report at all have their page',
  { skip, timeout: 120_000 },
  async () => {
    const look: Look = { width: 900, theme: 'light', locale: 'de-DE' };
    const said: readonly (readonly [string, RegExp, string?])[] = [
      ['one', /Das eine Ersuchen kam von einer Staatsanwaltschaft/],
      ['corrected', /Dieser Bericht wurde einmal berichtigt/],
      ['corrected', /1\. Berichtigung/, '/transparency/2023/errata'],
      ['unsigned', /Verlassen Sie sich nicht auf seine Zahlen/],
      ['none', /Noch ist kein Bericht veröffentlicht/],
    ];
    for (const [house, sentence, path] of said) {
      const page = await visit(house, look, path);
      assert.match(await page.locator('main').innerText(), sentence);
      await shot(page, path === undefined ? house : 'errata');
      await page.setViewportSize({ width: 390, height: 900 });
      await shot(page, `${path === undefined ? house : 'errata'}-390`);
      await page.context().close();
    }
  },
);

test('on paper it is black on white, and neither bars nor tables are cut', { skip, timeout: 120_000 }, async () => {
  const page = await visit('two', { width: 900, theme: 'dark', locale: 'de-DE' });
  await page.emulateMedia({ media: 'print' });
  const colours = await page.evaluate(() => ({
    ground: getComputedStyle(document.body).backgroundColor,
    ink: getComputedStyle(document.body).color,
    breaks: [...document.querySelectorAll('.report-chart, .report-table')].map(
      (one) => getComputedStyle(one).breakInside,
    ),
  }));
  assert.deepEqual([colours.ground, colours.ink], ['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
  assert.deepEqual([...new Set(colours.breaks)], ['avoid']);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.match(pdf.subarray(0, 8).toString('latin1'), /^%PDF-1/);
  await writeFile(join(pictures, 'transparency-print.pdf'), pdf);
  await page.context().close();
});

test('without any style every number stands beside its name', { skip, timeout: 60_000 }, async () => {
  assert.ok(browser);
  const context = await browser.newContext({ viewport: { width: 900, height: 900 }, locale: 'en-GB' });
  const page = await context.newPage();
  await page.route('**/*.css', (route) => route.abort());
  await page.goto(`${urls.get('two')}/transparency`);
  const row = page.getByRole('table', { name: 'By which channel' }).getByRole('row', { name: /Unencrypted mail/ });
  assert.deepEqual(await row.getByRole('cell').allInnerTexts(), ['36', '27.1\u00A0%', '23', '41.8\u00A0%']);
  const bar = page.getByRole('img', { name: /^Fax 2023: 8 · 6\.0.%; 2022: 9 · 16\.4.%$/ });
  assert.equal(await bar.count(), 1);
  await page.screenshot({ path: join(pictures, 'transparency-bare.png'), fullPage: true });
  await context.close();
});

test(
  'what can be handed over: at three widths, in both lights and both languages',
  { skip, timeout: 120_000 },
  async () => {
    const looks: readonly Look[] = [
      { width: 1280, theme: 'light', locale: 'en-GB' },
      { width: 800, theme: 'dark', locale: 'de-DE' },
      { width: 390, theme: 'light', locale: 'de-DE' },
    ];
    for (const look of looks) {
      const page = await visit('none', look, '/transparency/matrix');
      await shot(page, `matrix-${look.width}`);
      await page.context().close();
    }
  },
);
