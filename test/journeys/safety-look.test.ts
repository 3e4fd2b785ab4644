// The safety page over invented answers: says the one thing that waits, looks right at three widths, needs no mouse, holds no key, and says so when it cannot look.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Safety } from '#formats/auth-wire/safety-answers.ts';
import type { TelemetryAnswer } from '#formats/auth-wire/telemetry-answers.ts';
import { badDay, firstDay, goodDay, quietDay } from '../fakes/sample-safety.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';
import { looks } from './looks.ts';
import { openPageHouse, type PageHouse } from './page-house.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const pictures = join(import.meta.dirname, '../screenshots');
let house: PageHouse;

before(async () => {
  if (browser) house = await openPageHouse(browser);
  await mkdir(pictures, { recursive: true });
});
after(async () => {
  if (browser) await house[Symbol.asyncDispose]();
  await browser?.close();
});

/** Of a house that no collector is named to: the page asks nothing of its figures. */
const noCollector: TelemetryAnswer = {
  collector: null,
  catalogueHash: null,
  rules: [],
  consent: { state: 'unasked', sinceMs: null, isDirect: false },
  differences: [],
  questions: [],
  sealedBytes: 0,
  nextMs: null,
  sent: [],
};

async function open(page: Page, answer: Safety | number): Promise<void> {
  await page.route('**/safety', (route) =>
    typeof answer === 'number' ? route.fulfill({ status: answer, json: {} }) : route.fulfill({ json: answer }),
  );
  await page.route('**/telemetry', (route) => route.fulfill({ json: noCollector }));
  await house.signIn(page);
  await page.evaluate(() => {
    location.hash = '#safety';
  });
  await page
    .locator(typeof answer === 'number' ? '.safety .empty' : '.state-line')
    .first()
    .waitFor();
}

const days = { good: goodDay, bad: badDay, first: firstDay };

for (const { theme, width } of looks())
  test(`three days of a house (${theme}, ${width} pixels)`, { skip, timeout: 120_000 }, async () => {
    for (const [name, day] of Object.entries(days)) {
      await using visitor = await house.visit({
        viewport: { width, height: 844 },
        colorScheme: theme,
        hasTouch: width < 720,
        locale: theme === 'dark' ? 'de-DE' : 'en-GB',
      });
      const { page } = visitor;
      await open(page, day);
      if (name === 'good') {
        await page.locator('.change-do button').first().click();
        await page.screenshot({ path: join(pictures, `safety-review-${width}-${theme}.png`) });
        await page.locator('.change-do button').nth(1).click();
      }
      assert.deepEqual(await accessibility(page), [], name);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${name}: ${overflow} pixels too wide`);
      await page.locator('.safety').evaluate((main) => {
        document.documentElement.style.height = 'auto';
        for (let at: Element | null = main; at; at = at.parentElement)
          at.setAttribute('style', 'height:auto;overflow:visible');
      });
      await page.screenshot({ path: join(pictures, `safety-${name}-${width}-${theme}.png`), fullPage: true });
      assert.deepEqual(visitor.complaints, []);
      assert.deepEqual(visitor.elsewhere, []);
    }
  });

test(
  'the sentence says the worst thing first, and “all is well” only where all was checked',
  { skip, timeout: 120_000 },
  async () => {
    const well = { ...goodDay, changes: { you: 'Leyla', operators: 2, waiting: [], history: [] } };
    const sentences: readonly (readonly [Safety, RegExp])[] = [
      [badDay, /^One incident is open: 41,000 of 41,214 found\.$/],
      [{ ...badDay, incidents: [] }, /^214 messages in 3 mailboxes are not shown/],
      [{ ...goodDay, backup: badDay.backup }, /^Backup is 27 hours old\. Changes wait until a new one is checked\.$/],
      [goodDay, /^One change waits for you\.$/],
      [firstDay, /^No place for backups is named\.$/],
      [{ ...well, ledger: { last: null, isRunning: false } }, /^Nothing waits for you\. The ledger was not counted/],
      [well, /^All is well\.$/],
    ];
    await using visitor = await house.visit();
    const { page } = visitor;
    await open(page, goodDay);
    for (const [answer, wanted] of sentences) {
      await page.unroute('**/safety');
      await page.route('**/safety', (route) => route.fulfill({ json: answer }));
      await page.evaluate(() => (location.hash = '#settings/general'));
      await page.locator('.settings-head').waitFor();
      await page.evaluate(() => (location.hash = '#safety'));
      // what was heard before stands until the new answer is here
      await page.locator('.safety-title', { hasText: wanted }).waitFor();
    }
  },
);

test(
  'approving needs no mouse: the exact bytes are saved, the command is shown, a wrong file is refused with its reason',
  { skip, timeout: 60_000 },
  async () => {
    await using visitor = await house.visit();
    const { page } = visitor;
    await open(page, goodDay);
    const sentence =
      'The signature does not hold for these bytes. Nothing was changed. Sign what is shown now: siegel change approve 14';
    const handed: string[] = [];
    await page.route('**/safety/changes/14/signature', (route) => {
      handed.push(route.request().postData() ?? '');
      return route.fulfill({ status: 409, json: { kind: 'forged', sentence } });
    });
    await page.getByRole('button', { name: 'Approve' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('.approve').waitFor();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download change-14.json' }).focus();
    await page.keyboard.press('Enter');
    const path = await (await saved).path();
    assert.equal(await readFile(path, 'utf8'), goodDay.changes?.waiting[0]?.approval?.plan);
    assert.match(
      await page.locator('.approve .command').innerText(),
      /ssh-keygen -Y sign -n siegel-change -f ~\/.ssh\/id_ed25519 change-14\.json/,
    );
    await page
      .locator('.hand-in input[type=file]')
      .setInputFiles({ name: 'x.sig', mimeType: 'text/plain', buffer: Buffer.from('no signature') });
    await page.getByText(sentence).waitFor();
    assert.deepEqual(
      handed.map((body) => JSON.parse(body)),
      [{ signature: 'no signature' }],
    );
  },
);

test('whoever is no operator, and whoever has no connection, is told so', { skip, timeout: 60_000 }, async () => {
  for (const [status, text] of [
    [403, 'This page is for the operators of this house.'],
    [401, 'Your session has ended. Sign in again.'],
    [503, 'The server does not answer now. Nothing was changed.'],
  ] as const) {
    await using visitor = await house.visit();
    await open(visitor.page, status);
    await visitor.page.getByText(text).waitFor();
    assert.equal(await visitor.page.locator('.state-line').count(), 0);
  }
});

test(
  'the navigation says at a glance how it stands, and says so anew without being asked',
  { skip, timeout: 60_000 },
  async () => {
    for (const width of [1440, 900]) {
      await using visitor = await house.visit({ viewport: { width, height: 844 } });
      const { page } = visitor;
      let answer: Safety = quietDay;
      let asked = 0;
      await page.clock.install();
      await page.route('**/safety', (route) => {
        asked += 1;
        return route.fulfill({ json: answer });
      });
      await house.signIn(page);
      const mark = (sentence: RegExp) => page.locator('.nav-foot .nav-mark').getByRole('img', { name: sentence });
      await mark(/^All is well\.$/).waitFor();
      assert.equal(asked, 1);
      assert.deepEqual(await accessibility(page), []);
      answer = badDay;
      await page.clock.runFor(61_000);
      await mark(/^One incident is open/).waitFor();
      assert.equal(asked, 2, 'once a minute');
      await page.screenshot({ path: join(pictures, `safety-glance-${width}-light.png`) });
      await page.route('**/safety', (route) => route.abort());
      await page.clock.runFor(61_000);
      await page.locator('.nav-foot .nav-mark').waitFor({ state: 'detached' });
    }
  },
);
