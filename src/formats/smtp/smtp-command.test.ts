// Command lines, replies and chunks: what is read, and what is refused as what.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createChunkCounter } from './chunk-counter.ts';
import { isPrintable, parseCommand } from './smtp-command.ts';
import { formatReply } from './smtp-reply.ts';

const parsed = (line: string): unknown => {
  const result = parseCommand(line);
  return result.ok ? result.value : result.error.kind;
};

test('MAIL takes a path and the parameters the greeting offers', () => {
  assert.deepEqual(parsed('MAIL FROM:<anna@Example.ORG> SIZE=1000 BODY=8BITMIME SMTPUTF8'), {
    verb: 'MAIL',
    from: {
      sender: { local: 'anna', domain: 'example.org' },
      sizeBytes: 1000,
      body: '8bitmime',
      smtpUtf8: true,
      needsUtf8: false,
    },
  });
  assert.deepEqual(parsed('mail from:<>'), {
    verb: 'MAIL',
    from: { sender: undefined, sizeBytes: undefined, body: undefined, smtpUtf8: false, needsUtf8: false },
  });
});

test('a quoted local part may hold brackets, blanks and escapes', () => {
  assert.deepEqual(parsed('RCPT TO:<"a > \\"b\\" @ c"@example.org>'), {
    verb: 'RCPT',
    to: { recipient: { local: 'a > "b" @ c', domain: 'example.org' }, needsUtf8: false },
  });
});

test('postmaster needs no domain, a source route is passed over, one blank after the colon is borne', () => {
  assert.deepEqual(parsed('RCPT TO:<Postmaster>'), {
    verb: 'RCPT',
    to: { recipient: 'postmaster', needsUtf8: false },
  });
  assert.deepEqual(parsed('RCPT TO: <@relay.example,@b.example:anna@example.org>'), {
    verb: 'RCPT',
    to: { recipient: { local: 'anna', domain: 'example.org' }, needsUtf8: false },
  });
});

const refused: readonly (readonly [string, string])[] = [
  ['', 'unknownCommand'],
  ['FOO', 'unknownCommand'],
  ['MAIL', 'badSyntax'],
  ['MAIL FROM:anna@example.org', 'badSyntax'],
  ['MAIL FROM:<anna@example.org', 'badSyntax'],
  ['MAIL FROM:<anna@example.org>x', 'badSyntax'],
  ['MAIL FROM:<anna>', 'badAddress'],
  ['MAIL FROM:<anna..b@example.org>', 'badAddress'],
  ['MAIL FROM:<anna@example.org> SIZE=x', 'badParameter'],
  ['MAIL FROM:<anna@example.org> SIZE=1 SIZE=2', 'badParameter'],
  ['MAIL FROM:<anna@example.org> BODY=BINARYMIME', 'badParameter'],
  ['MAIL FROM:<anna@example.org> RET=HDRS', 'unknownParameter'],
  ['RCPT TO:<>', 'badAddress'],
  ['RCPT TO:<anna@example.org> NOTIFY=NEVER', 'unknownParameter'],
  ['EHLO', 'badName'],
  ['EHLO a b', 'badName'],
  ['DATA x', 'needsNoArgument'],
  ['BDAT', 'badChunkSize'],
  ['BDAT x', 'badChunkSize'],
  ['BDAT 5 FIRST', 'badChunkSize'],
];
for (const [line, kind] of refused)
  test(`"${line}" is refused as ${kind}`, () => {
    assert.equal(parsed(line), kind);
  });

test('BDAT names its size and whether it is the last', () => {
  assert.deepEqual(parsed('BDAT 86 LAST'), { verb: 'BDAT', sizeBytes: 86, last: true });
  assert.deepEqual(parsed('bdat 0'), { verb: 'BDAT', sizeBytes: 0, last: false });
});

test('no line whatsoever makes the parser throw', () => {
  const verb = fc.constantFrom('MAIL FROM:', 'RCPT TO:', 'EHLO ', 'BDAT ', 'NOOP ', '');
  const piece = fc.constantFrom('<', '>', '"', '\\', '@', '.', 'a', ' ', 'SIZE=', 'é', '\u0000', ':', ',', '=', '😀');
  fc.assert(
    fc.property(verb, fc.array(piece, { maxLength: 30 }), fc.string({ unit: 'binary' }), (start, pieces, noise) => {
      parseCommand(start + pieces.join(''));
      parseCommand(start + noise);
    }),
    { numRuns: 5_000 },
  );
});

test('control characters are seen', () => {
  assert.ok(isPrintable('MAIL FROM:<é@x>\t'));
  for (const bad of ['a\rb', 'a\0b', 'a\nb', 'a\u007fb', 'a\u001bb']) assert.equal(isPrintable(bad), false);
});

test('a reply of several lines repeats code and enhanced code', () => {
  assert.equal(
    formatReply({ code: 550, enhanced: '5.7.1', lines: ['one', 'two'] }),
    '550-5.7.1 one\r\n550 5.7.1 two\r\n',
  );
  assert.equal(formatReply({ code: 354, lines: ['go on'] }), '354 go on\r\n');
});

test('chunks of BDAT give back the same bytes, whatever they are and however they are cut', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.nat(300), { maxLength: 8 }),
      fc.nat(300),
      (letter, cuts, size) => {
        const bytes = Buffer.concat([letter, Buffer.from('QUIT\r\n')]);
        const announced = Math.min(size, letter.length);
        const taken: Buffer[] = [];
        const counter = createChunkCounter(announced, (chunk, from, to) =>
          taken.push(Buffer.from(chunk.subarray(from, to))),
        );
        const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
          (a, b) => a - b,
        );
        let read = 0;
        for (let index = 1; index < edges.length && !counter.ended; index++)
          read += counter.push(bytes.subarray(edges[index - 1], edges[index]), 0);
        assert.ok(counter.ended);
        assert.equal(read, announced);
        assert.deepEqual(Buffer.concat(taken), bytes.subarray(0, announced));
      },
    ),
  );
});
