// The text behind DATA: dots, ends, and every way to smuggle a second letter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DataScanner, type LineFault } from './data-scanner.ts';

interface Outcome {
  readonly text: string;
  readonly ended: boolean;
  readonly fault: LineFault | undefined;
  readonly loose: boolean;
  readonly rest: string;
}

/** Pushes `input` cut at the given places. */
function scan(input: string, cuts: readonly number[] = []): Outcome {
  const bytes = Buffer.from(input, 'latin1');
  let text = '';
  const scanner = new DataScanner((chunk, from, to) => {
    text += Buffer.from(chunk).toString('latin1', from, to);
  });
  const edges = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort((a, b) => a - b);
  let rest = '';
  for (let index = 1; index < edges.length; index++) {
    const chunk = bytes.subarray(edges[index - 1], edges[index]);
    const read = scanner.ended ? 0 : scanner.push(chunk, 0);
    rest += chunk.toString('latin1', read);
  }
  return { text, ended: scanner.ended, fault: scanner.fault, loose: scanner.looseEndSeen, rest };
}

const stuff = (letter: string): string => letter.replace(/(^|\r\n)\./g, '$1..');

test('a letter comes out of DATA as it was before its dots were stuffed', () => {
  const letter = 'Subject: x\r\n\r\n.one\r\n..two\r\n.\r\nend .\r\n';
  const outcome = scan(`${stuff(letter)}.\r\nQUIT\r\n`);
  assert.deepEqual(outcome, { text: letter, ended: true, fault: undefined, loose: false, rest: 'QUIT\r\n' });
});

test('an empty letter is a letter', () => {
  assert.deepEqual(scan('.\r\n'), { text: '', ended: true, fault: undefined, loose: false, rest: '' });
});

test('any letter in CRLF lines survives, however the network cuts it', () => {
  const line = fc.string({ unit: fc.constantFrom('.', 'a', ' ', 'é', '\t', '\0'), maxLength: 6 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(), { maxLength: 20 }), (lines, cuts) => {
      const letter = lines.map((text) => `${text}\r\n`).join('');
      const outcome = scan(`${stuff(letter)}.\r\nRSET\r\n`, cuts);
      assert.equal(outcome.text, letter);
      assert.equal(outcome.fault, undefined);
      assert.ok(outcome.ended);
      assert.equal(outcome.rest, 'RSET\r\n');
    }),
    { numRuns: 2_000 },
  );
});

const smuggles: readonly (readonly [string, string])[] = [
  ['LF.LF', '\n.\n'],
  ['LF.CRLF', '\n.\r\n'],
  ['CR.CR', '\r.\r'],
  ['CR.CRLF', '\r.\r\n'],
  ['CR.LF', '\r.\n'],
  ['LF.CR', '\n.\r'],
  ['CRLF.LF', '\r\n.\n'],
  ['CRLF.CR', '\r\n.\r'],
  ['CRLF.CRCRLF', '\r\n.\r\r\n'],
  ['CRCRLF.CRLF', '\r\r\n.\r\n'],
  ['CRLF NUL .CRLF with bare LF', '\r\n\0.\n'],
  ['LF..LF', '\n..\n'],
];

for (const [name, bytes] of smuggles) {
  test(`${name} inside a letter never ends it, and the letter is refused as a whole`, () => {
    const smuggled = 'MAIL FROM:<evil@x>\r\nRCPT TO:<b@y>\r\nDATA\r\nsecond\r\n';
    const outcome = scan(`first${bytes}${smuggled}.\r\nQUIT\r\n`);
    // CRCRLF.CRLF is faulty and yet ends as RFC 5321 says: what follows is not part of the letter, which is refused
    const endsEarly = name === 'CRCRLF.CRLF';
    assert.notEqual(outcome.fault, undefined);
    assert.equal(outcome.ended, true);
    assert.equal(outcome.rest, endsEarly ? `${smuggled}.\r\nQUIT\r\n` : 'QUIT\r\n');
  });
}

test('a client that waits behind a loose end is noticed', () => {
  for (const end of ['\n.\n', '\n.\r\n', '\r.\r', '\r\n.\n', '\r\n.\rx', '\r.\n'])
    assert.equal(scan(`text${end}`).loose, true, JSON.stringify(end));
  assert.equal(scan('text\nmore\n.dot\n').loose, false);
});

/** What RFC 5321 says, written as one regular expression over the whole input. */
function reference(input: string): { fault: boolean; ended: boolean; text: string } {
  const end = /(?:^|\r\n)\.\r\n/.exec(input);
  const until = end === null ? input : input.slice(0, end.index + (input.startsWith('.\r\n', end.index) ? 0 : 2));
  const settled = end === null ? until.replace(/\r$/, '') : until;
  const fault = /\r(?!\n)/.test(settled) || /(?<!\r)\n/.test(settled);
  return { fault, ended: end !== null, text: until.replace(/(^|\r\n)\./g, '$1') };
}

test('every mix of CR, LF, dots and letters is read as a plain regular expression reads it', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\r', '\n', '\r\n', '.', 'a', '\r\n.\r\n'), maxLength: 24 }),
      fc.array(fc.nat(), { maxLength: 12 }),
      (input, cuts) => {
        const outcome = scan(input, cuts);
        const expected = reference(input);
        assert.equal(outcome.ended, expected.ended);
        if (!expected.ended) return;
        assert.equal(outcome.fault !== undefined, expected.fault);
        if (!expected.fault) assert.equal(outcome.text, expected.text);
      },
    ),
    { numRuns: 20_000 },
  );
});
