// Issue 4: deleted letters 38 days later and letters of closed mailboxes 45 days later open with no key and no copy on the machine.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { createEntryClient } from '../../src/web/client/entry.ts';
import { openMailboxClient } from '../../src/web/client/mailbox-client.ts';
import type { SignedIn } from '../../src/web/backend.ts';
import { filesBelow } from '../canary/disk-search.ts';
import { readJournal, type KeptLetter } from '../canary/disk-values.ts';
import { localFetch } from '../local-fetch.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';
import { openSmtp } from '../smtp-client.ts';
import { makeLetterBytes } from './forgetting-letters.ts';

const LETTERS = 10;
const stream = { addEventListener: () => undefined, close: () => undefined, readyState: 1 };

async function signUp(
  program: RunningProgram,
  localPart: string,
): Promise<{ reach: typeof fetch; signedIn: SignedIn }> {
  const made = await program.siegel(['invite', 'create', '--json']);
  const { code } = JSON.parse(made.stdout) as { code: string };
  const reach = localFetch(() => program.url, { localAddress: '127.0.0.1', headers: {} });
  const done = await createEntryClient(reach, systemClock).signUp({
    code,
    localPart,
    plainPassword: 'correct horse battery',
  });
  assert.ok(done.ok, JSON.stringify(done));
  return { reach, signedIn: done.value };
}

async function send(program: RunningProgram, to: string): Promise<void> {
  await using smtp = await openSmtp(program.smtpPort, '127.0.0.1', 'greeting.example');
  for (let n = 0; n < LETTERS; n += 1) {
    const reply = await smtp.send({ from: 'a@b.example', to: [to], bytes: makeLetterBytes(to, n), by: 'data' });
    assert.equal(reply.code, 250);
  }
}

/** Waits until the job has looked in this life of the program. */
async function forgotten(program: RunningProgram): Promise<void> {
  for (let tries = 0; tries < 120; tries += 1) {
    const { stdout } = await program.siegel(['status', '--json']);
    if (/"deleted for good, last done": ?"\d/.test(stdout)) return;
    await wait(500);
  }
  assert.fail('the job never looked');
}

/** Files below `folder` that hold the key packet or the sealed summary of one of these letters: whoever has them and Anna’s keys opens it. */
async function found(folder: string, letters: readonly KeptLetter[]): Promise<number> {
  const needles = letters.flatMap(({ record }) =>
    [record.keyPacket, record.summary, record.terms].filter((part) => part.length > 0),
  );
  let count = 0;
  for (const path of await filesBelow(folder)) {
    const bytes = await readFile(path);
    for (const needle of needles) if (bytes.includes(Buffer.from(needle))) count += 1;
  }
  return count;
}

async function live(
  twin: boolean,
): Promise<{ readonly deleted: number; readonly closed: number; readonly kept: number }> {
  const directory = await mkdtemp(join(tmpdir(), 'siegel-forgetting-'));
  try {
    await using opened = new AsyncDisposableStack();
    let program = await startProgram({ directory });
    opened.defer(() => program.stop());
    const anna = await signUp(program, 'anna');
    const bruno = await signUp(program, 'bruno');
    await send(program, 'anna@siegel.test');
    await send(program, 'bruno@siegel.test');
    const mail = await openMailboxClient({ ...anna, openStream: () => stream, clock: systemClock });
    const inbox = (await mail.mailboxes()).find(({ role }) => role === 'inbox') ?? assert.fail();
    const ids = new Set((await mail.list(inbox.id)).slice(0, LETTERS / 2));
    const { letters } = await readJournal(join(program.dataDir, 'journal', '00'), 1_000);
    const annas = await mail.list(inbox.id);
    const ofAnna = new Set<string>(annas);
    const doomed = letters.filter(({ record }) => ids.has(record.letterId));
    const kept = letters.filter(({ record }) => ofAnna.has(record.letterId) && !ids.has(record.letterId));
    const closed = letters.filter(({ record }) => !ofAnna.has(record.letterId));
    assert.deepEqual([doomed.length, kept.length, closed.length], [LETTERS / 2, LETTERS / 2, LETTERS]);
    assert.ok((await mail.destroy([...ids])).ok);
    const brunos = await openMailboxClient({ ...bruno, openStream: () => stream, clock: systemClock });
    assert.ok((await brunos.closeMailbox()).ok);
    await program.stop();
    // a day after the days of undo, and a day after the days of grace: what is left is for copies to grow old
    for (const day of twin ? [] : [8, 15]) {
      program = await startProgram({ directory, env: { SIEGEL_CLOCK: `+${day}d` } });
      await forgotten(program);
      for (const words of [
        ['ledger', 'check'],
        ['journal', 'verify'],
      ]) {
        const checked = await program.siegel(words);
        assert.equal(checked.code, 0, checked.stdout);
      }
      await program.stop();
    }
    return {
      deleted: await found(directory, doomed),
      closed: await found(directory, closed),
      kept: await found(directory, kept),
    };
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

test('what was deleted for good, and what lay in a closed mailbox, is in no file of the machine; what was kept is', async () => {
  const left = await live(false);
  assert.deepEqual([left.deleted, left.closed], [0, 0]);
  assert.ok(left.kept >= LETTERS);
});

test('twin: without the job all of it is still there', async () => {
  const left = await live(true);
  assert.ok(left.deleted > 0 && left.closed > 0);
});
