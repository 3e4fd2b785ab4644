// A mail program's way: an app password by command, a letter handed in, at home in a colleague's inbox and in one's own Sent, nothing of it in clear on disk.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort, startProgram, type CommandResult, type RunningProgram } from '../running-program.ts';
import { openSmtp, type SmtpClient } from '../smtp-client.ts';

const PASSWORD = 'a long password for tests';
const CANARY = 'quittenmarmelade-7391';
const LETTER =
  `From: Anna <anna@siegel.test>\r\nTo: ben@siegel.test\r\nBcc: clara@siegel.test\r\nSubject: ${CANARY}\r\n` +
  `Date: Sun, 22 Nov 2026 11:00:00 +0200\r\nMessage-ID: <1.${CANARY}@laptop>\r\nUser-Agent: Brief 3\r\n\r\n.${CANARY}\r\n`;

let program: RunningProgram;
let scratch = '';
let port = 0;
let appPassword = '';
let id = '';

before(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'siegel-submission-'));
  port = await freePort();
  program = await startProgram({ env: { SIEGEL_SUBMISSION_PORT: String(port), SIEGEL_LOG: 'debug' } });
  for (const name of ['anna', 'ben', 'clara']) await program.signUp(name, PASSWORD);
});
after(async () => {
  await program?.stop();
  await rm(scratch, { recursive: true, force: true });
});

function user(name: string, words: readonly string[], input = PASSWORD): Promise<CommandResult> {
  return program.siegel(['user', ...words, '--address', `${name}@siegel.test`, '--password-stdin', '--json'], input);
}

async function json<T>(result: Promise<CommandResult>): Promise<T> {
  const { code, stdout, stderr } = await result;
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout) as T;
}

async function signIn(secret: string): Promise<{ readonly client: SmtpClient; readonly code: number }> {
  const client = await openSmtp(port);
  const plain = Buffer.from(`\0anna@siegel.test\0${secret}`).toString('base64');
  return { client, code: (await client.command(`AUTH PLAIN ${plain}`)).code };
}

/** Every letter of a mailbox as bytes. */
async function exported(name: string, mailbox: string): Promise<readonly string[]> {
  const out = join(scratch, `${name}-${mailbox}-${Date.now()}`);
  await json(user(name, ['export', '--mailbox', mailbox, '--out', out, '--format', 'eml']));
  const files = (await readdir(out)).filter((file) => file.endsWith('.eml'));
  return Promise.all(files.map((file) => readFile(join(out, file), 'latin1')));
}

async function arrived(name: string): Promise<string> {
  for (const untilMs = performance.now() + 60_000; performance.now() < untilMs; await wait(200)) {
    const [letter] = await exported(name, 'inbox');
    if (letter !== undefined) return letter;
  }
  return assert.fail(`nothing came to ${name}`);
}

test('an app password is made, shown once and listed by its name', async () => {
  assert.match(
    program.output(),
    new RegExp(`Letters out 127\\.0\\.0\\.1:${port} \\(not encrypted, this machine only\\)`),
  );
  assert.match(program.output(), /Warning: Without a certificate mail programs/);
  const made = await json<{ id: string; appPassword: string }>(
    user('anna', ['app-password', 'create', 'Rechner im Büro']),
  );
  ({ id, appPassword } = made);
  assert.match(appPassword, /^([a-z2-7]{4}-){5}[a-z2-7]{4}$/);
  const { appPasswords } = await json<{ appPasswords: object[] }>(user('anna', ['app-password', 'list']));
  assert.deepEqual(
    appPasswords.map((one) => ({ ...one, createdMs: 0 })),
    [{ id, name: 'Rechner im Büro', createdMs: 0 }],
  );
});

test('neither the password of the mailbox nor another one opens the door, and an app password opens nothing else', async () => {
  for (const secret of [PASSWORD, 'a'.repeat(24)]) {
    const { client, code } = await signIn(secret);
    assert.equal(code, secret === PASSWORD ? 534 : 535);
    assert.equal((await client.command('MAIL FROM:<anna@siegel.test>')).code, 530);
    await client[Symbol.asyncDispose]();
  }
  assert.equal((await user('anna', ['login'], appPassword)).code, 1);
});

test('a letter handed in is in the colleague’s inbox without Bcc and program, and byte for byte in Sent', async () => {
  const { client, code } = await signIn(appPassword);
  assert.equal(code, 235);
  const to = ['ben@siegel.test', 'clara@siegel.test'];
  const letter = { from: 'anna@siegel.test', to, bytes: Buffer.from(LETTER), by: 'data' } as const;
  const reply = await client.send(letter);
  assert.equal(reply.code, 250, reply.text);
  assert.equal((await client.send(letter)).text, reply.text, 'handed in again');
  assert.deepEqual(await exported('anna', 'sent'), [LETTER]);
  for (const name of ['ben', 'clara']) {
    const came = await arrived(name);
    assert.match(came, /^Received: by siegel\.test \(Siegel\) with ESMTPA id [a-z2-7]{26};\r\n/);
    assert.match(came, new RegExp(`\r\nDate: Sun, 22 Nov 2026 09:00:00 \\+0000\r\n(.*\r\n)*\r\n\\.${CANARY}\r\n$`));
    assert.doesNotMatch(came, /Bcc|User-Agent|\+0200/);
  }
  await wait(500);
  for (const name of ['ben', 'clara']) assert.equal((await exported(name, 'inbox')).length, 1);
  await client[Symbol.asyncDispose]();
});

test('nothing of the letter, of the app password or of its name is on disk or in the log', async () => {
  const secrets = [CANARY, appPassword, appPassword.replaceAll('-', ''), 'Rechner im B'];
  const names = await readdir(program.dataDir, { recursive: true, withFileTypes: true });
  let bytesSeen = 0;
  for (const { parentPath, name } of names.filter((entry) => entry.isFile())) {
    const bytes = await readFile(join(parentPath, name)).catch(() => Buffer.alloc(0));
    bytesSeen += bytes.length;
    for (const secret of secrets)
      for (const form of [
        secret,
        Buffer.from(secret).toString('base64').slice(2, -3),
        Buffer.from(secret).toString('hex'),
      ])
        assert.equal(bytes.includes(form), false, `${secret} in ${name}`);
  }
  assert.ok(bytesSeen > 1_000_000, 'the folder was read');
  for (const secret of [...secrets, 'anna@siegel.test']) assert.equal(program.output().includes(secret), false, secret);
});

test('the day of the last use is shown; removed, it ends connections and opens nothing more', async () => {
  const { client, code } = await signIn(appPassword);
  assert.equal(code, 235);
  const used = await json<{ appPasswords: { usedMs?: number }[] }>(user('anna', ['app-password', 'list']));
  assert.equal(used.appPasswords[0]?.usedMs, Math.floor(Date.now() / 86_400_000) * 86_400_000);
  await json(user('anna', ['app-password', 'remove', id]));
  const said = await client.command('NOOP').then(
    (reply) => reply.code,
    () => 421, // it had hung up already
  );
  assert.equal(said, 421);
  const again = await signIn(appPassword);
  assert.equal(again.code, 535);
  await again.client[Symbol.asyncDispose]();
  assert.equal((await user('anna', ['app-password', 'remove', id])).code, 1);
});

test('a new password of the mailbox ends all app passwords; after a restart they are as before', async () => {
  const made = await json<{ appPassword: string }>(user('ben', ['app-password', 'create', 'x']));
  const tryBen = async (): Promise<number> => {
    const client = await openSmtp(port);
    const plain = Buffer.from(`\0ben@siegel.test\0${made.appPassword}`).toString('base64');
    const { code } = await client.command(`AUTH PLAIN ${plain}`);
    await client[Symbol.asyncDispose]();
    return code;
  };
  assert.equal(await tryBen(), 235);
  program = await program.restart();
  assert.equal(await tryBen(), 235);
  await json(user('ben', ['password'], `${PASSWORD}\nanother long password`));
  assert.equal(await tryBen(), 535);
});
