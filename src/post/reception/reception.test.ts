// The whole way of a letter, from a socket to the opened packet, with real clients.

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { createTransport } from 'nodemailer';
import * as v from 'valibot';
import { newId, type MailboxId } from '#base/ids.ts';
import { err } from '#base/result.ts';
import { readLetters } from '../../../test/letters/read-letters.ts';
import { makeSigningDomain, signLetter } from '../../../test/fakes/signed-letters.ts';
import { applyInsertions, protectInsertions } from '#formats/message/protect-insertion.ts';
import { TestClient } from '../wire/dialogues/test-client.ts';
import { openTestReception, type TestReception, type TestReceptionOptions } from './dialogues/test-reception.ts';
import { letterWorkerFile, type LetterToKeep } from './reception.ts';
import { rulesSchema, type Rule } from './rules.ts';

const sender = makeSigningDomain('sender.test');
const monitored = makeSigningDomain('monitored.test', { dmarc: 'v=DMARC1; p=none' });
const careful = makeSigningDomain('careful.test', { dmarc: 'v=DMARC1; p=quarantine', spf: 'v=spf1 -all' });
const zone = { ...sender.zone, ...monitored.zone, ...careful.zone };

async function open(t: TestContext, options: TestReceptionOptions = {}): Promise<TestReception> {
  const house = await openTestReception({ zone, ...options });
  t.after(() => house.close());
  return house;
}

async function send(house: TestReception, from: string, letter: Buffer, to = 'anna@siegel.test'): Promise<string> {
  const client = await TestClient.connect(house.smtpPort);
  await client.reply();
  await client.ask('EHLO mx.client.test');
  await client.ask(`MAIL FROM:<${from}>`);
  await client.ask(`RCPT TO:<${to}>`);
  await client.ask('DATA');
  client.send(letter.toString('latin1').replace(/(^|\r\n)\./g, '$1..'));
  const [answer = 'hung up'] = await client.ask('.');
  client.drop();
  return answer;
}

function newest(house: TestReception): LetterToKeep {
  const letter = house.kept.at(-1);
  assert.ok(letter !== undefined, 'nothing was kept');
  return letter;
}

/** Written as JSON, as clients send them; nothing awaits a rule. */
const parseRules = (json: string): readonly Rule[] => v.parse(rulesSchema, JSON.parse(json));

const signed = await signLetter(sender, { from: 'Anna <a@sender.test>', to: 'anna@siegel.test', sizeBytes: 3_000 });
const unsigned = Buffer.from(
  'From: a@sender.test\r\nTo: anna@siegel.test\r\nSubject: x\r\nDate: Sun, 17 May 2026 10:00:00 +0000\r\nMessage-ID: <1@x>\r\n\r\nhello\r\n',
);
const fromDomain = (domain: string): Buffer => Buffer.from(unsigned.toString().replace('sender.test', domain));

test('a signed letter is sealed with our block before it, byte for byte', async (t) => {
  const house = await open(t);
  assert.match(await send(house, 'a@sender.test', signed), /^250 2\.0\.0 sealed, id=[a-z2-7]{26}$/);
  const plain = await house.anna.open(newest(house));
  const original = signed.toString('latin1');
  const blockEnd = plain.indexOf('From: Anna');
  const block = plain.slice(0, blockEnd);
  assert.match(
    block,
    /^Return-Path: <a@sender\.test>\r\nReceived: by siegel\.test \(Siegel\) with ESMTP id [a-z2-7]{26};\r\n /,
  );
  assert.match(block, /spf=pass smtp\.mailfrom=sender\.test;\r\n dkim=pass header\.d=sender\.test/);
  assert.match(block, /dmarc=pass \(p=reject\) header\.from=sender\.test\r\n/);
  assert.match(block, /\r\nHP-Outer: Subject: \[\.\.\.\]\r\n/);
  // the signature's own field stands first in the letter: the block ends before it
  const letter = plain.slice(plain.indexOf('HP-Outer: Subject: [...]\r\n') + 'HP-Outer: Subject: [...]\r\n'.length);
  assert.equal(letter.replace('; hp="cipher"', ''), original);
  assert.deepEqual(house.steps, ['received', 'sealed', 'kept']);
  assert.deepEqual(
    newest(house).copies.map(({ mailboxId, keywords }) => ({ mailboxId, keywords })),
    [{ mailboxId: house.anna.inbox, keywords: [] }],
  );
});

test('every letter of test/letters comes out as it went in, with exactly the insertions named', async (t) => {
  const house = await open(t, { isTrusted: true });
  const client = await TestClient.connect(house.smtpPort);
  await client.reply();
  await client.ask('EHLO c');
  for (const { name, bytes } of readLetters()) {
    await client.ask('MAIL FROM:<a@b.test>');
    await client.ask('RCPT TO:<anna@siegel.test>');
    client.send(`BDAT ${bytes.length} LAST\r\n`);
    client.send(Buffer.from(bytes));
    assert.match((await client.reply())[0] ?? '', /^250 /, name);
    const plain = await house.anna.open(newest(house));
    const expected = Buffer.from(applyInsertions(bytes, protectInsertions(bytes))).toString('latin1');
    const block = plain.slice(0, plain.length - expected.length);
    assert.ok(plain.endsWith(expected), name);
    assert.match(block, /^Return-Path: <a@b\.test>\r\n(?:.+\r\n)+HP-Outer: Subject: \[\.\.\.\]\r\n$/, name);
  }
  client.drop();
});

test('neither address nor name of the client stands in what is kept', async (t) => {
  const house = await open(t);
  await send(house, 'a@sender.test', signed);
  const plain = await house.anna.open(newest(house));
  assert.equal(plain.includes('127.0.0.'), false);
  assert.equal(plain.includes('mx.client.test'), false);
  assert.equal(plain.slice(0, 900).includes('anna@siegel.test>'), false, 'no recipient in the shared packet');
});

test('a letter its domain disowns is refused when the domain asks for it', async (t) => {
  const house = await open(t);
  assert.match(await send(house, 'a@elsewhere.test', unsigned), /^550 5\.7\.1 /);
  assert.match(await send(house, 'a@elsewhere.test', signed), /^250 /, 'the signature alone is enough');
  const broken = Buffer.from(signed.toString('latin1').replace('quick', 'slow '), 'latin1');
  assert.match(await send(house, 'a@elsewhere.test', broken), /^550 5\.7\.1 /);
  assert.match(await send(house, '', unsigned), /^550 5\.7\.1 /);
  assert.equal(house.kept.length, 1);
  assert.ok(house.steps.includes('refusedByDmarc'));
});

test('a letter its domain wants in quarantine lies in Junk; one it only watches lies in the inbox', async (t) => {
  const house = await open(t);
  assert.match(await send(house, 'a@elsewhere.test', fromDomain('careful.test')), /^250 /);
  assert.deepEqual(
    [newest(house).copies[0]?.mailboxId, newest(house).copies[0]?.keywords],
    [house.anna.junk, ['$junk']],
  );
  assert.match(await send(house, 'a@elsewhere.test', fromDomain('monitored.test')), /^250 /);
  assert.equal(newest(house).copies[0]?.mailboxId, house.anna.inbox);
  assert.match(await house.anna.open(newest(house)), /dmarc=fail \(p=none\)/);
});

test('a silent or failing DNS delays a letter by its budget at most, and it is taken with a note', async (t) => {
  const house = await open(t, {
    zone: {
      'quiet.test': 'silent',
      '_dmarc.quiet.test': 'silent',
      'broken.test': 'servfail',
      '_dmarc.broken.test': 'servfail',
    },
  });
  const startMs = performance.now();
  assert.match(await send(house, 'a@quiet.test', fromDomain('quiet.test')), /^250 /);
  assert.ok(performance.now() - startMs < 4_000, 'within three seconds and a little');
  assert.match(await house.anna.open(newest(house)), /spf=temperror .*\r\n dkim=none;\r\n dmarc=temperror/);
  assert.match(await send(house, 'a@broken.test', fromDomain('broken.test')), /^250 /);
  assert.match(await house.anna.open(newest(house)), /dmarc=temperror/);
});

test('our own networks and LMTP skip the sender checks', async (t) => {
  const path = join(tmpdir(), `siegel-${randomUUID().slice(0, 8)}.sock`);
  const house = await open(t, { isTrusted: true, lmtpSocket: path });
  assert.match(await send(house, 'a@elsewhere.test', unsigned), /^250 /);
  assert.match(await house.anna.open(newest(house)), /Authentication-Results: siegel\.test; none\r\n/);
  const client = await TestClient.connect(path);
  await client.reply();
  await client.ask('LHLO postfix');
  await client.ask('MAIL FROM:<a@elsewhere.test>');
  await client.ask('RCPT TO:<anna@siegel.test>');
  await client.ask('RCPT TO:<ben@siegel.test>');
  await client.ask('DATA');
  client.send(`${unsigned.toString()}.\r\n`);
  assert.match((await client.reply())[0] ?? '', /^250 /);
  assert.match((await client.reply())[0] ?? '', /^250 /);
  client.drop();
  const letter = newest(house);
  assert.equal(letter.copies.length, 2);
  assert.equal(await house.anna.open(letter), await house.ben.open(letter));
  assert.match(await house.ben.open(letter), / with LMTP id /);
  assert.deepEqual(house.dns.asked, []);
});

test('a letter that passed too many hands is refused', async (t) => {
  const house = await open(t, { isTrusted: true });
  const hops = 'Received: from a by b; Sun, 17 May 2026 10:00:00 +0000\r\n';
  assert.match(await send(house, 'a@b.test', Buffer.from(hops.repeat(100) + unsigned.toString())), /^554 5\.4\.6 /);
  assert.match(await send(house, 'a@b.test', Buffer.from(hops.repeat(99) + unsigned.toString())), /^250 /);
});

test('a reader’s rules move, mark and flag a clear letter, for that reader alone', async (t) => {
  const moveTo = newId<MailboxId>();
  const house = await open(t, {
    isTrusted: true,
    annasRules: parseRules(`[
      {"if": {"field": "from", "op": "domain", "value": "sender.test"}, "then": {"moveTo": "${moveTo}", "markRead": true}},
      {"if": {"field": "subject", "op": "is", "value": "X"}, "then": {"flag": true}},
      {"if": {"field": "to", "op": "contains", "value": "nobody"}, "then": {"flag": true}}
    ]`),
  });
  await send(house, 'a@b.test', unsigned, 'postmaster');
  const [first, second] = newest(house).copies;
  assert.deepEqual([first?.mailboxId, first?.keywords], [moveTo, ['$seen', '$flagged']]);
  assert.deepEqual([second?.mailboxId, second?.keywords], [house.ben.inbox, []]);
});

test('nothing is acknowledged before it is kept', async (t) => {
  const house = await open(t, { isTrusted: true });
  house.keepNext(() => Promise.resolve(err({ kind: 'diskFull' })));
  assert.match(await send(house, 'a@b.test', unsigned), /^452 4\.3\.1 /);
  house.keepNext(() => Promise.resolve(err({ kind: 'journalFailed' })));
  assert.match(await send(house, 'a@b.test', unsigned), /^451 4\.3\.0 /);
  assert.equal(house.kept.length, 0);
  assert.match(await send(house, 'a@b.test', unsigned), /^250 /);
  assert.equal(house.reception.inFlight.bytes, 0, 'and no memory stays taken');
});

test('a letter that came encrypted is sealed again, with no terms', async (t) => {
  const house = await open(t, { isTrusted: true });
  const closed =
    'From: a@b.test\r\nSubject: ...\r\nContent-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x\r\n\r\n' +
    '--x\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n--x\r\nContent-Type: application/octet-stream\r\n\r\n' +
    '-----BEGIN PGP MESSAGE-----\r\n\r\nwV4D\r\n-----END PGP MESSAGE-----\r\n--x--\r\n';
  assert.match(await send(house, 'a@b.test', Buffer.from(closed)), /^250 /);
  assert.equal(newest(house).copies[0]?.terms.length, 0);
  const onlyLabelled = closed.replace('-----BEGIN PGP MESSAGE-----', 'dear reader');
  assert.match(await send(house, 'a@b.test', Buffer.from(onlyLabelled)), /^250 /);
  assert.ok((newest(house).copies[0]?.terms.length ?? 0) > 0);
});

test('nodemailer delivers over STARTTLS, with pipelining and several recipients', async (t) => {
  const house = await open(t, { hasTls: true });
  const transport = createTransport({
    host: '127.0.0.1',
    port: house.smtpPort,
    requireTLS: true,
    tls: { rejectUnauthorized: false },
    dkim: { domainName: 'sender.test', keySelector: 's1', privateKey: sender.privateKeyPem },
  });
  const sent = await transport.sendMail({
    from: 'Anna <a@sender.test>',
    to: ['anna@siegel.test', 'ben@siegel.test'],
    subject: 'Grüße',
    text: '.one\n..two\n',
    attachments: [{ filename: 'a.bin', content: Buffer.alloc(50_000, 7) }],
  });
  assert.match(sent.response, /^250 2\.0\.0 sealed/);
  const plain = await house.ben.open(newest(house));
  assert.match(plain, / with ESMTPS id /);
  assert.match(plain, /dmarc=pass/);
});

test(
  'swaks delivers',
  { skip: spawnSync('swaks', ['--version']).status !== 0 && 'swaks is not installed' },
  async (t) => {
    const house = await open(t, { hasTls: true, isTrusted: true });
    const flags = ['--to', 'anna@siegel.test', '--from', 'a@b.test', '--helo', 'swaks.test', '--pipeline'];
    const swaks = spawn('swaks', ['--server', `127.0.0.1:${house.smtpPort}`, ...flags], { stdio: 'ignore' });
    const code = await new Promise((resolve) => swaks.on('exit', resolve));
    assert.equal(code, 0);
    assert.equal(house.kept.length, 1);
  },
);

test('a worker that dies costs its letter a second try, and is replaced', async (t) => {
  let started = 0;
  const dying = new URL(
    'data:text/javascript,import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(1));',
  );
  const startWorker = (options: WorkerOptions): Worker =>
    new Worker(started++ === 0 ? dying : letterWorkerFile, options);
  const house = await open(t, { isTrusted: true, startWorker });
  assert.match(await send(house, 'a@b.test', unsigned), /^451 4\.3\.0 the letter could not be sealed/);
  assert.match(await send(house, 'a@b.test', unsigned), /^451 /, 'none is there yet');
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.match(await send(house, 'a@b.test', unsigned), /^250 /);
  assert.equal(house.reception.inFlight.bytes, 0);
});

test('closing lets a letter under way finish and tells idle clients', async () => {
  const house = await openTestReception({ isTrusted: true });
  const idle = await TestClient.connect(house.smtpPort);
  await idle.reply();
  const busy = await TestClient.connect(house.smtpPort);
  await busy.reply();
  for (const line of ['EHLO c', 'MAIL FROM:<a@b.test>', 'RCPT TO:<anna@siegel.test>', 'DATA']) await busy.ask(line);
  busy.send('half');
  await new Promise((resolve) => setTimeout(resolve, 30));
  const closed = house.close();
  assert.deepEqual(await idle.reply(), ['421 4.3.2 closing for maintenance, try again soon']);
  busy.send(' a letter\r\n.\r\n');
  assert.match((await busy.reply())[0] ?? '', /^250 /);
  assert.match((await busy.reply())[0] ?? '', /^421 4\.3\.2 /);
  await closed;
  assert.equal(house.kept.length, 1);
});
