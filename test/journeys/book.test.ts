// The book of a whole house: promises and letters get receipts that check offline, kills lose and double none, forgeries are told apart.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { after, before, test } from 'node:test';
import { runSiegel, startProgram, type RunningProgram } from '../running-program.ts';
import { saveReceipts } from '../save-receipts.ts';
import { PASSWORD, signIn, signUp, type Person } from '../signed-in.ts';
import { openSmtp } from '../smtp-client.ts';

const LETTERS = 60;
const NEW_PASSWORD = 'another long password for tests';

let directory: string;
let program: RunningProgram;
let anna: Person;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'siegel-book-journey-'));
  program = await startProgram({ directory });
  anna = await signUp(() => program, 'anna');
});
after(async () => {
  await program.stop();
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

async function send(count: number): Promise<void> {
  await using smtp = await openSmtp(program.smtpPort);
  for (let n = 0; n < count; n++) {
    const text = `From: load@sender.example\r\nTo: anna@siegel.test\r\nSubject: ${n}\r\n\r\nA letter.\r\n`;
    const reply = await smtp.send({ from: 'load@sender.example', to: ['anna@siegel.test'], bytes: Buffer.from(text) });
    assert.equal(reply.code, 250);
  }
}

async function getJson(path: string): Promise<Record<string, unknown>> {
  const answer = await anna.reach(path);
  assert.equal(answer.status, 200, path);
  return (await answer.json()) as Record<string, unknown>;
}

/** Exit code and JSON of `siegel receipt check`, without any server unless one is named. */
async function check(words: readonly string[]): Promise<{ code: number; json: Record<string, unknown> }> {
  const { code, stdout } = await runSiegel(['receipt', 'check', ...words, '--json'], '', program.env);
  return { code, json: JSON.parse(stdout) as Record<string, unknown> };
}

test('sign-up and published key are promised at once, and a password change later', async () => {
  const changed = await program.siegel(
    ['user', 'password', '--address', anna.address, '--password-stdin', '--json'],
    `${PASSWORD}\n${NEW_PASSWORD}\n`,
  );
  assert.equal(changed.code, 0, changed.stdout + changed.stderr);
  anna = await signIn(() => program, anna.address, NEW_PASSWORD);
  const { receipts } = (await getJson('/receipts')) as { receipts: { kind: string; facts: Record<string, unknown> }[] };
  assert.deepEqual(
    receipts.map(({ kind }) => kind),
    ['password-changed', 'key-published', 'account-created'],
  );
  assert.equal(receipts[1]?.facts['address'], anna.address);
  assert.match(String(receipts[1]?.facts['fingerprint']), /^[0-9a-f]{40}$/);
  const wkd = await fetch(`${program.url}/.well-known/openpgpkey/hu/${await wkdHash('anna')}?l=anna`);
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', await wkd.arrayBuffer())).toString('base64url');
  assert.equal(receipts[1]?.facts['certificate'], digest);
});

async function wkdHash(local: string): Promise<string> {
  const { wkdHash } = await import('#formats/openpgp/wkd-address.ts');
  return wkdHash(local);
}

test('a letter waits until its hour ends, and has its receipt then, whatever was killed in between', async () => {
  const early = join(directory, 'early.json');
  await writeFile(early, (await program.siegel(['book', 'head', '--json'])).stdout);
  for (let n = 0; n < 3; n++) {
    await send(LETTERS / 3);
    await wait(Math.random() * 400);
    await program.kill();
    program = await program.restart();
  }
  anna = await signIn(() => program, anna.address, NEW_PASSWORD);
  const { ids } = (await anna.jmap('Email/query', {})) as { ids: string[] };
  assert.equal(ids.length, LETTERS);
  const waiting = await anna.reach(`/receipts/letter/${ids[0]}`);
  assert.equal(waiting.status, 202);
  const { closesMs } = (await waiting.json()) as { closesMs: number };
  assert.ok(closesMs > Date.now() && closesMs <= Date.now() + 3_600_000);
  await program.stop();
  program = await startProgram({ directory, env: { SIEGEL_CLOCK: '+2h' } });
  const out = join(directory, 'receipts');
  await waitForReceipts(out);
  const names = await readdir(out);
  assert.equal(names.filter((name) => name.startsWith('letter-')).length, LETTERS);
  const { key } = (await getJson('/.well-known/siegel-book')) as { key: string };
  for (const name of [...names.filter((name) => !name.startsWith('letter-')), names.at(-1) ?? '']) {
    const checked = await check([join(out, name), '--key', key, '--head', early, '--server', program.url]);
    assert.deepEqual([checked.code, checked.json['standing']], [0, 'in-book'], JSON.stringify(checked.json));
  }
  const verified = await program.siegel(['book', 'verify', '--json']);
  assert.equal(verified.code, 0, verified.stdout);
});

/** The hour ends at the next look of the book, a moment after the start. */
async function waitForReceipts(out: string): Promise<void> {
  anna = await signIn(() => program, anna.address, NEW_PASSWORD);
  await saveReceipts(program, { address: anna.address, plainPassword: NEW_PASSWORD, out });
}

test('a forged receipt is told from a good one, in plain words and with exit code 1', async () => {
  const out = join(directory, 'receipts');
  const name = (await readdir(out)).find((name) => name.startsWith('password-changed')) ?? '';
  const text = await readFile(join(out, name), 'utf8');
  const forged = join(directory, 'forged.json');
  await writeFile(forged, text.replace('"version":2', '"version":3'));
  const refused = await check([forged]);
  assert.equal(refused.code, 1);
  assert.match(JSON.stringify(refused.json), /Forged: the signature does not fit/);
  assert.equal((await check([join(directory, 'none.json')])).code, 2);
  assert.equal((await check([join(out, name), '--key', 'A'.repeat(43)])).code, 1);
});

test('receipts are for their account alone', async () => {
  const { ids } = (await anna.jmap('Email/query', {})) as { ids: string[] };
  assert.equal((await fetch(`${program.url}/receipts`)).status, 401);
  const bert = await signUp(() => program, 'bert');
  assert.equal((await bert.reach(`/receipts/letter/${ids[0]}`)).status, 404);
  const { receipts } = (await getJson('/receipts')) as { receipts: { id: string }[] };
  assert.equal((await bert.reach(`/receipts/${receipts[0]?.id}`)).status, 404);
  assert.equal((await anna.reach(`/receipts/${receipts[0]?.id}`)).status, 200);
});

test('anybody may ask for heads and for how they belong together', async () => {
  const ask = (path: string): Promise<Response> => fetch(`${program.url}${path}`);
  const { heads } = (await (await ask('/book/heads?from=0')).json()) as { heads: { size: number }[] };
  assert.ok(heads.length >= 2);
  const newest = (await (await ask('/book/head')).json()) as { size: number };
  const proof = (await (await ask(`/book/consistency?from=1&to=${newest.size}`)).json()) as { path: string[] };
  assert.ok(proof.path.length > 0);
  assert.equal((await ask(`/book/consistency?from=5&to=${newest.size + 9}`)).status, 404);
  assert.equal((await ask('/book/consistency?from=x')).status, 400);
});
