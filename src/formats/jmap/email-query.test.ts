// Filters, sorts, keywords and properties of letters: what may be asked of sealed mail, and the error for the rest.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newId, type MailboxId } from '#base/ids.ts';
import { parseEmailProperties, parseHeaderProperty } from './email-properties.ts';
import { parseEmailCondition, parseEmailSort } from './email-query.ts';
import { matchesFilter, parseFilter } from './filter.ts';
import { parseKeyword } from './keyword.ts';

const filterKind = (filter: unknown): string => {
  const parsed = parseFilter(filter, parseEmailCondition);
  return parsed.ok ? 'ok' : parsed.error.kind;
};

test('places, times, sizes and keywords may be asked, alone and joined', () => {
  const inMailbox = newId<MailboxId>();
  const conditions = [
    { inMailbox, before: '2026-01-01T00:00:00Z' },
    { operator: 'NOT', conditions: [{ hasKeyword: '$seen' }, { maxSize: 10 }] },
    { operator: 'OR', conditions: [{ inMailboxOtherThan: [inMailbox] }, {}] },
  ];
  assert.equal(filterKind({ operator: 'AND', conditions }), 'ok');
  assert.equal(filterKind(null), 'ok');
});

test('a filter on sealed text is unsupportedFilter, a malformed one invalidArguments', () => {
  for (const name of ['text', 'from', 'to', 'cc', 'bcc', 'subject', 'body']) {
    assert.equal(filterKind({ [name]: 'x' }), 'unsupportedFilter', name);
    assert.equal(filterKind({ operator: 'OR', conditions: [{ [name]: 'x' }] }), 'unsupportedFilter', name);
  }
  assert.equal(filterKind({ header: ['X'] }), 'unsupportedFilter');
  assert.equal(filterKind({ hasAttachment: true }), 'unsupportedFilter');
  for (const filter of [
    [],
    'x',
    { operator: 'XOR', conditions: [] },
    { operator: 'AND' },
    { operator: 'AND', conditions: [], hasKeyword: 'x' },
    { nonsense: 1 },
    { minSize: -1 },
    { before: 'yesterday' },
    { before: '2026-13-45T00:00:00Z' },
  ]) {
    assert.equal(filterKind(filter), 'invalidArguments', JSON.stringify(filter));
  }
});

test('a filter too deep or too wide is unsupportedFilter', () => {
  let deep: unknown = { hasKeyword: 'x' };
  for (let i = 0; i < 20; i++) deep = { operator: 'NOT', conditions: [deep] };
  assert.equal(filterKind(deep), 'unsupportedFilter');
  assert.equal(
    filterKind({ operator: 'OR', conditions: Array.from({ length: 100 }, () => ({})) }),
    'unsupportedFilter',
  );
});

test('AND, OR and NOT mean what RFC 8620 §5.5 says: NOT is none of them', () => {
  const parse = (filter: unknown): boolean => {
    const parsed = parseFilter(filter, parseEmailCondition);
    assert.ok(parsed.ok);
    return matchesFilter(parsed.value, (condition) => condition.hasKeywords.includes('yes'));
  };
  const [yes, no] = [{ hasKeyword: 'yes' }, { hasKeyword: 'no' }];
  assert.equal(parse({ operator: 'AND', conditions: [yes, no] }), false);
  assert.equal(parse({ operator: 'OR', conditions: [no, yes] }), true);
  assert.equal(parse({ operator: 'NOT', conditions: [no, yes] }), false);
  assert.equal(parse({ operator: 'NOT', conditions: [no] }), true);
  assert.equal(parse({ operator: 'AND', conditions: [] }), true);
});

test('letters are sorted by time, size and keyword; by sealed text they cannot be', () => {
  const kind = (sort: unknown): string => {
    const parsed = parseEmailSort(sort);
    return parsed.ok ? 'ok' : parsed.error.kind;
  };
  assert.equal(kind([{ property: 'receivedAt', isAscending: false }, { property: 'size' }]), 'ok');
  assert.equal(kind([{ property: 'someInThreadHaveKeyword', keyword: '$flagged' }]), 'ok');
  assert.equal(kind([{ property: 'hasKeyword' }]), 'invalidArguments');
  assert.equal(kind([{ property: 'subject' }]), 'unsupportedSort');
  assert.equal(kind([{ property: 'receivedAt', collation: 'i;ascii-casemap' }]), 'unsupportedSort');
  assert.equal(kind('receivedAt'), 'invalidArguments');
});

test('a keyword is lower-cased; the characters RFC 8621 §4.1.1 forbids are refused', () => {
  assert.equal(parseKeyword('$Seen'), '$seen');
  assert.equal(parseKeyword('a}b~c'), 'a}b~c');
  for (const bad of ['', ' ', 'a b', 'a(b', 'a)', '{a', ']', '%', '*', '"', '\\', 'ä', '\n', 'x'.repeat(256)]) {
    assert.equal(parseKeyword(bad), undefined, bad);
  }
});

test('header properties may be asked only in the forms RFC 8621 §4.1.2 allows', () => {
  assert.ok(parseHeaderProperty('header:From:asAddresses'));
  assert.ok(parseHeaderProperty('header:from:asGroupedAddresses:all'));
  assert.ok(parseHeaderProperty('header:X-Own:asURLs'));
  assert.ok(parseHeaderProperty('header:Received'));
  for (const bad of [
    'header:',
    'header:From:asText',
    'header:Subject:asDate',
    'header:Received:asText',
    'header:A b',
    'header:A:asFoo',
    'header:A:all:asText',
  ]) {
    assert.equal(parseHeaderProperty(bad), undefined, bad);
  }
  assert.equal(parseEmailProperties(['id', 'nonsense']).ok, false);
});

test('whatever filter, sort or property comes, reading it answers and never throws', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, text) => {
      parseFilter(value, parseEmailCondition);
      parseFilter({ operator: 'AND', conditions: value }, parseEmailCondition);
      parseEmailSort(value);
      parseEmailSort([value]);
      parseEmailProperties([text, `header:${text}`]);
      parseKeyword(text);
    }),
    { numRuns: 500 },
  );
});
