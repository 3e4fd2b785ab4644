// Issue 4, incidents and the safety page, on the real program: operators see it and nobody else, count from it, tell people of an incident, and everybody reads on /status how far it is.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { systemClock } from '#base/clock.ts';
import { idToBytes, type AccountId } from '#base/ids.ts';
import { createEntryClient } from '../../src/web/client/entry.ts';
import { tamper } from '../own-database.ts';
import { projectDir, startProgram, type CommandResult, type RunningProgram } from '../running-program.ts';
import { PASSWORD, signUp, type Person } from '../signed-in.ts';
import { openSmtp } from '../smtp-client.ts';
import { arrival, openMailbox } from '../world.ts';
import { jarFetch } from '../../src/web/client/jar-fetch.ts';
import { accessibility } from './axe.ts';
import { openChromium } from './chromium.ts';

const browser: Browser | undefined = await openChromium();
const skip = browser ? false : 'no browser: set SIEGEL_CHROMIUM';
const pictures = join(projectDir, 'test/screenshots');
const TITLE = 'Messages of one mailbox are not shown';
const LETTERS = 5;

let directory: string;
let program: RunningProgram;
let anna: Person;
let ben: Person;
let operator: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'siegel-safety-'));
  program = await startProgram({ directory, env: { SIEGEL_BACKUP_DIR: join(directory, 'backups') } });
  await mkdir(join(directory, 'backups'), { recursive: true });
  await mkdir(pictures, { recursive: true });
  operator = await signUpOperator();
  anna = await signUp(() => program, 'anna');
  ben = await signUp(() => program, 'ben');
  await sendLetters(anna, LETTERS);
  await sendLetters(ben, 2);
});
after(async () => {
  await browser?.close();
  await program?.stop();
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

async function signUpOperator(): Promise<string> {
  const made = await program.siegel(['invite', 'create', '--role', 'operator', '--json']);
  const { code } = JSON.parse(made.stdout) as { code: string };
  const entry = createEntryClient(
    jarFetch(() => program.url),
    systemClock,
  );
  const signedUp = await entry.signUp({ code, localPart: 'omar', plainPassword: PASSWORD });
  assert.ok(signedUp.ok, JSON.stringify(signedUp));
  return signedUp.value.session.address;
}

async function sendLetters({ address }: Person, count: number): Promise<void> {
  await using smtp = await openSmtp(program.smtpPort);
  for (let n = 0; n < count; n++) {
    const text = `From: carl@sender.example\r\nTo: ${address}\r\nSubject: Letter ${n}\r\n\r\nA letter.\r\n`;
    const reply = await smtp.send({ from: 'carl@sender.example', to: [address], bytes: Buffer.from(text) });
    assert.equal(reply.code, 250, reply.text);
  }
}

async function incident(...words: string[]): Promise<CommandResult & { readonly answer: IncidentAnswer }> {
  const done = await program.siegel(['incident', ...words, '--json']);
  return { ...done, answer: JSON.parse(done.stdout || '{}') as IncidentAnswer };
}

interface IncidentAnswer {
  readonly plan?: string;
  readonly isApplied?: boolean;
  readonly incident?: { readonly told: { readonly opened: { readonly reached: number } | null } };
  readonly progress?: { readonly expected: number; readonly found: number };
  readonly markdown?: string;
  readonly incidents?: readonly { readonly number: number; readonly told: object }[];
}

async function inboxSize(person: Person): Promise<number> {
  const { total } = (await person.jmap('Email/query', { calculateTotal: true })) as { total: number };
  return total;
}

async function status(path = '/status'): Promise<string> {
  const answer = await fetch(`${program.url}${path}`, { headers: { 'accept-language': 'en' } });
  assert.equal(answer.status, 200);
  return await answer.text();
}

async function enter(page: Page, address: string): Promise<void> {
  await page.goto(program.url);
  await page.locator('input[name=username]').fill(address);
  await page.locator('input[name=password]').fill(PASSWORD);
  await page.locator('button[type=submit]').click();
  await page.waitForURL('**/mail*');
  await page.locator('.nav-foot').waitFor();
}

describe('the safety page and incidents', { skip, timeout: 300_000 }, () => {
  test('only operators are told anything, and only they have the page', async () => {
    assert.equal((await fetch(`${program.url}/safety`)).status, 401);
    const refused = await anna.reach('/safety');
    assert.equal(refused.status, 403);
    assert.equal((await anna.reach('/safety/ledger/check', { method: 'POST' })).status, 403);
    assert.ok(browser);
    await using context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    await enter(page, anna.address);
    assert.equal(await page.locator('.nav-item', { hasText: 'Safety' }).count(), 0);
    await page.evaluate(() => (location.hash = '#safety'));
    await page.getByText('This page is for the operators of this house.').waitFor();
  });

  test('an operator counts from the page; what somebody deleted past the program is seen, told, brought back, and closed', async () => {
    assert.ok(browser);
    const backup = await program.siegel(['backup', 'take', '--json']);
    assert.equal(backup.code, 0, backup.stderr);
    await using context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 1000 } });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const complaints: string[] = [];
    page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
    await enter(page, operator);
    await page.locator('.nav-item', { hasText: 'Safety' }).click();
    await page.locator('.state-line', { hasText: 'restored and checked' }).waitFor();
    await page.locator('.state-text', { hasText: 'not counted since the start' }).waitFor();
    await page.getByRole('button', { name: 'Count now' }).click();
    await page.locator('.state-text', { hasText: '7 messages, 0 missing' }).waitFor();
    assert.deepEqual(await accessibility(page), []);
    await page.screenshot({ path: join(pictures, 'safety-real-well.png') });

    await tamper(program.dataDir, wrongStatement(anna.accountId));
    await page.getByRole('button', { name: 'Count now' }).click();
    await page.locator('.state-text', { hasText: '4 messages, 3 missing; the journal has them' }).waitFor();
    assert.match(await page.locator('.safety-title').innerText(), /3 messages in 1 mailboxes are not shown/);

    const planned = await incident('open', TITLE, '--from-ledger');
    assert.equal(planned.code, 0, planned.stderr);
    assert.match(planned.answer.plan ?? '', /^1 mailbox is affected\. 3 of 5 letters are not shown\./);
    assert.equal(planned.answer.isApplied, false);
    assert.equal(await inboxSize(anna), LETTERS - 3, 'a plan tells nobody');
    assert.ok(!(await status()).includes(TITLE));

    const opened = await incident('open', TITLE, '--from-ledger', '--apply');
    assert.equal(opened.answer.incident?.told.opened?.reached, 1, opened.stderr);
    await tellsAnna(
      /not shown: |Your mailbox is affected/,
      /3 of the 5 messages of your mailbox are not shown/,
      LETTERS - 2,
    );
    assert.equal(await inboxSize(ben), 2, 'nobody else is told');
    const shown = await status();
    assert.match(shown, new RegExp(`${TITLE}[\\s\\S]*2 of 5 found`));
    for (const secret of ['anna', anna.accountId, 'siegel.test/'])
      assert.ok(!shown.includes(secret) && !(await status('/status.json')).includes(secret), secret);
    assert.doesNotMatch(shown, /<script|style=|\son\w+=/);
    await page.reload();
    await page.locator('.safety-title', { hasText: /^One incident is open: 2 of 5 found\.$/ }).waitFor();
    await page.screenshot({ path: join(pictures, 'safety-real-incident.png') });

    const early = await incident('close', '1', 'All is back', '--apply');
    assert.equal(early.code, 1);
    assert.match(early.stdout, /siegel database rebuild --apply/);
    assert.equal((await incident('update', '1', 'The rows are made anew', '--apply')).code, 0);
    assert.equal((await program.siegel(['database', 'rebuild', '--apply'])).code, 0);
    const back = await incident('show', '1');
    assert.equal(back.answer.progress?.found, back.answer.progress?.expected);
    const closed = await incident('close', '1', 'All is back', '--apply');
    assert.equal(closed.code, 0, closed.stderr);
    await tellsAnna(/^Vorbei \/ Over/, /all 5 messages of your mailbox are there; none is lost/, LETTERS + 2);
    assert.match(
      await status(),
      /No incident is open[\s\S]*All 5 messages are there; none was lost[\s\S]*The rows are made anew/,
    );
    assert.deepEqual(complaints, []);
    const draft = await program.siegel(['incident', 'draft', '1']);
    assert.match(draft.stdout, /## Cause[\s\S]*0 letters: all 5 are there/);
  });

  test('after a start everything is there and nobody is told again; /trust answers from ledger and backup', async () => {
    program = await program.restart();
    const listed = await incident('list');
    assert.equal(listed.answer.incidents?.length, 1);
    assert.equal((await program.siegel(['ledger', 'check'])).code, 0);
    assert.equal(await inboxSize(anna), LETTERS + 2);
    const trust = await (await fetch(`${program.url}/trust?lang=en`)).text();
    assert.match(trust, /restored beside and checked \d+ minutes? ago/);
    assert.match(trust, /id="lose"[\s\S]*figure-value">0<[\s\S]*missing of 9 letters/);
    const kinds = JSON.stringify(await (await anna.reach('/book/head')).json());
    assert.ok(kinds.length > 0);
  });

  test('a change that waits is approved in the page with a signature file that ssh-keygen made of the saved bytes', async (t) => {
    if (spawnSync('ssh-keygen', ['-?']).error !== undefined) return t.skip('no ssh-keygen here');
    const key = join(directory, 'omar');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'omar', '-f', key]);
    const ask = async (...words: string[]): Promise<void> => {
      const { code, stdout, stderr } = await program.siegel(words);
      assert.equal(code, 0, `${words.join(' ')}: ${stdout}${stderr}`);
    };
    await ask('operator', 'add', 'Omar', '--ssh-key', `${key}.pub`, '--account', operator);
    const sql = join(directory, 'plan.sql');
    await writeFile(sql, 'ALTER TABLE letter ADD COLUMN weight integer; UPDATE letter SET weight = size_bytes / 1000;');
    await ask('change', 'plan', '--sql', sql);
    const planned = JSON.parse((await program.siegel(['change', 'status', '--json'])).stdout) as {
      readonly changes: readonly { readonly number: number }[];
    };
    const number = String(planned.changes.at(-1)?.number);
    await ask('change', 'backup', number);
    await ask('change', 'rehearse', number);
    assert.ok(browser);
    await using context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1440, height: 1000 } });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await enter(page, operator);
    await page.locator('.nav-item', { hasText: 'Safety' }).click();
    await page.locator('.safety-title', { hasText: 'One change waits for you.' }).waitFor();
    await page.getByRole('button', { name: 'Review' }).click();
    await page.locator('.change-plan pre', { hasText: 'ADD COLUMN weight' }).waitFor();
    await page.getByRole('button', { name: 'Approve' }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: `Download change-${number}.json` }).click();
    const file = join(directory, `change-${number}.json`);
    await (await saved).saveAs(file);
    const shown = await page.locator('.approve .command code').innerText();
    const command = shown.replace('~/.ssh/id_ed25519', key);
    const input = page.locator('.hand-in input[type=file]');
    execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', 'siegel-procedure', '-f', key, file]);
    await input.setInputFiles(`${file}.sig`);
    await page.locator('.hand-in-told', { hasText: 'siegel-procedure' }).waitFor();
    await page.screenshot({ path: join(pictures, 'safety-real-refused.png') });
    await rm(`${file}.sig`);
    execFileSync('/bin/sh', ['-c', command], { cwd: directory, stdio: 'ignore' });
    await input.setInputFiles(`${file}.sig`);
    const signed = page.locator('.change-standing', { hasText: `siegel change apply ${number} --apply` });
    await signed.waitFor().catch(async () => assert.fail(await page.locator('.safety').innerText()));
    await ask('change', 'apply', number, '--apply');
    await page.reload();
    await page.locator('.past', { hasText: 'checked' }).waitFor();
    await page.locator('.past-bars').waitFor();
    assert.deepEqual(await accessibility(page), []);
    await page.screenshot({ path: join(pictures, 'safety-real-history.png') });
  });

  test('/status is for everybody: no violations in both themes, three widths, on paper', async () => {
    assert.ok(browser);
    for (const [colorScheme, width] of [
      ['light', 1440],
      ['dark', 390],
      ['light', 900],
    ] as const) {
      await using context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 844 },
        locale: 'de-DE',
      });
      const page = await context.newPage();
      await page.goto(`${program.url}/status`);
      assert.deepEqual(await accessibility(page), []);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      await page.screenshot({ path: join(pictures, `status-${width}-${colorScheme}.png`), fullPage: true });
    }
  });
});

/** The newest letter in her mailbox is the house's, sealed to her, and says so. */
async function tellsAnna(subject: RegExp, text: RegExp, count: number): Promise<void> {
  const mail = await openMailbox(anna);
  const row = await arrival(mail, count);
  assert.match(row.subject, subject);
  assert.equal(row.sign, 'on-arrival');
  const letter = await mail.open(row.id);
  assert.ok(letter.ok, JSON.stringify(letter));
  assert.match(letter.value.plainText ?? '', text);
  assert.match(letter.value.plainText ?? '', /What you need to do: nothing/);
  assert.equal(letter.value.from[0]?.address, 'postmaster@siegel.test');
}

function wrongStatement(accountId: string): string {
  const uuid = Buffer.from(idToBytes(accountId as AccountId)).toString('hex');
  return `DELETE FROM letter WHERE (account_id, letter_id) IN (
    SELECT account_id, letter_id FROM letter WHERE account_id = '${uuid}' AND removed_modseq IS NULL LIMIT 3)`;
}
