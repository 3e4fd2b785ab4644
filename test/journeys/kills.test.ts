// Killed under load, again and again: every letter that was answered 250 and every change that was answered is there, exactly once.

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PASSWORD, signIn, signUp, type Person } from '../signed-in.ts';
import { openSmtp } from '../smtp-client.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';

const KILLS = Number(process.env['SIEGEL_KILLS'] ?? 5);
const SENDERS = 6;
/** Answered letters for each kill, at least. */
const LOAD = 10;

interface Work {
  readonly acknowledged: string[];
  /** Letters whose answer never came: there or not, at most once. */
  readonly unknown: Set<string>;
  readonly flagged: Map<string, boolean>;
  stopped: boolean;
}

let lastToken = 0;

async function sendUntilStopped(program: () => RunningProgram, work: Work): Promise<void> {
  while (!work.stopped) {
    try {
      await using smtp = await openSmtp(program().smtpPort);
      while (!work.stopped) {
        const token = `token-${++lastToken}-end`;
        work.unknown.add(token);
        const text = `From: load@sender.example\r\nTo: anna@siegel.test\r\nSubject: ${token}\r\n\r\n${'words '.repeat(300)}\r\n`;
        const reply = await smtp.send({
          from: 'load@sender.example',
          to: ['anna@siegel.test'],
          bytes: Buffer.from(text),
        });
        if (reply.code === 250) work.acknowledged.push(token);
        if (reply.code === 250 || reply.code >= 400) work.unknown.delete(token);
      }
    } catch {
      await wait(50); // it was killed: it comes back
    }
  }
}

async function flagUntilStopped(anna: Person, work: Work): Promise<void> {
  while (!work.stopped) {
    try {
      const { ids } = (await anna.jmap('Email/query', { limit: 20 })) as { ids: string[] };
      for (const id of ids) {
        const isFlagged = !work.flagged.get(id);
        work.flagged.delete(id); // until it is answered both are right
        await anna.jmap('Email/set', { update: { [id]: { 'keywords/$flagged': isFlagged ? true : null } } });
        work.flagged.set(id, isFlagged);
      }
    } catch {
      await wait(50);
    }
    await wait(5);
  }
}

/** The postmaster of the program's own cluster. */
async function findPostmaster(program: RunningProgram): Promise<number> {
  const text = await readFile(join(program.dataDir, 'postgres', 'gen-0001', 'cluster', 'postmaster.pid'), 'utf8');
  return Number(text.split('\n')[0]);
}

interface Outcome {
  readonly acknowledged: number;
  readonly missing: number;
  readonly doubled: number;
  readonly wrongFlags: number;
}

/** On a slow machine letters come slowly: each kill has had its share of them. */
async function untilLoad({ acknowledged }: Work, kills: number): Promise<void> {
  for (let tries = 0; tries < 1_200 && acknowledged.length <= LOAD * (kills + 1); tries++) await wait(50);
}

async function killUnderLoad(kills: number, script?: string): Promise<Outcome> {
  let running = await startProgram(script === undefined ? {} : { script });
  try {
    const anna = await signUp(() => running, 'anna');
    const work: Work = { acknowledged: [], unknown: new Set(), flagged: new Map(), stopped: false };
    const workers = Array.from({ length: SENDERS }, () => sendUntilStopped(() => running, work));
    workers.push(flagUntilStopped(anna, work));
    for (let n = 0; n < kills; n++) {
      await wait(300 + Math.random() * 900);
      await untilLoad(work, n);
      if (n % 2 === 0) {
        await running.kill();
        running = await running.restart();
      } else {
        process.kill(await findPostmaster(running), 'SIGKILL');
      }
    }
    await wait(500);
    work.stopped = true;
    await Promise.all(workers);
    return await compare(running, work);
  } finally {
    await running.stop();
  }
}

async function compare(running: RunningProgram, work: Work): Promise<Outcome> {
  const anna = await signInPatiently(running);
  const out = join(running.dataDir, '..', 'exported');
  const exported = await running.siegel(
    ['user', 'export', '--address', anna.address, '--password-stdin', '--out', out, '--format', 'eml', '--json'],
    PASSWORD,
  );
  assert.equal(exported.code, 0, exported.stdout + exported.stderr);
  const found = new Map<string, number>();
  for (const name of await readdir(out)) {
    const token = /Subject: (token-\d+-end)/.exec(await readFile(join(out, name), 'latin1'))?.[1] ?? '';
    found.set(token, (found.get(token) ?? 0) + 1);
  }
  const flagged = new Set(
    ((await anna.jmap('Email/query', { filter: { hasKeyword: '$flagged' } })) as { ids: string[] }).ids,
  );
  const verified = await running.siegel(['journal', 'verify', '--json']);
  assert.equal(verified.code, 0, verified.stdout);
  return {
    acknowledged: work.acknowledged.length,
    missing: work.acknowledged.filter((token) => found.get(token) === undefined).length,
    doubled: [...found.values()].filter((count) => count > 1).length,
    wrongFlags: [...work.flagged].filter(([id, isFlagged]) => flagged.has(id) !== isFlagged).length,
  };
}

async function signInPatiently(running: RunningProgram): Promise<Person> {
  for (let tries = 0; tries < 50; tries++) {
    const person = await signIn(() => running, 'anna@siegel.test').catch(() => undefined);
    if (person) return person;
    await wait(200);
  }
  throw new Error('nobody can sign in after the kills');
}

test(`after ${KILLS} kills of program and database every answered letter and change is there exactly once`, async (t) => {
  const outcome = await killUnderLoad(KILLS);
  t.diagnostic(JSON.stringify({ kills: KILLS, ...outcome }));
  assert(outcome.acknowledged > KILLS * LOAD, 'there was load');
  assert.deepEqual({ ...outcome, acknowledged: 0 }, { acknowledged: 0, missing: 0, doubled: 0, wrongFlags: 0 });
});

test('twin: a program that answers before the journal has synced loses answered letters in the same test', async (t) => {
  let missing = 0;
  // a kill at which nothing was on its way shows nothing
  for (let tries = 0; tries < 4 && missing === 0; tries++) {
    const outcome = await killUnderLoad(3, fileURLToPath(new URL('../twins/answers-early.ts', import.meta.url)));
    t.diagnostic(JSON.stringify(outcome));
    ({ missing } = outcome);
  }
  assert(missing > 0);
});
