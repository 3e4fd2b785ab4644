// What peers answer, in any pieces and with any faults; and dots, line ends and 7 bits on the way out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataScanner } from './data-scanner.ts';
import { stuffed } from './dot-stuffing.ts';
import { withCrlf } from './line-ends.ts';
import { createReplyReader } from './reply-reader.ts';
import { hasHighByte, toSevenBit } from './seven-bit.ts';
import { readExtensions } from './smtp-extensions.ts';
import { formatReply, type SmtpReply } from './smtp-reply.ts';

const read = (text: string): unknown => createReplyReader().push(Buffer.from(text));

test('replies are read however they are cut into pieces', () => {
  const line = fc.stringMatching(/^[a-zA-Zü][\x21-\x7eü ]{0,30}[a-z]$/);
  const reply = fc
    .record({
      code: fc.constantFrom(220, 250, 354, 421, 550),
      hasEnhanced: fc.boolean(),
      lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    })
    .map(({ code, hasEnhanced, lines }): SmtpReply =>
      hasEnhanced && code !== 354 ? { code, enhanced: `${Math.floor(code / 100)}.1.1`, lines } : { code, lines },
    );
  fc.assert(
    fc.property(fc.array(reply, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: 20 })), (replies, cuts) => {
      const bytes = Buffer.from(replies.map(formatReply).join(''));
      const reader = createReplyReader();
      const found: SmtpReply[] = [];
      let at = 0;
      for (const cut of [...cuts, bytes.length]) {
        const pushed = reader.push(bytes.subarray(at, at + cut));
        assert.ok(pushed.ok);
        found.push(...pushed.value);
        at += cut;
      }
      const expected = replies.map((one) => ({ ...one, lines: one.lines.map((text) => text.trim()) }));
      assert.deepEqual(found, expected);
      assert.equal(reader.pendingBytes, 0);
    }),
    { numRuns: 1_000 },
  );
});

test('what is no reply is refused, and what is odd but meant as one is read', () => {
  const reply = (code: number, lines: readonly string[], enhanced?: string): unknown => ({
    ok: true,
    value: [enhanced === undefined ? { code, lines } : { code, enhanced, lines }],
  });
  assert.deepEqual(read('250\r\n'), reply(250, ['']));
  assert.deepEqual(read('250 ok\n'), reply(250, ['ok']));
  assert.deepEqual(read('550 5.1.1\r\n'), reply(550, [''], '5.1.1'));
  assert.deepEqual(read('550 4.1.1 odd\r\n'), reply(550, ['4.1.1 odd']), 'a code of another class is only words');
  assert.deepEqual(read('550 a\x1b[31mb\x07\r\n'), reply(550, ['a [31mb']));
  for (const bad of [
    'hello\r\n',
    '99 x\r\n',
    '650 x\r\n',
    '250_x\r\n',
    '2500 x\r\n',
    '\r\n',
    '250-a\r\n251 b\r\n',
    ' 250 x\r\n',
  ])
    assert.deepEqual(read(bad), { ok: false, error: { kind: 'notAReply' } }, bad);
  const tooLong = { ok: false, error: { kind: 'replyLineTooLong' } };
  assert.deepEqual(read(`250 ${'x'.repeat(5_000)}\r\n`), tooLong);
  assert.deepEqual(read('x'.repeat(5_000)), tooLong, 'without waiting for its end');
  assert.deepEqual(read('250-x\r\n'.repeat(300)), { ok: false, error: { kind: 'replyTooLong' } });
});

test('no bytes at all make the reader throw', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 10 }), (chunks) => {
      const reader = createReplyReader();
      for (const chunk of chunks) if (!reader.push(chunk).ok) return;
    }),
  );
});

test('extensions are read in any spelling', () => {
  const lines = ['mx.there.test hi', 'size 1000', 'STARTTLS', 'auth=login', 'AUTH PLAIN', '8bitMIME', 'X-OTHER a b'];
  const found = readExtensions({ code: 250, lines });
  assert.deepEqual(found.authMechanisms, ['LOGIN', 'PLAIN']);
  assert.deepEqual(
    [found.sizeMaxBytes, found.startTls, found.eightBitMime, found.pipelining],
    [1000, true, true, false],
  );
  assert.equal(readExtensions({ code: 250, lines: ['x', 'SIZE'] }).sizeMaxBytes, 0);
  assert.equal(readExtensions({ code: 250, lines: ['STARTTLS'] }).startTls, false, 'the first line is a greeting');
});

test('whatever a letter holds, our own door reads back what was stuffed', () => {
  const piece = fc.constantFrom('.', '..', '\r\n', '\r\n.', 'a', '\n', '\r', 'ü', '.\r\n');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = withCrlf(Buffer.from(pieces.join('')));
      const got: Uint8Array[] = [];
      const scanner = new DataScanner((chunk, from, to) => got.push(Buffer.from(chunk.subarray(from, to))));
      const wire = Buffer.concat(stuffed(text));
      const end = scanner.push(wire, 0);
      assert.equal(end, wire.length);
      assert.deepEqual(Buffer.concat(got).toString('latin1'), Buffer.from(text).toString('latin1'));
      assert.ok(!/[^\r]\n|^\n|\r[^\n]|\r$/.test(Buffer.from(text).toString('latin1')));
      assert.equal(withCrlf(text), text, 'mended once is mended');
    }),
    { numRuns: 2_000 },
  );
});

test('a letter in 7 bits stays as it is, and what cannot be one is refused', () => {
  const seven = Buffer.from('Subject: x\r\n\r\nabc\r\n');
  assert.deepEqual(Buffer.from(toSevenBit(seven) ?? []), seven);
  for (const bad of [
    'Subject: ü\r\n\r\nabc',
    'Content-Transfer-Encoding: base64\r\n\r\nü',
    'Content-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nü',
    'Content-Type: multipart/mixed; boundary=b\r\n\r\nü\r\n--b\r\n\r\nx\r\n--b--\r\n',
  ])
    assert.equal(toSevenBit(Buffer.from(bad)), undefined, bad);
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('ü', 'a', ' ', '=', '\r\n', '--b', 'Content-Type: text/plain\r\n', '\r\n\r\n'), {
        maxLength: 30,
      }),
      (pieces) => {
        const whole = Buffer.from(
          `Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n${pieces.join('')}\r\n--b--\r\n`,
        );
        const encoded = toSevenBit(withCrlf(whole));
        assert.ok(encoded === undefined || !hasHighByte(encoded, 0, encoded.length));
      },
    ),
  );
});
