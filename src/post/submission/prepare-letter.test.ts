// What is added to a letter, what is taken out of it, and what nobody touches.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId, type TraceId } from '#base/ids.ts';
import { ownAddressTest } from '#formats/smtp/own-address.ts';
import { prepareLetter, type PreparedLetter, type PrepareRefusal } from './prepare-letter.ts';

const isOwn = ownAddressTest(['anna@siegel.test']);
const receivedMs = Date.UTC(2026, 10, 22, 9, 0, 0);

function prepare(letter: string): {
  readonly sent: string;
  readonly leaving: string;
  readonly prepared: PreparedLetter;
} {
  const prepared = outcome(letter);
  if (typeof prepared === 'string') throw new Error(prepared);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
  return { sent: text(prepared.plainSentCopy), leaving: text(prepared.plainLeaving), prepared };
}

function outcome(letter: string): PreparedLetter | PrepareRefusal['kind'] {
  const plainLetter = Buffer.from(letter, 'latin1');
  const traceId = newId<TraceId>();
  const made = prepareLetter({ plainLetter, traceId, receivedMs, protocol: 'ESMTPSA', domain: 'siegel.test', isOwn });
  return made.ok ? made.value : made.error.kind;
}

/** Behind our own Received. */
function rest(leaving: string): string {
  return leaving.replace(
    /^Received: by siegel\.test \(Siegel\) with ESMTPSA id \w{26};\r\n Sun, 22 Nov 2026 09:00:00 \+0000\r\n/,
    '',
  );
}

const NAMED = 'From: Anna <anna@siegel.test>\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@a>\r\n';

test('Date and Message-ID are added where they are missing, to the Sent copy too', () => {
  const { sent, leaving, prepared } = prepare('From: anna@siegel.test\r\nSubject: x\r\n\r\ntext\r\n');
  const head =
    /^Date: Sun, 22 Nov 2026 09:00:00 \+0000\r\nMessage-ID: <[a-z2-7]{26}@siegel\.test>\r\nFrom: anna@siegel\.test\r\nSubject: x\r\n\r\ntext\r\n$/;
  assert.match(sent, head);
  assert.equal(rest(leaving), sent);
  assert.equal(prepared.hasOwnMessageId, false);
});

test('a letter that has all of it is its own Sent copy, byte for byte', () => {
  const letter = `${NAMED}Bcc: eve@example.test\r\nX-Mailer: Brief\r\n\r\n.x\r\n`;
  const { sent, prepared } = prepare(letter);
  assert.equal(sent, letter);
  assert.equal(prepared.hasOwnMessageId, true);
  assert.equal(prepared.author, 'anna@siegel.test');
});

test('Bcc, hops that name the client, and what names the program do not leave', () => {
  const gone =
    'Received: from laptop ([192.168.1.5])\r\n by box; Sun, 22 Nov 2026 08:00:00 +0000\r\nBcc: eve@example.test,\r\n zoe@example.test\r\nUser-Agent: Brief\r\nX-Mailer: Brief\r\nX-Originating-IP: 10.0.0.1\r\nReturn-Path: <a@b>\r\n';
  const { leaving } = prepare(`${gone}${NAMED}Subject: x\r\n\r\nUser-Agent: text\r\n`);
  assert.equal(rest(leaving), `${NAMED}Subject: x\r\n\r\nUser-Agent: text\r\n`);
});

test('our own hops stay, so that a letter that goes round is noticed', () => {
  const hop = 'Received: by siegel.test (Siegel) with ESMTPSA id x; Sun, 22 Nov 2026 08:00:00 +0000\r\n';
  assert.equal(rest(prepare(`${hop}${NAMED}\r\n`).leaving), `${hop}${NAMED}\r\n`);
});

test('the time zone of the writer does not leave: the same moment in UTC', () => {
  const { leaving, sent } = prepare(
    `From: anna@siegel.test\r\nDate: Sun, 22 Nov 2026 11:00:00 +0200 (EET)\r\nMessage-ID: <1@a>\r\n\r\n`,
  );
  assert.match(leaving, /\r\nDate: Sun, 22 Nov 2026 09:00:00 \+0000\r\nMessage-ID/);
  assert.match(sent, /\+0200 \(EET\)/);
});

for (const type of [
  'multipart/signed; boundary=b',
  'multipart/encrypted; boundary=b',
  'application/pkcs7-mime; smime-type=signed-data',
])
  test(`of a letter of type ${type} neither Date nor body is touched`, () => {
    const body = `From: anna@siegel.test\r\nDate: Sun, 22 Nov 2026 11:00:00 +0200\r\nMessage-ID: <1@a>\r\nContent-Type: ${type}\r\n\r\n--b\r\nUser-Agent: inside\r\n\r\nx\r\n--b--\r\n`;
    assert.equal(rest(prepare(`User-Agent: Brief\r\n${body}`).leaving), body);
  });

test('of a letter with a DKIM signature of its own only Bcc is taken out', () => {
  const signed = `DKIM-Signature: v=1; h=from:user-agent\r\nUser-Agent: Brief\r\nFrom: anna@siegel.test\r\nDate: Sun, 22 Nov 2026 11:00:00 +0200\r\nMessage-ID: <1@a>\r\n`;
  assert.equal(rest(prepare(`${signed}Bcc: eve@example.test\r\n\r\nx\r\n`).leaving), `${signed}\r\nx\r\n`);
});

test('a line end that is missing at the very end is added to what leaves', () => {
  assert.equal(rest(prepare(`${NAMED}\r\nx`).leaving), `${NAMED}\r\nx\r\n`);
});

const refused: readonly (readonly [why: string, letter: string, kind: PrepareRefusal['kind']])[] = [
  ['no From', 'Subject: x\r\n\r\n', 'badHeader'],
  ['two From', `${NAMED}From: anna@siegel.test\r\n\r\n`, 'badHeader'],
  ['two Date', `${NAMED}Date: Sun, 22 Nov 2026 09:00:00 +0000\r\n\r\n`, 'badHeader'],
  ['a Date that names no time', 'From: anna@siegel.test\r\nDate: soon\r\n\r\n', 'badHeader'],
  ['two Message-ID', `${NAMED}Message-ID: <2@a>\r\n\r\n`, 'badHeader'],
  ['a line of an mbox in front', `From anna\r\n${NAMED}\r\n`, 'badHeader'],
  ['a line that is no field', `${NAMED}junk\r\nBcc: eve@example.test\r\n\r\n`, 'badHeader'],
  ['somebody else as author', 'From: ben@siegel.test\r\n\r\n', 'foreignAuthor'],
  ['somebody else beside', 'From: anna@siegel.test, ben@siegel.test\r\n\r\n', 'foreignAuthor'],
  ['two addresses that read as one', 'From: <boss@example.test> <anna@siegel.test>\r\n\r\n', 'badHeader'],
  ['an address behind a bare one', 'From: boss@example.test <anna@siegel.test>\r\n\r\n', 'badHeader'],
  ['a route', 'From: <@boss.example:anna@siegel.test>\r\n\r\n', 'badHeader'],
  ['a bare LF', `${NAMED}\r\na\nb\r\n`, 'bareLf'],
  ['a bare CR', `${NAMED}\r\na\rb\r\n`, 'bareCr'],
];

for (const [why, letter, kind] of refused)
  test(`a letter with ${why} is refused`, () => assert.equal(outcome(letter), kind));

test('an @ in a name or a comment is no second address', () => {
  assert.notEqual(typeof outcome('From: "anna @ work" (a@b) <anna@siegel.test>\r\n\r\n'), 'string');
});
