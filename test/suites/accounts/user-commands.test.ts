// The commands of a person, run as programs against a real server.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import type { AccountId } from '#base/ids.ts';
import type { TestCluster } from '#vault/database/test-cluster.ts';
import { openAccountHouse, PASSWORD, signUp, startTestCluster, type AccountHouse } from './account-house.ts';
import { deliver } from './deliver.ts';

let cluster: TestCluster;
let house: AccountHouse;
let folder: string;

before(async () => {
  cluster = await startTestCluster();
  house = await openAccountHouse(cluster);
  folder = await mkdtemp(join(tmpdir(), 'siegel-user-'));
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const LETTER =
  'From: Carl <carl@example.org>\r\nTo: anna@siegel.test\r\nSubject: The vineyard\r\nDate: Sun, 17 May 2026 12:00:00 +0000\r\n' +
  'Message-ID: <1@example.org>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nFrom here the papers are ready.\r\n';

async function siegel(words: readonly string[], input: string) {
  const program = new URL('../../../src/programs/siegel.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program, 'user', ...words, '--server', house.url, '--json'], {
    env: { ...process.env, SIEGEL_DATA_DIR: folder },
  });
  child.stdin.end(input);
  const [out, , code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  const json: unknown = JSON.parse(out);
  return { code, json: Object.fromEntries(Object.entries(json ?? {})) };
}

test('from the command line: sign up, list, read, export the original bytes, export again without overwriting', async () => {
  const code = await house.invite();
  const link = `http://x.test/join/${code}`;
  const signedUp = await siegel(['signup', '--invite', link, '--address', 'anna', '--password-stdin'], `${PASSWORD}\n`);
  assert.deepEqual(signedUp, { code: 0, json: { address: 'anna@siegel.test' } });
  const again = await siegel(['signup', '--invite', code, '--address', 'eva', '--password-stdin'], `${PASSWORD}\n`);
  assert.equal(again.code, 1, 'an invitation works once');

  const login = await siegel(['login', '--address', 'anna', '--password-stdin'], PASSWORD);
  assert.equal(login.json['role'], 'operator');
  const accountId = login.json['accountId'] as AccountId;
  const id = await deliver(house, accountId, LETTER);
  const me = ['--address', 'anna@siegel.test', '--password-stdin'];
  const listed = await siegel(['list', ...me], PASSWORD);
  assert.equal(listed.json['total'], 1);
  assert.match(JSON.stringify(listed.json['letters']), /The vineyard/);
  const read = await siegel(['read', id, ...me], PASSWORD);
  assert.equal(Buffer.from(String(read.json['plainOriginalBase64']), 'base64').toString(), LETTER);

  for (const [format, expected] of [
    ['eml', LETTER],
    ['mbox', `${LETTER.replace('\nFrom here', '\n>From here')}\n`],
  ] as const) {
    const out = join(folder, format);
    const first = await siegel(['export', ...me, '--out', out, '--format', format], PASSWORD);
    assert.equal(first.code, 0, JSON.stringify(first.json));
    const [name = ''] = await readdir(out);
    const exported = await readFile(join(out, name), 'utf8');
    assert.equal(format === 'mbox' ? exported.slice(exported.indexOf('\n') + 1) : exported, expected);
    const second = await siegel(['export', ...me, '--out', out, '--format', format], PASSWORD);
    assert.equal(second.code, format === 'eml' ? 0 : 1);
    if (format === 'eml') {
      assert.equal(second.json['kept'], 1);
      await writeFile(join(out, name), 'something of mine');
      assert.equal((await siegel(['export', ...me, '--out', out], PASSWORD)).code, 1);
      assert.equal(await readFile(join(out, name), 'utf8'), 'something of mine');
    }
  }
  const pgp = join(folder, 'pgp');
  assert.equal((await siegel(['export', ...me, '--out', pgp, '--format', 'pgp'], PASSWORD)).code, 0);
  const stored = await readFile(join(pgp, (await readdir(pgp))[0] ?? ''), 'utf8');
  assert.match(stored, /BEGIN PGP MESSAGE/);
  assert.ok(!stored.includes('vineyard'));

  const phrase = await siegel(['phrase', ...me], PASSWORD);
  assert.equal(String(phrase.json['phrase']).split(' ').length, 12);
  assert.equal((await siegel(['password', ...me], `${PASSWORD}\nanother good one\n`)).code, 0);
  assert.equal((await siegel(['login', ...me], PASSWORD)).code, 1);
  assert.equal((await siegel(['login', ...me], 'another good one')).code, 0);
  assert.equal((await siegel(['read', 'nonsense', ...me], 'another good one')).code, 2);
});

test('a letter in another account cannot be read, and one that never was is gone', async () => {
  const { signedIn } = await signUp(house, 'berta');
  const id = await deliver(house, signedIn.session.accountId, LETTER);
  await signUp(house, 'clara');
  const read = await siegel(['read', id, '--address', 'clara', '--password-stdin'], PASSWORD);
  assert.equal(read.code, 1);
  assert.match(JSON.stringify(read.json), /gone/);
});
