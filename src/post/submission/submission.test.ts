// Submission with real clients over TLS: swaks and nodemailer; smuggling; a letter handed in twice; what ends with an app password.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { test, type TestContext } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { newId, type AppPasswordId } from '#base/ids.ts';
import { TestClient } from '../wire/dialogues/test-client.ts';
import {
  anna,
  openTestSubmission,
  type Kept,
  type TestSubmission,
  type TestSubmissionOptions,
} from './dialogues/test-submission.ts';

const AUTH = `AUTH PLAIN ${Buffer.from(`\0anna@siegel.test\0${'a'.repeat(24)}`).toString('base64')}`;
const swaksTls = spawnSync('swaks', ['--support']).stdout?.toString() ?? '';
const swaksSkip = !/^=== TLS supported/m.test(swaksTls) && 'swaks with TLS (libnet-ssleay-perl) is not installed';
const pythonSkip = spawnSync('python3', ['-c', 'import smtplib, ssl']).status !== 0 && 'python3 is not installed';

async function open(t: TestContext, options: TestSubmissionOptions = {}): Promise<TestSubmission> {
  const house = await openTestSubmission(options);
  t.after(() => house[Symbol.asyncDispose]());
  return house;
}

async function signedIn(house: TestSubmission): Promise<TestClient> {
  const client = await TestClient.connect(house.tlsPort ?? 0);
  await client.startTls();
  await client.reply();
  await client.ask('EHLO c');
  assert.match((await client.ask(AUTH))[0] ?? '', /^235 /);
  return client;
}

async function handIn(client: TestClient, letter: string, to = ['zoe@example.test']): Promise<string> {
  await client.ask('MAIL FROM:<anna@siegel.test>');
  for (const one of to) assert.match((await client.ask(`RCPT TO:<${one}>`))[0] ?? '', /^250 /);
  await client.ask('DATA');
  client.send(`${letter}\r\n.\r\n`);
  return (await client.reply())[0] ?? 'hung up';
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

for (const isTlsFirst of [true, false])
  test(`nodemailer hands a letter in, ${isTlsFirst ? 'TLS first' : 'by STARTTLS'}; Bcc and the program's name stay behind`, async (t) => {
    const house = await open(t);
    const transport = createTransport({
      host: '127.0.0.1',
      port: isTlsFirst ? (house.tlsPort ?? 0) : house.startTlsPort,
      secure: isTlsFirst,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
      auth: { user: 'anna@siegel.test', pass: 'aaaa-aaaa-aaaa-aaaa-aaaa-aaaa' },
    });
    await transport.sendMail({
      from: 'Anna <anna@siegel.test>',
      to: 'zoe@example.test',
      bcc: 'ben@siegel.test',
      subject: 'Grüße',
      text: 'Guten Tag.\n.\nEnde',
      headers: { 'X-Mailer': 'Brief 3', 'X-Originating-IP': '[192.168.1.5]' },
    });
    transport.close();
    const [letter] = house.left;
    assert.ok(letter !== undefined);
    assert.deepEqual(letter.recipients.toSorted(), ['ben@siegel.test', 'zoe@example.test']);
    assert.match(text(letter.plainLetter), /^Received: by siegel\.test \(Siegel\) with ESMTPSA id /);
    assert.doesNotMatch(text(letter.plainLetter), /192\.168|X-Mailer|Bcc|ben@/i);
    assert.match(text(house.copies[0]?.plainLetter ?? new Uint8Array()), /X-Mailer: Brief 3/);
    assert.equal(letter.letterId, house.copies[0]?.letterId);
  });

for (const words of [
  ['--tlsc', '-a', 'PLAIN'],
  ['--tlsc', '-a', 'LOGIN'],
  ['-tls', '-a', 'PLAIN'],
  ['-tls', '-a', 'LOGIN'],
])
  test(`swaks hands a letter in with ${words.join(' ')}`, { skip: swaksSkip }, async (t) => {
    const house = await open(t);
    const port = words[0] === '--tlsc' ? house.tlsPort : house.startTlsPort;
    const server = ['--server', '127.0.0.1', '--port', String(port)];
    const user = ['--auth-user', 'anna@siegel.test', '--auth-password', 'a'.repeat(24)];
    const envelope = ['--from', 'anna@siegel.test', '--to', 'zoe@example.test'];
    const done = await run('swaks', [...server, ...words, ...user, ...envelope]);
    assert.equal(done.code, 0, done.printed);
    assert.equal(house.left.length, 1);
    assert.doesNotMatch(text(house.left[0]?.plainLetter ?? new Uint8Array()), /X-Mailer/);
    const wrong = await run('swaks', [...server, ...words, ...user.with(3, 'b'.repeat(24)), ...envelope]);
    assert.equal(wrong.code, 28, wrong.printed); // swaks: AUTH failed
    assert.match(wrong.printed, /535 5\.7\.8/);
    assert.equal(house.left.length, 1);
  });

test('swaks hands a letter in where there is no certificate, on loopback', { skip: swaksTls === '' }, async (t) => {
  const house = await open(t, { isClear: true });
  const words = [
    '--server',
    '127.0.0.1',
    '--port',
    String(house.startTlsPort),
    '-a',
    'LOGIN',
    '-au',
    'anna@siegel.test',
  ];
  const done = await run('swaks', [
    ...words,
    '-ap',
    'a'.repeat(24),
    '-f',
    'anna@siegel.test',
    '-t',
    'zoe@example.test',
  ]);
  assert.equal(done.code, 0, done.printed);
  assert.match(
    text(house.left[0]?.plainLetter ?? new Uint8Array()),
    /^Received: by siegel\.test \(Siegel\) with ESMTPA id /,
  );
});

/** Python's own SMTP client, as many scripts use it. */
const PYTHON = `
import smtplib, ssl, sys
port, first, password = int(sys.argv[1]), sys.argv[2] == 'first', sys.argv[3]
context = ssl._create_unverified_context()
client = smtplib.SMTP_SSL('127.0.0.1', port, context=context) if first else smtplib.SMTP('127.0.0.1', port)
if not first: client.starttls(context=context)
client.login('anna@siegel.test', password)
client.sendmail('anna@siegel.test', ['zoe@example.test'], 'From: anna@siegel.test\\r\\nSubject: x\\r\\n\\r\\n.dot\\r\\n')
client.quit()
`;

for (const mode of ['first', 'later'])
  test(`smtplib of Python hands a letter in, TLS ${mode}`, { skip: pythonSkip }, async (t) => {
    const house = await open(t);
    const port = String(mode === 'first' ? house.tlsPort : house.startTlsPort);
    const done = await run('python3', ['-c', PYTHON, port, mode, 'a'.repeat(24)]);
    assert.equal(done.code, 0, done.printed);
    assert.match(text(house.left[0]?.plainLetter ?? new Uint8Array()), /\r\n\r\n\.dot\r\n$/);
    const wrong = await run('python3', ['-c', PYTHON, port, mode, 'b'.repeat(24)]);
    assert.match(wrong.printed, /SMTPAuthenticationError.*535.*5\.7\.8/);
    assert.equal(house.left.length, 1);
  });

function run(program: string, words: readonly string[]): Promise<{ readonly code: number; readonly printed: string }> {
  const child = spawn(program, words);
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? -1, printed }));
  });
}

const smuggles = ['\n.\n', '\n.\r\n', '\r.\r', '\r.\r\n', '\r.\n', '\n.\r', '\r\n.\n', '\r\n.\r', '\r\r\n.\r\n'];

for (const smuggle of smuggles)
  test(`a letter with ${JSON.stringify(smuggle)} in it is refused by DATA and by BDAT, and no second letter comes out of it`, async (t) => {
    const house = await open(t, { bounds: { looseEndWaitMs: 100 } });
    const evil = `From: anna@siegel.test\r\n\r\nfirst${smuggle}MAIL FROM:<anna@siegel.test>\r\nRCPT TO:<ben@siegel.test>\r\nDATA\r\nFrom: anna@siegel.test\r\n\r\nsecond\r\n.\r\n`;
    const byData = await signedIn(house);
    await byData.ask('MAIL FROM:<anna@siegel.test>');
    await byData.ask('RCPT TO:<zoe@example.test>');
    await byData.ask('DATA');
    byData.send(evil);
    assert.match((await byData.reply())[0] ?? '', /^550 5\.5\.2 /);
    assert.equal(await byData.line(), undefined);
    byData.drop();
    const byChunk = await signedIn(house);
    await byChunk.ask('MAIL FROM:<anna@siegel.test>');
    await byChunk.ask('RCPT TO:<zoe@example.test>');
    assert.match((await byChunk.ask(`BDAT ${evil.length} LAST\r\n${evil}NOOP`))[0] ?? '', /^550 5\.5\.2 /);
    byChunk.drop();
    assert.equal(house.left.length, 0);
    assert.equal(house.copies.length, 0);
  });

const LETTER =
  'From: anna@siegel.test\r\nMessage-ID: <1@siegel.test>\r\nDate: Sun, 22 Nov 2026 10:00:00 +0100\r\n\r\nonce';

test('a letter handed in again because its answer was lost leaves once and has one Sent copy; another one leaves too', async (t) => {
  const house = await open(t);
  const client = await signedIn(house);
  const first = await handIn(client, LETTER);
  const second = await handIn(await signedIn(house), LETTER);
  assert.match(first, /^250 /);
  assert.equal(second, first);
  assert.equal(house.left.length, 1);
  assert.equal(house.copies.length, 1);
  await handIn(client, LETTER, ['yann@example.test']);
  await handIn(client, LETTER.replace('once', 'twice'));
  assert.equal(house.left.length, 3);
  const [a, b] = await Promise.all([signedIn(house), signedIn(house)]);
  await Promise.all([handIn(a, LETTER.replace('once', 'x')), handIn(b, LETTER.replace('once', 'x'))]);
  assert.equal(house.left.length, 4, 'handed in twice at the same time');
  for (const one of [client, a, b]) one.drop();
});

test('after a crash, too, a letter handed in again leaves once, and its Sent copy is found again', async (t) => {
  const house = await open(t);
  const client = await signedIn(house);
  assert.match(await handIn(client, LETTER), /^250 /);
  client.drop();
  const again = await house.restart();
  t.after(() => again[Symbol.asyncDispose]());
  const after = await signedIn(again);
  assert.match(await handIn(after, LETTER), /^250 /);
  assert.equal(again.left.length, 1);
  assert.equal(again.copies.length, 1);
  after.drop();
});

test('a crash between Sent and the queue: the copy is found at the next try, and the letter leaves once', async (t) => {
  const kept: Kept = { copies: [], left: [], dropped: new Set() };
  const house = await openTestSubmission({}, kept);
  const client = await signedIn(house);
  assert.match(await handIn(client, LETTER), /^250 /);
  client.drop();
  kept.left.length = 0; // it never came so far
  const again = await house.restart();
  t.after(() => again[Symbol.asyncDispose]());
  const after = await signedIn(again);
  assert.match(await handIn(after, LETTER), /^250 /);
  assert.equal(again.copies.length, 1);
  assert.equal(again.left.length, 1);
  assert.equal(again.left[0]?.letterId, again.copies[0]?.letterId);
  after.drop();
});

test('a letter that the queue does not take leaves no Sent copy, and leaves whole at the next try', async (t) => {
  const house = await open(t);
  const client = await signedIn(house);
  house.refuse({ sendRefusal: 'unavailable' });
  assert.match(await handIn(client, LETTER), /^451 4\.3\.0 /);
  assert.equal(house.copies.length, 0);
  house.refuse({ sentRefusal: 'notSealed' });
  assert.match(await handIn(client, LETTER), /^451 4\.3\.0 /);
  assert.equal(house.left.length, 0);
  house.refuse({});
  assert.match(await handIn(client, LETTER), /^250 /);
  assert.equal(house.copies.length, 1);
  assert.equal(house.left.length, 1);
  client.drop();
});

test('connections end with their app password, and those of others do not', async (t) => {
  const house = await open(t);
  const [client, other] = [await signedIn(house), await signedIn(house)];
  house.submission.endSessions(anna.accountId, newId<AppPasswordId>());
  assert.match((await other.ask('NOOP'))[0] ?? '', /^250 /);
  house.submission.endSessions(anna.accountId, anna.appPasswordId);
  assert.deepEqual(await client.reply(), ['421 4.7.0 the app password of this connection was removed, closing']);
  assert.equal(await client.line(), undefined);
  const third = await signedIn(house);
  house.submission.endSessions(anna.accountId, undefined);
  assert.match((await third.reply())[0] ?? '', /^421 /);
  for (const one of [client, other, third]) one.drop();
});

test('a wrong password waits for its answer, a right one does not', async (t) => {
  const house = await open(t, { wrongWaitMs: 400 });
  const client = await TestClient.connect(house.tlsPort ?? 0);
  await client.startTls();
  await client.reply();
  await client.ask('EHLO c');
  const beganMs = performance.now();
  const wrong = Buffer.from(`\0anna@siegel.test\0${'z'.repeat(24)}`).toString('base64');
  assert.match((await client.ask(`AUTH PLAIN ${wrong}`))[0] ?? '', /^535 /);
  assert.ok(performance.now() - beganMs > 390);
  const againMs = performance.now();
  assert.match((await client.ask(AUTH))[0] ?? '', /^235 /);
  assert.ok(performance.now() - againMs < 300);
  client.drop();
});

test('a program that hangs up while it signs in takes no place of its account with it', async (t) => {
  const house = await open(t, { isClear: true, signInMs: 30, bounds: { connectionsPerAccountMax: 2 } });
  for (let count = 0; count < 2; count += 1) {
    const client = await TestClient.connect(house.startTlsPort);
    await client.reply();
    await client.ask('EHLO c');
    client.send(`${AUTH}\r\n`);
    await wait(10);
    client.reset();
  }
  await wait(100);
  const client = await TestClient.connect(house.startTlsPort);
  await client.reply();
  await client.ask('EHLO c');
  assert.match((await client.ask(AUTH))[0] ?? '', /^235 /);
  client.drop();
});
