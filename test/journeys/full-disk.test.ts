// A disk that fills up: letters are put off with 452, nothing is half-written, people still sign in, move and delete; given room, intake goes on by itself.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, open, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PASSWORD, signIn, signUp, type Person } from '../signed-in.ts';
import { openSmtp, type SmtpReply } from '../smtp-client.ts';
import { startProgram, type RunningProgram } from '../running-program.ts';

const DISK_MIB = 320;
const LETTERS_MAX = 4_000;

/** A small file system of memory, or why there is none. */
async function mountSmallDisk(t: TestContext): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'siegel-small-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m,mode=755`, 'tmpfs', directory]);
  if (mounted.status !== 0) {
    await rm(directory, { recursive: true });
    t.skip('a small tmpfs can be mounted by root only');
    return undefined;
  }
  t.after(async () => {
    spawnSync('umount', ['-l', directory]);
    await rm(directory, { recursive: true, force: true });
  });
  return directory;
}

async function sendLetter(program: RunningProgram, token: string, sizeBytes: number): Promise<SmtpReply> {
  await using smtp = await openSmtp(program.smtpPort);
  const text = `From: load@sender.example\r\nTo: anna@siegel.test\r\nSubject: ${token}\r\n\r\n${'x'.repeat(70)}\r\n`;
  const filler = `${'y'.repeat(76)}\r\n`.repeat(Math.ceil(sizeBytes / 78));
  return await smtp.send({ from: 'load@sender.example', to: ['anna@siegel.test'], bytes: Buffer.from(text + filler) });
}

/** Sends until the house says no; returns the accepted tokens and the first refusal. */
async function fillUp(program: RunningProgram): Promise<{ accepted: string[]; refusal: SmtpReply | undefined }> {
  const accepted: string[] = [];
  for (let n = 0; n < LETTERS_MAX; n++) {
    const reply = await sendLetter(program, `filler-${n}-end`, 400_000).catch((): SmtpReply => ({
      code: 0,
      text: 'connection lost',
    }));
    if (reply.code !== 250) return { accepted, refusal: reply };
    accepted.push(`filler-${n}-end`);
  }
  return { accepted, refusal: undefined };
}

/** A day's work of somebody signed in: about half a MB of journalled changes. */
async function workInside(person: Person): Promise<void> {
  const { ids } = (await person.jmap('Email/query', { limit: 100 })) as { ids: string[] };
  for (let round = 0; round < 500_000 / (ids.length * 60); round++) {
    const change = { 'keywords/$flagged': round % 2 === 0 ? true : null };
    const done = await person.jmap('Email/set', { update: Object.fromEntries(ids.map((id) => [id, change])) });
    assert.equal(Object.keys(done['updated'] ?? {}).length, ids.length, JSON.stringify(done['notUpdated']));
  }
}

async function exportSubjects(program: RunningProgram, out: string): Promise<string[]> {
  const words = ['user', 'export', '--address', 'anna', '--password-stdin', '--out', out, '--format', 'eml', '--json'];
  const exported = await program.siegel(words, PASSWORD);
  assert.equal(exported.code, 0, exported.stdout + exported.stderr);
  const subjects: string[] = [];
  for (const name of await readdir(out))
    subjects.push(/Subject: (\S+)/.exec(await readFile(join(out, name), 'latin1'))?.[1] ?? '');
  return subjects;
}

async function freeMib(directory: string): Promise<number> {
  const facts = await statfs(directory);
  return (facts.bavail * facts.bsize) / 2 ** 20;
}

/** Takes room until only `leftMib` is left. */
async function takeRoom(path: string, directory: string, leftMib: number): Promise<void> {
  const file = await open(path, 'w');
  const block = Buffer.alloc(1 << 20, 1);
  while ((await freeMib(directory)) > leftMib + 1) await file.write(block);
  await file.close();
}

test('on a full disk letters wait outside, people go on inside, and given room all goes on by itself', async (t) => {
  const directory = await mountSmallDisk(t);
  if (directory === undefined) return;
  const filler = join(directory, 'filler');
  await using program = await startProgram({ directory });
  const anna = await signUp(() => program, 'anna');
  await takeRoom(filler, directory, 60);
  const { accepted, refusal } = await fillUp(program);
  assert(accepted.length > 5, 'there was room at first');
  assert.equal(refusal?.code, 452);
  assert.match(refusal.text, /4\.3\.1/);

  const again = await signIn(() => program, anna.address);
  const { ids } = (await again.jmap('Email/query', { limit: 3 })) as { ids: string[] };
  await workInside(again).catch(async (cause: unknown) => {
    t.diagnostic(program.output().slice(-3000));
    t.diagnostic((await program.siegel(['status'])).stdout);
    throw cause;
  });
  const boxes = (await again.jmap('Mailbox/get', {})) as { list: { id: string; role: string }[] };
  const archive = boxes.list.find((box) => box.role === 'archive')?.id ?? '';
  const [moved = '', destroyed = ''] = ids;
  const changed = await again.jmap('Email/set', {
    update: { [moved]: { mailboxIds: { [archive]: true } } },
    destroy: [destroyed],
  });
  assert.deepEqual(changed['destroyed'], [destroyed]);
  assert(Object.keys(changed['updated'] ?? {}).includes(moved));
  const status = await program.siegel(['status', '--json']);
  assert.match(status.stdout, /disk is nearly full/);

  await rm(filler);
  let reply: SmtpReply = { code: 0, text: '' };
  for (let tries = 0; tries < 40 && reply.code !== 250; tries++) {
    await wait(100);
    reply = await sendLetter(program, 'after-end', 1_000);
  }
  assert.equal(reply.code, 250, 'intake goes on without a restart');
  const subjects = await exportSubjects(program, join(tmpdir(), `siegel-full-${process.pid}`));
  await rm(join(tmpdir(), `siegel-full-${process.pid}`), { recursive: true });
  assert.equal(subjects.length, accepted.length - 1 + 1, 'what was accepted is there once, without the destroyed one');
  assert.equal(new Set(subjects).size, subjects.length);
  const verified = await program.siegel(['journal', 'verify', '--json']);
  assert.equal(verified.code, 0, verified.stdout);
});

test('twin: a house that keeps no room in reserve takes letters until nobody can work in it', async (t) => {
  const directory = await mountSmallDisk(t);
  if (directory === undefined) return;
  const script = fileURLToPath(new URL('../twins/no-reserve.ts', import.meta.url));
  await using program = await startProgram({ directory, script });
  const anna = await signUp(() => program, 'anna');
  await takeRoom(join(directory, 'filler'), directory, 60);
  await fillUp(program);
  for (let n = 0; n < 50; n++) await sendLetter(program, `small-${n}`, 2_000).catch(() => undefined);
  await assert.rejects(async () => workInside(await signIn(() => program, anna.address)));
});
