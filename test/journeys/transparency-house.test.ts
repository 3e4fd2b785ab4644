// A house publishes its report with the real program: a register of two years comes in, two people sign with gpg, and everybody reads it, with what each needs to check it.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { writeRegister } from '#office/desk/intake/write-register.ts';
import { exampleGermany } from '#office/desk/policy/example-policy.ts';
import { sampleFilings } from '../desk/sample-register.ts';
import { GpgPeople, noGpg } from '../gpg-people.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';

const browser: Browser | undefined = await openChromium();
const skip = noGpg ?? (browser ? false : 'no browser: set SIEGEL_CHROMIUM');
const pictures = join(import.meta.dirname, '../screenshots');
const PEOPLE = [
  ['Jonas Brandt', 'jonas@kanzlei.test', 'OFFICER'],
  ['Leyla Yıldız', 'leyla@kanzlei.test', 'LAWYER'],
] as const;

let folder = '';
let people: GpgPeople;
let program: RunningProgram;

before(async () => {
  if (skip !== false) return;
  folder = await mkdtemp(join(tmpdir(), 'sgl-transparency-'));
  await mkdir(pictures, { recursive: true });
  people = new GpgPeople();
  for (const [, address] of PEOPLE) people.addPerson(address, 'curve');
  const trust = PEOPLE.map(([, address]) => people.certificate(address).fingerprint);
  program = await startProgram({ env: { SIEGEL_DESK_TRUST: trust.join(',') } });
});
after(async () => {
  await browser?.close();
  if (skip !== false) return;
  await program.stop();
  people[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

async function siegel(...words: readonly string[]): Promise<void> {
  const ran = await program.siegel(words);
  assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stderr}${ran.stdout}`);
}

/** By both, as files. */
async function signed(name: string, text: string): Promise<readonly string[]> {
  return Promise.all(
    PEOPLE.map(([, address]) => write(`${name}-${address}.asc`, people.sign(address, Buffer.from(text)))),
  );
}

async function ask(path: string): Promise<string> {
  const answer = await fetch(program.url + path);
  assert.equal(answer.status, 200, path);
  return answer.text();
}

async function publish(year: number): Promise<string> {
  const out = join(folder, `report-${year}.json`);
  await siegel('report', 'transparency', String(year), '--out', out);
  const text = await readFile(out, 'utf8');
  await siegel('report', 'publish', out, ...(await signed(`report-${year}`, text)), '--apply');
  return text;
}

test('before its first report the house says that there is none', { skip, timeout: 120_000 }, async () => {
  assert.match(await ask('/transparency?lang=de'), /Noch ist kein Bericht veröffentlicht\./);
  assert.match(await ask('/trust?lang=de'), /veröffentlicht ist noch keiner[\s\S]*href="\/transparency\?lang=de"/);
  assert.equal((await fetch(`${program.url}/transparency/2023.json`)).status, 404);
});

test(
  'two years that two people signed are read by everybody, and gpg says that both did',
  { skip, timeout: 240_000 },
  async () => {
    const roster = PEOPLE.map(([name, address, role]) => {
      const { fingerprint, armored } = people.certificate(address);
      return { name, role, fingerprint, certificate: armored };
    });
    const policy = canonicalJson({ ...(JSON.parse(exampleGermany()) as object), roster });
    await siegel('desk', 'policy', await write('policy.json', policy), ...(await signed('policy', policy)), '--apply');
    await siegel('request', 'import', await write('register.csv', writeRegister(sampleFilings())), '--apply');
    await publish(2022);
    const text = await publish(2023);

    assert.equal(await ask('/transparency/2023.json'), text);
    const page = await ask('/transparency?lang=en');
    assert.match(page, /45 of 133 · 2022: 14 of 55/);
    assert.match(page, /Signed by two people/);
    assert.match(await ask('/transparency/2022?lang=de'), /14 von 55/);
    assert.match(await ask('/trust?lang=en'), /133<[\s\S]*requests from authorities in 2023, 45 of them rejected/);

    // as the page says it
    const home = await mkdtemp(join(folder, 'reader-'));
    for (const ending of ['keys', 'asc', 'json'])
      await writeFile(join(home, `2023.${ending}`), await ask(`/transparency/2023.${ending}`));
    const gpg = (...words: string[]) =>
      spawnSync('gpg', ['--homedir', home, '--batch', '--status-fd', '1', ...words], { cwd: home, encoding: 'utf8' });
    gpg('--import', '2023.keys');
    const checked = gpg('--verify', '2023.asc', '2023.json');
    assert.equal(checked.status, 0, checked.stderr);
    for (const [, address] of PEOPLE)
      assert.match(checked.stdout, new RegExp(`VALIDSIG ${people.certificate(address).fingerprint}`, 'i'));

    // the book's receipt, and that it is about exactly these bytes
    const receipt = await ask('/transparency/2023.receipt');
    const receiptPath = await write('2023.receipt', receipt);
    const judged = await program.siegel(['receipt', 'check', receiptPath, '--json']);
    assert.equal(judged.code, 0, judged.stderr);
    const sha256 = createHash('sha256').update(text).digest('hex');
    assert.ok(receipt.includes('transparency-report') && receipt.includes(sha256));
    const forged = await write('forged.receipt', receipt.replace(sha256, '0'.repeat(64)));
    assert.notEqual((await program.siegel(['receipt', 'check', forged])).code, 0);
    assert.notEqual(receipt, await ask('/transparency/2022.receipt'));
    assert.equal((await fetch(`${program.url}/transparency/2021.receipt`)).status, 404);

    const { register } = JSON.parse(text) as { register: { entries: number } };
    const log = await ask('/transparency/log');
    assert.match(log, new RegExp(`^siegel transparency log 1\nentries ${register.entries}\n0 [0-9a-f]{64}\n`));
    assert.equal(log.trimEnd().split('\n').length, 2 + register.entries);
  },
);

test('its page is whole in a browser, wide and narrow', { skip, timeout: 120_000 }, async () => {
  assert.ok(browser);
  for (const [width, colorScheme] of [
    [1280, 'light'],
    [390, 'dark'],
  ] as const) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme, locale: 'de-DE' });
    const page = await context.newPage();
    page.on('console', (message) => assert.notEqual(message.type(), 'error', message.text()));
    await page.goto(`${program.url}/trust`);
    await page.locator('#answer a').click();
    await page.locator('.report-big').waitFor();
    assert.deepEqual(await accessibility(page), []);
    assert.match(await page.locator('#check').innerText(), /Leyla Yıldız, Rechtsprüfung/);
    await page.screenshot({ path: join(pictures, `transparency-house-${width}.png`), fullPage: true });
    await context.close();
  }
});
