// Letters made to hurt: no exception, no waste of time, bounds kept.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { limits } from '#base/limits.ts';
import { mutateLetter, seededRandom } from '../../../test/letters/mutate-letter.ts';
import { readLetters } from '../../../test/letters/read-letters.ts';
import { cryptoShape } from './crypto-shape.ts';
import { attachmentBytes, makeDisplay } from './display.ts';
import { readLetter } from './letter-view.ts';
import { everyPart } from './parts.ts';
import { protectInsertions } from './protect-insertion.ts';
import { makeSummaryFacts } from './summary-facts.ts';
import { makeTerms } from './terms.ts';

/** Everything the room can do with a letter; throws when a bound or a shape does not hold. */
function readWhole(bytes: Uint8Array): void {
  const view = readLetter(bytes);
  const facts = makeSummaryFacts(bytes, view);
  assert.ok(canonicalBytes(facts).length <= limits.message.summaryBytes);
  assert.ok(facts.snippet.length <= limits.message.snippetCharacters);
  const terms = makeTerms(facts, view.readableText);
  assert.ok(canonicalBytes(terms).length <= limits.message.termsBytes);
  protectInsertions(bytes);
  cryptoShape(bytes, view);
  const display = makeDisplay(bytes, view);
  for (const attachment of display.attachments) attachmentBytes(bytes, attachment);
  void [view.sender, view.replyTo, view.bcc, view.listId, view.autoSubmitted, view.precedence, view.inReplyTo];
  for (const part of everyPart(view.root)) {
    assert.ok(
      part.startOffset <= part.bodyOffset && part.bodyOffset <= part.endOffset && part.endOffset <= bytes.length,
    );
  }
}

test('any bytes at all are read without an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => readWhole(bytes)),
    { numRuns: 1_500 },
  );
});

const TOKENS =
  'From To Subject Date Content-Type References " ( ) < > @ , ; : \\ =?utf-8?q? =?x?b? ?= --b --b-- base64 &#x <!-- </ ü 京 \0 \ud83d';
const TYPES = ['multipart/mixed; boundary=b', 'text/html', 'text/plain; format=flowed', 'Content-Transfer-Encoding: '];
const PIECES = [...TOKENS.split(' '), ...TYPES, ': ', '\r\n', '\n', '\r\n\r\n', ' ', '\t'];

test('any mixture of what letters are made of is read without an exception', () => {
  const piece = fc.constantFrom(...PIECES);
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => readWhole(new TextEncoder().encode(pieces.join('')))),
    { numRuns: 4_000 },
  );
});

test('every letter of the collection, whole and damaged, is read without an exception', () => {
  const random = seededRandom(7);
  for (const { bytes } of readLetters()) {
    readWhole(bytes);
    if (bytes.length < 20_000) for (let i = 0; i < 12; i++) readWhole(mutateLetter(bytes, random));
  }
});

const SIZE = 1_000_000;
const fill = (piece: string): string => piece.repeat(Math.ceil(SIZE / piece.length));
const HOSTILE: Readonly<Record<string, string>> = {
  'encoded words without end': `Subject: ${fill('=?utf-8?q?')}\r\nTo: ${fill('=?a?b?')}\r\n\r\n`,
  'encoded words': `Subject: ${fill('=?a?q?b?= ')}\r\n\r\n`,
  'open comments': `To: ${fill('(')}\r\nContent-Type: ${fill('(')}\r\nDate: ${fill('(')}\r\n\r\n`,
  'escaped quotes': `To: "${fill('\\"')}\r\nContent-Type: a/b; c="${fill('\\"')}\r\n\r\n`,
  'open angles': `To: ${fill('<')}\r\nReferences: ${fill('<a')}\r\n\r\n`,
  'many at signs': `To: ${fill('@')}\r\nCc: ${fill('a@b ')}\r\n\r\n${fill('a@')}`,
  'many parameters': `Content-Type: a/b${fill('; a*0*=b')}\r\n\r\n`,
  'blanks and equals': `Content-Type: a/b; c=${fill(' ')}x\r\n\r\n${fill('= ')}`,
  folds: `Subject: ${fill('\r\n ')}x\r\n\r\n`,
  fields: `${fill('a:\n')}\n`,
  'lines of no field': `A: b\r\n${fill('x\n')}\n`,
  'boundary lines': `Content-Type: multipart/mixed; boundary=b\r\n\r\n${fill('--b\n')}`,
  'almost boundaries': `Content-Type: multipart/mixed; boundary=b\r\n\r\n${fill('--bb\n')}`,
  'parts without end of fields': `Content-Type: multipart/mixed; boundary=b\r\n\r\n${fill('--b\nA: b\n')}`,
  'html comments': `Content-Type: text/html\r\n\r\n${fill('<!--')}`,
  'html tags': `Content-Type: text/html\r\n\r\n${fill('<a "')}`,
  'html quotes': `Content-Type: text/html\r\n\r\n${fill('<a b="')}`,
  'html scripts': `Content-Type: text/html\r\n\r\n${fill('<script></')}`,
  'html entities': `Content-Type: text/html\r\n\r\n${fill('&#x')}${fill('&a')}`,
  'html breaks': `Content-Type: text/html\r\n\r\n${fill('<br> ')}${fill('cid:')}`,
  'html metas': `Content-Type: text/html\r\n\r\n${fill('<meta ')}`,
  armor: `Content-Type: text/plain\r\n\r\n${fill('-----BEGIN PGP MESSAGE-----\n')}`,
  attributions: `\r\n${fill('On a wrote \n')}`,
  'blank lines': `\r\n${fill(' \n')}`,
  blanks: `Subject: ${fill(' ')}x\r\n\r\n${fill(' ')}x`,
  'quotes in flowed text': `Content-Type: text/plain; format=flowed\r\n\r\n${fill('> ')}\n${fill('>\n')}`,
  marks: `\r\na${fill('\u0301')}`,
  Chinese: `\r\n${fill('京')}`,
  'zero width': `Content-Type: text/html\r\n\r\n${fill('\u200b\u034f ')}`,
};

for (const [name, text] of Object.entries(HOSTILE)) {
  test(`a megabyte of ${name} is read in the time of a megabyte`, () => {
    const bytes = new TextEncoder().encode(text);
    const start = performance.now();
    readWhole(bytes);
    const tookMs = performance.now() - start;
    assert.ok(tookMs < 2_500, `${Math.round(tookMs)} ms`); // what grows with the square takes minutes
  });
}
