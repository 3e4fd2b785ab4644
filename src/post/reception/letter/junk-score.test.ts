// The junk score: each trait, the threshold, and letters made to be slow.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLetter } from '#formats/message/letter-view.ts';
import type { Authentication } from '../authentication/authenticate.ts';
import { scoreJunk, type JunkScore } from './junk-score.ts';

const HEAD = 'From: Anna <anna@bank.test>\r\nDate: Sun, 17 May 2026 10:00:00 +0000\r\nMessage-ID: <1@bank.test>\r\n';
const score = (letter: string, authentication?: Authentication): JunkScore =>
  scoreJunk(readLetter(Buffer.from(letter)), authentication);
const html = (body: string): string => `${HEAD}Content-Type: text/html\r\n\r\n${body}`;

const origin = (changes: {
  spf?: Authentication['spf']['status'];
  dmarc?: Authentication['dmarc']['status'];
  policy?: Authentication['dmarc']['policy'];
}): Authentication => ({
  spf: { status: changes.spf ?? 'none', domain: 'bank.test', of: 'mailfrom' },
  dkim: [],
  dmarc: {
    status: changes.dmarc ?? 'none',
    policy: changes.policy ?? 'none',
    fromDomain: 'bank.test',
    alignedDomain: undefined,
  },
});

test('an ordinary letter has no traits of junk', () => {
  assert.deepEqual(score(`${HEAD}\r\nhello`, origin({ spf: 'pass', dmarc: 'pass' })).traits, []);
  assert.deepEqual(score(html('<a href="https://www.bank.test/x">bank.test</a>')).traits, []);
});

test('each trait is seen', () => {
  const file = (name: string): string =>
    `${HEAD}Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nhi\r\n--x\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\nx\r\n--x--\r\n`;
  const cases: readonly (readonly [string, string])[] = [
    ['noDate', 'From: a@b.test\r\nMessage-ID: <1@x>\r\n\r\nx'],
    ['noMessageId', 'From: a@b.test\r\nDate: Sun, 17 May 2026 10:00:00 +0000\r\n\r\nx'],
    ['nameShowsOtherAddress', HEAD.replace('Anna', '"service@paypal.test"')],
    ['linkShowsOtherHost', html('<a href="https://evil.test/login">https://bank.test/login</a>')],
    ['linkToBareAddress', html("<a href='http://192.0.2.7/'>here</a>")],
    ['linkHidesUser', html('<a href="https://bank.test@evil.test/">here</a>')],
    ['fileRuns', file('invoice.exe')],
    ['fileHidesItsType', file('invoice.pdf.html')],
  ];
  for (const [trait, letter] of cases)
    assert.ok(
      score(letter).traits.some((found) => found === trait),
      trait,
    );
});

test('what nobody vouches for counts, what could not be asked does not', () => {
  const letter = `${HEAD}\r\nhello`;
  assert.deepEqual(score(letter, origin({})).traits, ['nobodyVouches']);
  assert.deepEqual(score(letter, origin({ spf: 'fail' })).traits, ['spfFailed', 'nobodyVouches']);
  assert.deepEqual(score(letter, origin({ spf: 'softfail' })).traits, ['spfSoftFailed', 'nobodyVouches']);
  assert.deepEqual(score(letter, origin({ spf: 'temperror' })).traits, []);
});

test('five points, or a domain that asks for quarantine, make junk', () => {
  assert.equal(score(`${HEAD}\r\nhello`, origin({ dmarc: 'fail', policy: 'none', spf: 'pass' })).isJunk, false);
  assert.equal(score(`${HEAD}\r\nhello`, origin({ dmarc: 'fail', policy: 'quarantine', spf: 'pass' })).isJunk, true);
  assert.equal(score(`From: a@b.test\r\n\r\nhello`, origin({ spf: 'fail' })).isJunk, true);
});

test('what the operator’s own filter takes for junk is junk, whatever else it is', () => {
  const good = readLetter(Buffer.from(`${HEAD}\r\nhello`));
  assert.deepEqual(scoreJunk(good, undefined, true), { isJunk: true, points: 5, traits: ['filterSaysJunk'] });
});

test('a letter made to be slow to read is read quickly', () => {
  const startMs = performance.now();
  score(html('<a href='.repeat(30_000)));
  score(html(`<a ${'href="'.repeat(20_000)}`));
  score(html('<a href="x">'.repeat(20_000)));
  assert.ok(performance.now() - startMs < 1_000, `${performance.now() - startMs} ms`);
});
