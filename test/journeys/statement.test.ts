// The standing statement: two people sign by hand, gpg alone checks it, everybody sees when it is out of date, and nothing but two people renews it.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { CLERK, LAWYER, OFFICER, openGpgDesk, runSiegel, type GpgDesk, type GpgMember } from '../desk/gpg-desk.ts';
import { GpgPeople, noGpg } from '../gpg-people.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';

const browser: Browser | undefined = await openChromium();
const skip = noGpg ?? (browser ? false : 'no browser: set SIEGEL_CHROMIUM');
const options = { skip, timeout: 240_000 };
const pictures = join(import.meta.dirname, '../screenshots');
const FACT = 'Deutscher Wetterdienst, heute früh: Nebel am Rhein';

const opened = new AsyncDisposableStack();
let desk: GpgDesk;
let program: RunningProgram;
let directory = '';

before(async () => {
  if (skip !== false) return;
  await mkdir(pictures, { recursive: true });
  directory = await mkdtemp(join(tmpdir(), 'sgl-statement-'));
  opened.defer(() => rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  desk = opened.use(await openGpgDesk());
  program = await startProgram({ directory, env: { SIEGEL_DESK_TRUST: desk.trust } });
  opened.defer(() => program.stop());
  await desk.putPolicy(program);
});
after(async () => {
  await browser?.close();
  await opened.disposeAsync();
});

const siegel = (...words: readonly string[]): Promise<Record<string, unknown>> => runSiegel(program, ...words);
const page = async (language = 'en'): Promise<string> =>
  (await fetch(`${program.url}/transparency/statement?lang=${language}`)).text();

async function refused(kind: string, ...words: readonly string[]): Promise<void> {
  const ran = await program.siegel([...words, '--json']);
  assert.notEqual(ran.code, 0, `${words.join(' ')}: ${ran.stdout}`);
  const { error } = JSON.parse(ran.stdout === '' ? ran.stderr : ran.stdout) as {
    error: { kind: string; reason?: string; sentence: string };
  };
  assert.equal(error.reason ?? error.kind, kind, error.sentence);
}

const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const drafting = (name: string, until = dayIn(90), more: readonly string[] = []): readonly string[] =>
  ['statement', 'draft', '--until', until, '--fact', FACT, '--out', join(desk.folder, name), ...more]; // prettier-ignore

async function signature(file: string, [, address]: GpgMember, people = desk.people): Promise<string> {
  const bytes = await readFile(join(desk.folder, file));
  return desk.write(`${file}-${address}-${people === desk.people ? 'own' : 'rogue'}.asc`, people.sign(address, bytes));
}

test('before there is one the page says so', options, async () => {
  assert.match(await page(), /This house makes no standing statement\./);
  assert.match(await page('de'), /Dieses Haus gibt keine ständige Erklärung ab\./);
  assert.equal((await fetch(`${program.url}/transparency/statement.json`)).status, 404);
  assert.deepEqual((await siegel('statement', 'show'))['published'], null);
});

test('what is malformed, too long, past or without sentences is not even written', options, async () => {
  await refused('tooLong', ...drafting('long.json', dayIn(120)));
  await refused('past', ...drafting('past.json', dayIn(-1)));
  await refused('malformed', ...drafting('day.json', 'bald'));
  const empty = await desk.write('empty.json', JSON.stringify({ de: [], en: ['Nothing.'] }));
  await refused('malformed', ...drafting('none.json', dayIn(30), ['--says', empty]));
  await refused('not-json', ...drafting('none.json', dayIn(30), ['--says', await desk.write('no.json', 'says:')]));
});

test(
  'one person, the same person twice, the clerk, a rogue key or an altered text: refused, and nothing is shown',
  options,
  async () => {
    await siegel(...drafting('one.json'));
    const file = join(desk.folder, 'one.json');
    const publish = (...signatures: readonly string[]): readonly string[] => ['statement', 'publish', file, ...signatures, '--apply']; // prettier-ignore
    const own = await signature('one.json', OFFICER);
    await refused('signatures', ...publish(own));
    await refused('signatures', ...publish(own, own));
    await refused('signatures', ...publish(own, await signature('one.json', CLERK)));
    using rogue = new GpgPeople();
    rogue.addPerson(LAWYER[1], 'curve');
    await refused('signatures', ...publish(own, await signature('one.json', LAWYER, rogue)));
    const both = [own, await signature('one.json', LAWYER)];
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('Nebel', 'Regen'));
    await refused('signatures', ...publish(...both));
    await writeFile(file, `${text}\n`);
    await refused('not-a-statement', ...publish(...both));
    assert.match(await page(), /This house makes no standing statement\./);
  },
);

test('two sign it: everybody reads it, gpg alone checks it, the book has its receipt', options, async () => {
  await siegel(...drafting('two.json'));
  const signatures = [await signature('two.json', OFFICER), await signature('two.json', LAWYER)];
  const file = join(desk.folder, 'two.json');
  assert.equal((await siegel('statement', 'publish', file, ...signatures))['isApplied'], false);
  assert.match(await page(), /This house makes no standing statement\./);
  await siegel('statement', 'publish', file, ...signatures, '--apply');
  // the same again is not newer
  await refused('notNewer', 'statement', 'publish', file, ...signatures, '--apply');
  const shown = await page('de');
  assert.match(shown, /Bis zu diesem Tag hat dieses Haus niemandem Schlüssel gegeben/);
  assert.match(shown, /Von zwei Menschen unterschrieben/);
  assert.ok(shown.includes('Nebel am Rhein'));
  assert.doesNotMatch(shown, /Nicht mehr aktuell/);
  // as a stranger checks it, with no program of ours
  const folder = await mkdtemp(join(tmpdir(), 'sgl-stranger-'));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  for (const ending of ['json', 'asc', 'keys']) {
    const answer = await fetch(`${program.url}/transparency/statement.${ending}`);
    await writeFile(join(folder, `statement.${ending}`), Buffer.from(await answer.arrayBuffer()));
  }
  assert.equal(await readFile(join(folder, 'statement.json'), 'utf8'), await readFile(file, 'utf8'));
  const home = join(folder, 'home');
  await mkdir(home, { mode: 0o700 });
  const gpg = (...words: string[]): string => execFileSync('gpg', ['--homedir', home, '--batch', '--status-fd', '1', ...words], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }); // prettier-ignore
  gpg('--import', join(folder, 'statement.keys'));
  const status = gpg('--verify', join(folder, 'statement.asc'), join(folder, 'statement.json'));
  assert.equal(status.match(/VALIDSIG/g)?.length, 2, status);
  execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
  const receipt = await fetch(`${program.url}/transparency/statement.receipt`);
  assert.equal(receipt.status, 200);
  assert.match(await receipt.text(), /standing-statement/);
  assert.deepEqual((await siegel('report', 'verify'))['findings'], []);
});

test('the page at three widths, in both lights', options, async () => {
  assert.ok(browser);
  for (const [width, colorScheme, language] of [
    [390, 'light', 'de'],
    [820, 'dark', 'en'],
    [1280, 'light', 'de'],
  ] as const) {
    // prettier-ignore
    const shown = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme });
    await shown.goto(`${program.url}/transparency/statement?lang=${language}`);
    assert.deepEqual(await accessibility(shown), []);
    const isWide = await shown.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(isWide, false, `${width}`);
    await shown.screenshot({ path: join(pictures, `statement-${width}-${colorScheme}.png`), fullPage: true });
    await shown.close();
  }
});

test(
  'a year later, with the program running and started anew, nobody has renewed it and the page says so',
  options,
  async () => {
    const before = (await siegel('statement', 'show'))['published'] as { statement: string; until: string };
    await program.stop();
    for (const ahead of ['+95d', '+365d']) {
      program = await startProgram({ directory, env: { SIEGEL_DESK_TRUST: desk.trust, SIEGEL_CLOCK: ahead } });
      const shown = await page();
      assert.match(shown, /Out of date: it was good until/);
      assert.match(shown, /Nobody has signed it again since/);
      const { isOver, statement } = (await siegel('statement', 'show'))['published'] as { isOver: boolean; statement: string }; // prettier-ignore
      assert.deepEqual([isOver, statement], [true, before.statement]);
      // what was signed a quarter ago cannot be put again
      const signatures = [OFFICER, LAWYER].map(([, address]) => join(desk.folder, `two.json-${address}-own.asc`));
      await refused('tooOld', 'statement', 'publish', join(desk.folder, 'two.json'), ...signatures, '--apply');
      if (ahead === '+365d' && browser) {
        const over = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
        await over.goto(`${program.url}/transparency/statement?lang=de`);
        await over.screenshot({ path: join(pictures, 'statement-over-1280.png'), fullPage: true });
        await over.close();
      }
      await program.stop();
    }
  },
);
