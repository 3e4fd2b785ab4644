// The honest counter as its operator meets it: a real house, a real page, a collector’s card and a sink that opens what comes; from the question to switching off.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { telemetryShape, type TelemetryAnswer } from '#formats/auth-wire/telemetry-answers.ts';
import { newPeer, type Peer } from '#office/telemetry/home/test-peer.ts';
import { momentOf } from '#office/telemetry/report/plan.ts';
import type { Report } from '#office/telemetry/report/report.ts';
import { weekOf } from '#office/telemetry/report/weeks.ts';
import { fromBase64 } from '#formats/base64/base64.ts';
import * as v from 'valibot';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const pictures = join(import.meta.dirname, '../screenshots');
const PASSWORD = 'a long password for tests';

interface Sink extends AsyncDisposable {
  readonly peer: Peer;
  readonly url: string;
  readonly got: { readonly bytes: string; readonly report: Report }[];
}

/** Collector and relay in one: opens what comes and answers it. */
async function openSink(): Promise<Sink> {
  const got: Sink['got'] = [];
  const open: { peer?: Peer } = {};
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const bytes = Buffer.concat(parts);
      const opened = open.peer?.open(bytes);
      if (opened === undefined) return response.writeHead(500).end();
      got.push({ bytes: bytes.toString('hex'), report: opened.report });
      return response.writeHead(200, { 'content-type': 'message/ohttp-res' }).end(opened.answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const peer = newPeer(url);
  open.peer = peer;
  return {
    peer,
    url,
    got,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

let sink: Sink;
let program: RunningProgram;
let folder = '';
let address = '';

/** A house that knows a collector and a relay; `clock`: where its time begins. */
async function openHouse(more: Readonly<Record<string, string>> = {}, directory?: string): Promise<RunningProgram> {
  return startProgram({
    ...(directory === undefined ? {} : { directory }),
    env: {
      SIEGEL_TELEMETRY_COLLECTOR: join(folder, 'card.json'),
      SIEGEL_TELEMETRY_RELAY: `${sink.url}/relay`,
      SIEGEL_OUTBOUND_PRIVATE: '1',
      ...more,
    },
  });
}

before(async () => {
  if (!browser) return;
  await mkdir(pictures, { recursive: true });
  folder = await mkdtemp(join(tmpdir(), 'sgl-figures-'));
  sink = await openSink();
  await writeFile(join(folder, 'card.json'), sink.peer.cardText);
  program = await openHouse({}, join(folder, 'house'));
});
after(async () => {
  if (!browser) return;
  await program.stop();
  await sink[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
  await browser.close();
});

async function visit(width: number, theme: 'light' | 'dark', language: 'de-DE' | 'en-GB'): Promise<Page> {
  assert.ok(browser);
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, locale: language });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return page;
}

async function signInAt(page: Page, hash: string): Promise<void> {
  await page.goto(program.url);
  await page.locator('input[name=username]').fill(address);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.waitForURL('**/mail*');
  await page.evaluate((at) => {
    location.hash = at;
  }, hash);
}

async function shot(page: Page, name: string): Promise<void> {
  assert.deepEqual(await accessibility(page), [], name);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(overflow <= 0, `${name}: ${overflow} pixels too wide`);
  await page.locator('main').evaluate((main) => {
    document.documentElement.style.height = 'auto';
    for (let at: Element | null = main; at; at = at.parentElement)
      at.setAttribute('style', `${at.getAttribute('style') ?? ''};height:auto;overflow:visible`);
  });
  await page.screenshot({ path: join(pictures, `figures-${name}.png`), fullPage: true });
}

async function told(): Promise<TelemetryAnswer> {
  const shown = await program.siegel(['telemetry', 'show', '--json']);
  return v.parse(telemetryShape, JSON.parse(shown.stdout));
}

test('the question is asked once, of the operator, and nothing leaves before', { skip, timeout: 180_000 }, async () => {
  address = await signUpOperator();
  const page = await visit(1280, 'light', 'de-DE');
  await signInAt(page, '#safety');
  const card = page.locator('.figures-card');
  await card.waitFor();
  assert.match(await card.innerText(), /Darf dieses Haus zu ehrlichen Zahlen beitragen\?/);
  assert.match(await card.innerText(), /Verein für ehrliche Zahlen.*8 Fragen/s);
  await shot(page, 'question-1280-light');
  assert.equal((await told()).consent.state, 'unasked');
  await card.getByRole('button', { name: 'Später' }).click();
  await card.waitFor({ state: 'detached' });
  await page.evaluate(() => (location.hash = '#settings/general'));
  await page.locator('.settings-head').waitFor();
  await page.evaluate(() => (location.hash = '#safety'));
  await page.locator('.state-line').first().waitFor();
  assert.equal(await card.count(), 0, 'put off, it does not come back by itself');
  assert.equal(sink.got.length, 0);
  await page.context().close();
});

test(
  'every question is shown with its bytes; agreed to, a report leaves at its moment and is shown to the byte',
  { skip, timeout: 240_000 },
  async () => {
    const page = await visit(390, 'dark', 'de-DE');
    await signInAt(page, '#settings/figures');
    await page.locator('.figures-state').waitFor();
    assert.match(await page.locator('.figures-state').innerText(), /Es wird nichts gesendet/);
    assert.equal(await page.locator('.figures-questions > li').count(), 8);
    await page.locator('#figure-users summary').click();
    assert.equal((await page.locator('#figure-users [data-bytes=plain]').innerText()).length, 512);
    assert.equal((await page.locator('#figure-users [data-bytes=sealed]').innerText()).length, 622);
    await shot(page, 'view-390-dark');
    await page.getByRole('button', { name: 'Dieser Liste zustimmen' }).click();
    await page.locator('.figures-state[data-state=on]').waitFor();
    assert.match(await page.locator('.figures-state').innerText(), /Ein Bericht in der Woche\. Der nächste geht am/);
    await page.context().close();
    // the same house a moment before its moment
    const state = JSON.parse(await readFile(join(program.dataDir, 'telemetry', 'state.json'), 'utf8')) as {
      seed: string;
    };
    const seed = fromBase64(state.seed);
    assert.ok(seed);
    const moment = momentOf(seed, weekOf(Date.now()) + 1);
    await program.stop();
    program = await openHouse(
      { SIEGEL_CLOCK: new Date(moment - 15_000).toISOString().replace(/\.\d+/, '') },
      join(folder, 'house'),
    );
    while (sink.got.length === 0) await new Promise((resolve) => setTimeout(resolve, 200));
    let shown = await told();
    while (shown.sent[0]?.outcome !== 'taken') shown = await told();
    assert.equal(shown.sent.length, 1);
    assert.equal(shown.sent[0].sealed, sink.got[0]?.bytes, 'bytes shown are bytes sent');
    const wide = await visit(1280, 'light', 'en-GB');
    await signInAt(wide, '#settings/figures');
    await wide.locator('.figures-sent').waitFor();
    await wide.locator('.figures-sent summary').click();
    assert.equal(await wide.locator('.figures-sent [data-bytes=sealed]').innerText(), sink.got[0]?.bytes);
    await shot(wide, 'on-1280-light');
    await wide.context().close();
  },
);

test(
  'another card is another list: the difference is shown, nothing leaves, and one press ends it and wipes',
  { skip, timeout: 240_000 },
  async () => {
    await program.stop();
    const card = JSON.parse(sink.peer.cardText) as { purpose: { de: string; en: string } };
    const purpose = { ...card.purpose, de: 'Damit das Programm noch besser passt' };
    await writeFile(join(folder, 'card.json'), JSON.stringify({ ...card, purpose }));
    program = await openHouse({}, join(folder, 'house'));
    const page = await visit(1280, 'light', 'de-DE');
    await signInAt(page, '#settings/figures');
    await page.locator('.figures-state[data-state=changed]').waitFor();
    assert.match(
      await page.locator('.figures-changes').innerText(),
      /Bisher\s+Damit das Programm passt\s+Jetzt\s+Damit das Programm noch besser passt/,
    );
    await shot(page, 'changed-1280-light');
    const before = sink.got.length;
    await page.getByRole('button', { name: 'Ausschalten' }).click();
    await page.locator('.figures-state[data-state=off]').waitFor();
    await page.locator('.toast').waitFor();
    assert.match(await page.locator('.toast').innerText(), /Was von früheren Berichten notiert war, ist gelöscht/);
    await shot(page, 'off-1280-light');
    const left = await readdir(join(program.dataDir, 'telemetry'));
    assert.deepEqual(left.toSorted(), ['consent.json', 'state.json']);
    assert.equal(sink.got.length, before);
    await page.evaluate(() => (location.hash = '#safety'));
    await page.locator('.state-line').first().waitFor();
    assert.equal(await page.locator('.figures-card').count(), 0, 'answered, it is not asked again');
    await page.context().close();
  },
);

test('members see no trace of it, and their requests are refused', { skip, timeout: 120_000 }, async () => {
  const member = await program.signUp('ben', PASSWORD);
  const operator = address;
  address = member;
  const page = await visit(1280, 'light', 'en-GB');
  await signInAt(page, '#settings/general');
  await page.locator('.settings-tabs').waitFor();
  assert.equal(await page.locator('#tab-figures').count(), 0);
  const status = await page.evaluate(async () => (await fetch('/telemetry')).status);
  assert.equal(status, 403);
  await page.context().close();
  address = operator;
  const anybody = await fetch(`${program.url}/telemetry`);
  assert.equal(anybody.status, 401);
});

test(
  'the commands say the same, and agree to no other list than the one that is named',
  { skip, timeout: 120_000 },
  async () => {
    const shown = await program.siegel(['telemetry', 'show']);
    assert.match(shown.stdout, /Off since[\s\S]*How many people have a mailbox here\?[\s\S]*before {7}[0-9a-f]{512}/);
    const other = await program.siegel(['telemetry', 'on', 'ab'.repeat(32)]);
    assert.equal(other.code, 1);
    assert.match(other.stderr, /not the list that was shown/);
    assert.equal((await program.siegel(['telemetry', 'on', 'yes'])).code, 2);
    const { catalogueHash } = await told();
    const on = await program.siegel(['telemetry', 'on', catalogueHash ?? '']);
    assert.equal(on.code, 0, on.stderr);
    assert.match(on.stdout, /^On since .*Next report/);
    assert.equal((await program.siegel(['telemetry', 'off'])).code, 0);
  },
);

async function signUpOperator(): Promise<string> {
  const made = await program.siegel(['invite', 'create', '--role', 'operator', '--json']);
  const { code } = JSON.parse(made.stdout) as { code: string };
  return signUpWith(code);
}

async function signUpWith(code: string): Promise<string> {
  const { createEntryClient } = await import('../../src/web/client/entry.ts');
  const { jarFetch } = await import('../../src/web/client/jar-fetch.ts');
  const { systemClock } = await import('#base/clock.ts');
  const entry = createEntryClient(
    jarFetch(() => program.url),
    systemClock,
  );
  const signedUp = await entry.signUp({ code, localPart: 'anna', plainPassword: PASSWORD });
  if (!signedUp.ok) throw new Error(signedUp.error.kind);
  return signedUp.value.session.address;
}
