// `npm run demo` as a newcomer has it: filled and open within a minute, people one press away; and nothing of it in the usual program.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { systemClock } from '#base/clock.ts';
import { writeRegister } from '#office/desk/intake/write-register.ts';
import { PARTS_KEYWORD } from '#web/client/compose/draft-parts.ts';
import type { MailboxClient } from '#web/client/mailbox-client.ts';
import { openMailboxClient } from '#web/client/mailbox-client.ts';
import { createEntryClient } from '#web/client/entry.ts';
import { jarFetch } from '#web/client/jar-fetch.ts';
import { sampleFilings } from '../desk/sample-register.ts';
import { noteConnections, noWatching, strangers, THIS_MACHINE, type ConnectionNotes } from '../connections.ts';
import { openChromium } from './chromium.ts';
import { projectDir, runSiegel, startProgram } from '../running-program.ts';

/** What the issue allows after the installation, on any machine. */
const READY_WAIT_MS = 60_000;

interface Demo {
  readonly url: string;
  readonly persons: readonly { readonly name: string; readonly address: string; readonly plainPassword: string }[];
  readonly tookMs: number;
  readonly figures: string;
  stop(): Promise<number>;
}

async function startDemo(env: NodeJS.ProcessEnv, under: readonly string[] = []): Promise<Demo> {
  const [program, ...words] = [...under, join(projectDir, 'siegel'), 'demo', 'start', '--json'];
  const child = spawn(program, words, {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let told = '';
  let noted = '';
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  child.stderr.on('data', (chunk: Buffer) => (noted += chunk.toString()));
  const line = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGTERM');
      reject(new Error(`the demo was not ready:\n${noted}`));
    }, READY_WAIT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      const end = told.indexOf('\n');
      if (end < 0) return;
      clearTimeout(timer);
      resolve(told.slice(0, end));
    });
    void ended.then((code) => reject(new Error(`the demo ended with ${code}:\n${noted}`)));
  });
  const facts = JSON.parse(line) as Omit<Demo, 'stop'>;
  return {
    ...facts,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

async function openMailbox(demo: Demo, name: string): Promise<MailboxClient> {
  const person = demo.persons.find((one) => one.name === name);
  assert.ok(person);
  const reach = jarFetch(() => demo.url);
  const step = await createEntryClient(reach, systemClock).signIn(person);
  assert.ok(step.ok && step.value.step === 'done');
  const openStream = (): never => {
    throw new Error('not asked for');
  };
  return openMailboxClient({ reach, signedIn: step.value.signedIn, openStream, clock: systemClock });
}

describe('the sample office', () => {
  let directory: string;
  let env: NodeJS.ProcessEnv;
  let demo: Demo;
  let notes: ConnectionNotes;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'siegel-demo-'));
    notes = noteConnections(join(directory, 'connections'));
    const own = { SIEGEL_DATA_DIR: join(directory, 'data'), SIEGEL_HTTP_PORT: '0', SIEGEL_SMTP_PORT: '0' };
    env = { ...process.env, ...own };
    demo = await startDemo(env, notes.under);
  });
  after(async () => {
    await demo.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  });

  test('is open within a minute, with three people', () => {
    assert.ok(demo.tookMs < READY_WAIT_MS, `${demo.tookMs} ms`);
    assert.deepEqual(
      demo.persons.map(({ name }) => name),
      ['Leyla Yıldız', 'Jonas Brandt', 'Mara Kaya'],
    );
  });

  test('holds real mail: letters between members are end-to-end, a stranger’s encrypted letter is not, folders have names', async () => {
    const mailbox = await openMailbox(demo, 'Leyla Yıldız');
    const boxes = await mailbox.mailboxes();
    assert.ok(boxes.reduce((sum, box) => sum + box.total, 0) > 100);
    assert.ok(boxes.some((box) => box.name === 'Demir ./. Quittenhof' && box.total > 3));
    const inbox = boxes.find((box) => box.role === 'inbox');
    assert.ok(inbox && inbox.unread > 0 && inbox.unread < inbox.total);
    const ids = [];
    for (const box of boxes) ids.push(...(await mailbox.list(box.id)));
    const rows = (await mailbox.rows(ids)).filter(({ keywords }) => !keywords.includes(PARTS_KEYWORD));
    assert.ok(rows.every((row) => !row.altered && row.subject !== '' && row.subject !== '[...]'));
    const days = new Set(rows.map((row) => new Date(row.receivedMs).toDateString()));
    assert.ok(days.size > 25, `${days.size} days`);
    for (const [subject, sign] of [
      ['Akte 14: Termin verlegt', 'end-to-end'],
      ['Signed agreement', 'encrypted'],
      ['Payment released', 'on-arrival'],
    ] as const) {
      const row = rows.find((one) => one.subject === subject);
      assert.ok(row, subject);
      assert.equal(row.sign, sign);
      const opened = await mailbox.open(row.id);
      assert.ok(opened.ok);
      assert.equal(opened.value.sign, sign);
    }
  });

  test('answers for two years of requests from authorities, in figures that its register bears', async () => {
    const page = await (await fetch(`${demo.url}/transparency?lang=en`)).text();
    assert.match(page, /133/);
    assert.match(page, /33\.8/);
    const report = (await (await fetch(`${demo.url}/transparency/2022.json`)).json()) as {
      figures: { total: { value: number } };
    };
    assert.equal(report.figures.total.value, 55);
    const csv = await readFile(join(projectDir, 'src/programs/demo/chapters/desk-register.csv'), 'utf8');
    assert.equal(csv, writeRegister(sampleFilings()).replaceAll('\r\n', '\n'));
  });

  test('Mara finds the desk in her page: the register of two years, a fax for two verdicts, a letter that waits for her', async () => {
    const mara = demo.persons.find((one) => one.name === 'Mara Kaya');
    assert.ok(mara);
    const reach = jarFetch(() => demo.url);
    assert.ok((await createEntryClient(reach, systemClock).signIn(mara)).ok);
    const look = (await (await reach('/desk')).json()) as { me: { role: string } | null; policy: unknown };
    assert.equal(look.me?.role, 'CLERK');
    assert.notEqual(look.policy, null);
    const { arrivals } = (await (await reach('/desk/arrivals')).json()) as { arrivals: { channel: string }[] };
    assert.deepEqual(arrivals.map(({ channel }) => channel), ['PLAIN_MAIL']); // prettier-ignore
    const { filings } = (await (await reach('/desk/filings')).json()) as { filings: { state: string }[] };
    assert.ok(filings.some(({ state }) => state === 'FORMAL_CHECK'));
    const leyla = demo.persons.find((one) => one.name === 'Leyla Yıldız');
    assert.ok(leyla);
    const other = jarFetch(() => demo.url);
    assert.ok((await createEntryClient(other, systemClock).signIn(leyla)).ok);
    assert.equal((await other('/desk/arrivals')).status, 403, 'the operator is not of the desk');
  });

  test('has a collector that published what 300 invented houses said, and asks its operator, once, whether to add to it', async () => {
    const answer = await fetch(`${demo.figures}/figures.json`);
    const { quarters } = (await answer.json()) as { quarters: { questions: { reports: number }[] }[] };
    assert.deepEqual(
      quarters.map(({ questions }) => questions.map(({ reports }) => reports)),
      [Array.from({ length: 7 }, () => 300)],
    );
    assert.match(await (await fetch(`${demo.figures}/`)).text(), /Quarter \d of \d{4}/);
    for (const [name, status, state] of [
      ['Leyla Yıldız', 200, 'unasked'],
      ['Mara Kaya', 403, undefined],
    ] as const) {
      const person = demo.persons.find((one) => one.name === name);
      assert.ok(person);
      const reach = jarFetch(() => demo.url);
      const step = await createEntryClient(reach, systemClock).signIn(person);
      assert.ok(step.ok);
      const told = await reach('/telemetry');
      assert.equal(told.status, status);
      const shown = (await told.json()) as { consent?: { state: string }; collector?: { operator: string } };
      assert.equal(shown.consent?.state, state);
      if (state !== undefined) assert.match(shown.collector?.operator ?? '', /invented/);
    }
  });

  test('has written too: letters left, one waits, drafts go on, people are known by their keys, promises have receipts', async () => {
    const leyla = await openMailbox(demo, 'Leyla Yıldız');
    const sent = (await leyla.mailboxes()).find((box) => box.role === 'sent');
    assert.ok(sent);
    const rows = await leyla.rows(await leyla.list(sent.id));
    for (const [subject, sign] of [
      ['Demir: Entwurf der Replik', 'end-to-end'],
      ['Ihr Termin am Mittwoch', 'end-to-end'],
      ['Ulmenstraße 14: Termin zur Besichtigung', 'on-arrival'],
    ] as const) {
      assert.equal(rows.find((row) => row.subject === subject)?.sign, sign, subject);
    }
    const [waiting] = await leyla.waiting();
    assert.ok(waiting && waiting.leavesMs > Date.now() + 19 * 86_400_000);
    const drafts = await leyla.drafts();
    const begun = drafts.find(({ subject }) => subject === 'Stellungnahme zum Gutachten');
    assert.ok(begun && drafts.length === 2);
    const draft = await leyla.openDraft(begun.id);
    assert.ok(draft.ok);
    assert.deepEqual(draft.value.files.map(({ name }) => name), ['Kurzgutachten_Auszug.pdf']); // prettier-ignore
    const contacts = await leyla.contacts();
    const keyOf = (name: string) => contacts.find((one) => one.name === name)?.keys[0];
    assert.equal(contacts.length, 8);
    assert.deepEqual([keyOf('Jonas Brandt')?.verified, keyOf('Hatice Demir')?.verified], [true, true]);
    assert.deepEqual([keyOf('Jonas Brandt')?.source, keyOf('Hatice Demir')?.source], ['house', 'file']);
    const jonas = await openMailbox(demo, 'Jonas Brandt');
    const inbox = (await jonas.mailboxes()).find((box) => box.role === 'inbox');
    assert.ok(inbox);
    const came = (await jonas.rows(await jonas.list(inbox.id))).find(
      (row) => row.subject === 'Demir: Entwurf der Replik',
    );
    assert.deepEqual([came?.sign, came?.keywords.includes('$answered')], ['end-to-end', true]);
  });

  test('a second one on the same folder is refused, and told where the first one is', async () => {
    const second = await runSiegel(['demo', 'start', '--json'], '', env);
    assert.equal(second.code, 1);
    assert.match(second.stdout, /already-running/);
    assert.ok(second.stdout.includes(demo.url));
  });

  test('in the browser: a ribbon says that it is sample data, and one press opens another mailbox', async (t) => {
    const browser = await openChromium();
    if (!browser) return t.skip('no browser here');
    try {
      await switchPeople(browser, demo.url);
    } finally {
      await browser.close();
    }
  });

  test('a letter to somebody outside leaves for nowhere: nothing connects to another machine', async (t) => {
    const jonas = await openMailbox(demo, 'Jonas Brandt');
    const [state] = await jonas.recipientStates(['niemand@irgendwo.test']);
    assert.deepEqual([state?.state, state?.reason], ['none', undefined]);
    const connections = await notes.read();
    if (!connections) return t.skip(noWatching);
    assert.ok(connections.length > 20);
    const elsewhere = connections.filter(({ host }) => host !== '127.0.0.1' && host !== '::1');
    assert.deepEqual(strangers(elsewhere, THIS_MACHINE), []);
  });

  test('is broken by the wrong command and brought back: all letters, and the one that came meanwhile on top', async () => {
    const leyla = await openMailbox(demo, 'Leyla Yıldız');
    const inbox = (await leyla.mailboxes()).find(({ role }) => role === 'inbox');
    assert.ok(inbox);
    const before = await leyla.list(inbox.id);
    assert.ok(before.length > 10, `${before.length} letters`);
    const broken = await runSiegel(['demo', 'break', '--json'], '', env);
    assert.equal(broken.code, 0, broken.stdout + broken.stderr);
    assert.match(broken.stdout, /the guard: one transaction deletes/);
    const during = await leyla.list(inbox.id);
    assert.equal(during.length, 1, 'only the letter that came meanwhile');
    const undone = await runSiegel(['demo', 'undo', '--json'], '', env);
    assert.equal(undone.code, 0, undone.stdout + undone.stderr);
    const again = await openMailbox(demo, 'Leyla Yıldız');
    assert.deepEqual(await again.list(inbox.id), [...during, ...before]);
  });

  test('in the browser: one button empties the mailbox, the same one brings it back', async (t) => {
    const browser = await openChromium();
    if (!browser) return t.skip('no browser here');
    try {
      const page = await browser.newPage({ locale: 'en-GB' });
      await page.goto(demo.url);
      await become(page, 'Leyla');
      const full = await page.locator('.row').count();
      await page.getByRole('button', { name: 'Break it' }).click();
      await page.getByRole('button', { name: 'Undo', exact: true }).waitFor();
      await page.locator('.row', { hasText: 'came while the mailbox was empty' }).first().waitFor();
      assert.ok((await page.locator('.row').count()) < Math.min(full, 3));
      await page.getByRole('button', { name: 'Undo', exact: true }).click();
      await page.getByRole('button', { name: 'Break it' }).waitFor();
      await page.locator('.row', { hasText: 'Akte 14: Termin verlegt' }).first().waitFor();
      assert.match((await page.locator('.row').first().textContent()) ?? '', /came while the mailbox was empty/);
    } finally {
      await browser.close();
    }
  });

  test('is kept: the next start opens it as it was, with what people changed', async () => {
    const mailbox = await openMailbox(demo, 'Mara Kaya');
    const made = await mailbox.createMailbox('Bleibt hier', undefined);
    assert.ok(made.ok);
    assert.equal(await demo.stop(), 0);
    const first = demo.tookMs;
    demo = await startDemo(env);
    assert.ok(demo.tookMs < first, `${demo.tookMs} ms`);
    const again = await openMailbox(demo, 'Mara Kaya');
    assert.ok((await again.mailboxes()).some((box) => box.name === 'Bleibt hier'));
  });
});

async function switchPeople(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext({ locale: 'de-DE' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => (message.type() === 'error' ? complaints.push(message.text()) : undefined));
  page.on('pageerror', (cause) => complaints.push(String(cause)));
  await page.goto(url);
  await page.getByText('Beispieldaten', { exact: true }).waitFor();
  await become(page, 'Leyla');
  await page.locator('.row', { hasText: 'Akte 14: Termin verlegt' }).first().click();
  await page.locator('.letter-subject').waitFor();
  await become(page, 'Jonas');
  await page.locator('.row', { hasText: 'Post von heute' }).first().waitFor();
  assert.match((await page.locator('.nav-address').textContent()) ?? '', /jonas\.brandt/);
  const sessions = await page.evaluate(async () => (await fetch('/auth/session')).status);
  assert.equal(sessions, 200);
  assert.deepEqual(complaints, []);
  await context.close();
}

async function become(page: Page, name: string): Promise<void> {
  await page.locator('.demo-person', { hasText: name }).click();
  await page.locator(`.demo-person[aria-pressed=true]:not([disabled])`, { hasText: name }).waitFor();
  await page.locator('.row').first().waitFor();
}

test('the usual program knows nothing of it: no mark, no people, no ribbon, no request for them', async (t) => {
  await using program = await startProgram();
  assert.equal((await fetch(`${program.url}/api/demo`)).status, 404);
  for (const path of ['/', '/mail']) {
    const text = await (await fetch(program.url + path)).text();
    assert.ok(text.includes('id="page"') && !/demo/i.test(text), path);
  }
  const browser = await openChromium();
  if (!browser) return t.skip('no browser here');
  try {
    const page = await browser.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(program.url);
    await page.locator('input[name=username]').waitFor();
    await page.waitForTimeout(500);
    assert.equal(await page.locator('#demo, .demo').count(), 0);
    assert.ok(asked.length > 3 && !asked.some((url) => /demo|ribbon/.test(url)), asked.join('\n'));
  } finally {
    await browser.close();
  }
});
