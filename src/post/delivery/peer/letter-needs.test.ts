// What a letter asks of a peer: letters beyond ASCII, 8-bit contents, size; and what becomes of it where the peer cannot.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLetter } from '#formats/message/letter-view.ts';
import { makeDisplay } from '#formats/message/display.ts';
import { inShort, openWorld } from './test-world.ts';

const HEADER = 'From: anna@siegel.test\r\nSubject: x\r\nMIME-Version: 1.0\r\n';
const letter = (text: string): { readonly bytes: Buffer } => ({ bytes: Buffer.from(text) });

test('letters beyond ASCII in addresses or header need a server that takes them; others get theirs', async (t) => {
  const { send, peer } = await openWorld(t, { extensions: ['PIPELINING', '8BITMIME'] });
  const both = ['jörg@there.test', 'ben@there.test'];
  assert.deepEqual(inShort(await send({ recipients: both })), ['failed 0 5.6.7 none', 'delivered 250 2.0.0 none']);
  assert.deepEqual(inShort(await send({ mailFrom: 'ännä@siegel.test' })), ['failed 0 5.6.7 none']);
  assert.deepEqual(inShort(await send(letter('From: a@b.test\r\nSubject: Grüße\r\n\r\nx'))), ['failed 0 5.6.7 none']);
  assert.match((await send({ recipients: ['jörg@there.test'] }))[0]?.plainText ?? '', /beyond ASCII/);
  peer.behave({ extensions: ['PIPELINING', '8BITMIME', 'SMTPUTF8'] });
  const able = await openWorld(t, { extensions: ['PIPELINING', '8BITMIME', 'SMTPUTF8'] });
  assert.deepEqual(inShort(await able.send({ recipients: both })), [
    'delivered 250 2.0.0 none',
    'delivered 250 2.0.0 none',
  ]);
  assert.ok(able.peer.lines.some((line) => /^MAIL FROM:<anna@siegel\.test>.* SMTPUTF8$/.test(line)));
  assert.ok(able.peer.lines.includes('RCPT TO:<jörg@there.test>'));
  await able.send();
  assert.ok(!able.peer.lines.at(-2)?.includes('SMTPUTF8'), 'not asked for where nothing needs it');
});

test('a letter that is too large for the server is not sent, and the sender is told the bound', async (t) => {
  const { send, peer } = await openWorld(t, { extensions: ['PIPELINING', 'SIZE 1000000'] });
  const [outcome] = await send(letter(`${HEADER}\r\n${'x\r\n'.repeat(400_000)}`));
  assert.deepEqual([outcome?.kind, outcome?.enhanced], ['failed', '5.3.4']);
  assert.match(outcome?.plainText ?? '', /takes 1 MB at most/);
  assert.ok(!peer.lines.some((line) => line.startsWith('MAIL')));
  assert.equal((await send(letter(`${HEADER}\r\n${'x\r\n'.repeat(300_000)}`)))[0]?.kind, 'delivered');
  assert.ok(peer.lines.some((line) => /^MAIL FROM:<anna@siegel\.test> SIZE=9\d{5}$/.test(line)));
});

const EIGHT_BIT: readonly (readonly [string, string])[] = [
  [
    'a text',
    `${HEADER}Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße = 1 \r\n.\r\nFrom här\r\n`,
  ],
  [
    'a text without an encoding field',
    `${HEADER}Content-Type: text/plain; charset=utf-8\r\n\r\n${'Ü'.repeat(300)}\r\n`,
  ],
  [
    'parts',
    `${HEADER}Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      'Content-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n--b\r\nContent-Type: text/html\r\n\r\n<b>x</b>\r\n--b--\r\n',
  ],
];

test('contents in 8 bits go as they are where the server takes them, and encoded anew where it does not', async (t) => {
  for (const [what, text] of EIGHT_BIT) {
    const able = await openWorld(t, { extensions: ['PIPELINING', '8BITMIME'] });
    assert.equal((await able.send(letter(text)))[0]?.kind, 'delivered');
    assert.equal(able.peer.letters[0]?.bytes.toString(), text, what);
    assert.ok(able.peer.lines.some((line) => line.includes('BODY=8BITMIME')));
    const { send, peer } = await openWorld(t, { extensions: ['PIPELINING'] });
    assert.equal((await send(letter(text)))[0]?.kind, 'delivered', what);
    const arrived = peer.letters[0]?.bytes ?? Buffer.alloc(0);
    assert.ok(arrived.every((byte) => byte < 128));
    const shown = (bytes: Uint8Array): unknown => {
      const { text: plain, html } = makeDisplay(bytes, readLetter(bytes));
      return [plain, html];
    };
    assert.deepEqual(shown(arrived), shown(Buffer.from(text)), what);
  }
});

test('contents that must not be encoded anew fail with a sentence, and nothing is sent', async (t) => {
  const signed =
    `${HEADER}Content-Type: multipart/signed; boundary=b; protocol="application/pgp-signature"\r\n\r\n--b\r\n` +
    'Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n';
  const { send, peer } = await openWorld(t, { extensions: ['PIPELINING'] });
  assert.deepEqual(inShort(await send(letter(signed))), ['failed 0 5.6.3 none']);
  assert.ok(!peer.lines.some((line) => line.startsWith('MAIL')));
});

test('a server that knows delivery notices is asked for headers only, and learns no id of ours', async (t) => {
  const { send, peer } = await openWorld(t, { extensions: ['PIPELINING', 'DSN'] });
  await send();
  assert.ok(peer.lines.includes('MAIL FROM:<anna@siegel.test> RET=HDRS'));
});
