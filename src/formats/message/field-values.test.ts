// Addresses, dates, encoded words and parameters as letters really write them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAddresses } from './addresses.ts';
import { findContentType, findDisposition, safeFileName } from './content-type.ts';
import { parseDate } from './dates.ts';
import { decodeEncodedWords } from './encoded-words.ts';

function addresses(text: string): string[] {
  return parseAddresses(text).map(({ name, address }) => `${name}|${address}`);
}

test('encoded words are decoded, joined across a cut character, and left alone when broken', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['=?utf-8?q?Gr=C3?= =?utf-8?q?=B6=C3=9Fe?=', 'Größe'],
    ['=?iso-8859-1?q?Gr=FC=DFe?=  =?utf-8?b?IHVuZA==?= mehr', 'Grüße und mehr'],
    ['vor =?utf-8*de?Q?a_b?= nach', 'vor a b nach'],
    ['=?utf-8?q?never ends', '=?utf-8?q?never ends'],
    ['=?utf-8?x?abc?= =??q?x?=', '=?utf-8?x?abc?= =??q?x?='],
    ['plain', 'plain'],
  ];
  for (const [given, wanted] of cases) assert.equal(decodeEncodedWords(given), wanted);
});

test('address lists are read as people wrote them', () => {
  assert.deepEqual(addresses('"Brandt, Jonas" <j@a.test>, elif@b.test (Elif)'), [
    'Brandt, Jonas|j@a.test',
    'Elif|elif@b.test',
  ]);
  assert.deepEqual(addresses('Team: a@a.test, B <b@b.test>;, c@c.test'), ['|a@a.test', 'B|b@b.test', '|c@c.test']);
  assert.deepEqual(addresses('undisclosed-recipients:;'), ['undisclosed-recipients|']);
  assert.deepEqual(addresses('<@r.test,@s.test:a@b.test>'), ['|a@b.test']);
  assert.deepEqual(addresses('"a b"@c.test; d@e.test'), ['|"a b"@c.test', '|d@e.test']);
  assert.deepEqual(addresses('Anna <a@[IPv6:2001:db8::1]>'), ['Anna|a@[IPv6:2001:db8::1]']);
  assert.deepEqual(addresses(''), []);
});

test('an unclosed quote does not swallow the addresses behind it', () => {
  assert.deepEqual(
    parseAddresses('"Elif <e@a.test>, b@b.test').map((entry) => entry.address),
    ['e@a.test', 'b@b.test'],
  );
});

test('an encoded word never becomes an address', () => {
  assert.deepEqual(addresses('=?utf-8?q?boss=40house.test?= <stranger@else.test>'), [
    'boss@house.test|stranger@else.test',
  ]);
});

test('dates are read in the forms mailers write, and nonsense is undefined', () => {
  const at = Date.UTC(2026, 10, 16, 8, 12, 4);
  for (const text of [
    'Mon, 16 Nov 2026 09:12:04 +0100',
    '16 Nov 26 08:12:04 GMT',
    'Mon Nov 16 08:12:04 2026',
    '2026-11-16T08:12:04Z',
    '2026-11-16 09:12:04 +01:00',
    '16-Nov-2026 03:12:04 EST (morning)',
    'Mon, 16 Nov 2026 08:12:04 -0000',
  ]) {
    assert.equal(parseDate(text)?.atMs, at, text);
  }
  assert.equal(parseDate('Mon, 16 Nov 2026 09:12:04 +0100')?.zoneMinutes, 60);
  for (const text of ['', 'yesterday', '99 Nov 2026 09:00', '16 Nov 2026 25:00 +0000', '16 Foo 2026 09:00']) {
    assert.equal(parseDate(text), undefined, text);
  }
});

test('a content type is found with its parameters and the place behind the subtype', () => {
  const found = findContentType(' (x) TEXT / html ; charset="utf-8" (y); name*0*=utf-8\'\'%C3%9C; name*1="b.txt"');
  assert.equal(found?.mediaType, 'text/html');
  assert.equal(found?.typeEnd, 16);
  assert.deepEqual(
    [...(found?.parameters ?? [])],
    [
      ['charset', 'utf-8'],
      ['name', 'Üb.txt'],
    ],
  );
});

test('what names no type and subtype is no content type', () => {
  for (const raw of ['', 'text', 'text/', '/', '"text/plain"', '(open text/plain', '; charset=utf-8']) {
    assert.equal(findContentType(raw), undefined, raw);
  }
});

test('parameters survive what mailers do to them', () => {
  const nameOf = (raw: string): string | undefined => findContentType(raw)?.parameters.get('name');
  assert.equal(nameOf('a/b; name=annual report.pdf; x=y'), 'annual report.pdf');
  assert.equal(nameOf('a/b; name="a\\"; b"'), 'a"; b');
  assert.equal(nameOf('a/b; name="open'), 'open');
  assert.equal(nameOf('a/b name=x'), 'x');
  assert.equal(nameOf('a/b; name="=?utf-8?q?=C3=9C?="'), 'Ü');
  assert.equal(nameOf('a/b; note="; name=no"; name=yes'), 'yes');
  assert.equal(
    findDisposition("attachment; filename=old; filename*=utf-8''%E2%82%AC")?.parameters.get('filename'),
    '€',
  );
});

test('a file name cannot leave its folder or hide its ending', () => {
  assert.equal(safeFileName('../../etc/passwd'), 'passwd');
  assert.equal(safeFileName('C:\\x\\y.pdf'), 'y.pdf');
  assert.equal(safeFileName('bill\u202efdp.exe'), 'billfdp.exe');
  assert.equal(safeFileName('..'), '');
});
