// What consent is bound to: any letter anywhere changes the hash and is shown; cards are read strictly.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toBase64Url } from '#formats/base64/base64.ts';
import { formatKeyConfig } from '#formats/ohttp/ohttp.ts';
import { parseCard, type CollectorCard } from './card.ts';
import { compareCatalogues, hashCatalogue, makeCatalogue, type Catalogue } from './catalogue.ts';
import { BUCKETS_MAX, hashQuestion, isAsked, type Question } from './question.ts';
import { MAILBOX_BOUNDS_MB, questions } from './questions.ts';

const card: CollectorCard = {
  v: 1,
  operator: 'Verein für ehrliche Zahlen, zahlen@example.org',
  country: { de: 'Deutschland', en: 'Germany' },
  purpose: { de: 'Zweck', en: 'Purpose' },
  published: { de: 'Alles', en: 'All' },
  url: 'https://count.example.org',
  key: toBase64Url(formatKeyConfig({ keyId: 1, publicKey: new Uint8Array(32).fill(9) })),
};
const relay = { kind: 'relay', url: 'https://relay.example.net/reports' } as const;
const catalogue = makeCatalogue(card, relay, questions);

/** Every catalogue that differs by one letter in the middle of one text, or by one in one number. */
function* edits(value: Catalogue): Generator<Catalogue> {
  for (let nth = 0; ; nth++) {
    let left = nth;
    const edited: unknown = JSON.parse(JSON.stringify(value), (_, member: unknown) => {
      if (typeof member !== 'string' && typeof member !== 'number') return member;
      if (left-- !== 0) return member;
      if (typeof member === 'number') return member + 1;
      const at = Math.floor(member.length / 2);
      return `${member.slice(0, at)}${member[at] === 'x' ? 'y' : 'x'}${member.slice(at + 1)}`;
    });
    if (left >= 0) return;
    yield edited as Catalogue;
  }
}

test('any changed letter is another catalogue, and the difference says where', () => {
  const hash = hashCatalogue(catalogue);
  assert.match(hash, /^[0-9a-f]{64}$/);
  let tried = 0;
  for (const edited of edits(catalogue)) {
    tried += 1;
    assert.notEqual(hashCatalogue(edited), hash);
    assert.ok(compareCatalogues(catalogue, edited).length > 0);
  }
  assert.ok(tried > 100, `${tried} letters changed`);
  assert.equal(hashCatalogue(makeCatalogue({ ...card }, relay, [...questions])), hash);
  assert.deepEqual(compareCatalogues(catalogue, makeCatalogue(card, relay, questions)), []);
});

test('a question more, one less, another order and another way are differences', () => {
  const [first, ...others] = questions;
  assert.ok(first !== undefined);
  const fewer = makeCatalogue(card, relay, others);
  assert.ok(
    compareCatalogues(catalogue, fewer).every(({ after, place }) => after === undefined || place === 'questions'),
  );
  assert.ok(
    compareCatalogues(fewer, catalogue).some(
      ({ place, before }) => place === 'questions/users/text/de' && before === undefined,
    ),
  );
  const turned = makeCatalogue(card, relay, [...others, first]);
  assert.notEqual(hashCatalogue(turned), hashCatalogue(catalogue));
  assert.deepEqual(compareCatalogues(catalogue, turned).map(({ place }) => place), ['questions']); // prettier-ignore
  const direct = compareCatalogues(catalogue, makeCatalogue(card, { kind: 'direct' }, questions));
  assert.deepEqual(direct.map(({ place }) => place), ['way/kind', 'way/url']); // prettier-ignore
});

test('questions keep their rules: two to six answers, no two alike, both languages, a reason', () => {
  const seen = new Set<string>();
  for (const question of questions as readonly Question[]) {
    assert.ok(question.buckets.length >= 2 && question.buckets.length <= BUCKETS_MAX, question.id);
    for (const language of ['de', 'en'] as const) {
      const texts = question.buckets.map((bucket) => bucket[language]);
      assert.equal(new Set(texts).size, texts.length, question.id);
      for (const text of [question.text[language], question.why[language], ...texts]) assert.ok(text.trim() !== '');
    }
    seen.add(question.id).add(hashQuestion(question));
  }
  assert.equal(seen.size, 2 * questions.length);
  const size = questions.find(({ id }) => id === 'mailbox-size');
  assert.equal(size?.buckets.length, MAILBOX_BOUNDS_MB.length);
});

test('so few questions are asked in a quarter that at least three of its weeks have a cover report', () => {
  const named = ['2026-Q4', '2027-Q1', '2027-Q2', '2027-Q3', '2027-Q4', '2028-Q1'];
  for (const quarter of named)
    assert.ok(questions.filter((question) => isAsked(question, quarter)).length <= 10, quarter);
});

test('a question is asked from its first quarter to its last', () => {
  const [first] = questions;
  assert.ok(first !== undefined);
  const question = { ...first, since: '2026-Q4', retire: '2027-Q2' };
  for (const [quarter, is] of [
    ['2026-Q3', false],
    ['2026-Q4', true],
    ['2027-Q2', true],
    ['2027-Q3', false],
  ] as const)
    // prettier-ignore
    assert.equal(isAsked(question, quarter), is, quarter);
});

test('a card is read strictly, and what is wrong with it is said', () => {
  const smallOrder = toBase64Url(formatKeyConfig({ keyId: 1, publicKey: new Uint8Array(32) }));
  const read = parseCard(JSON.stringify(card));
  assert.ok(read.ok);
  assert.equal(read.value.authority, 'count.example.org');
  assert.equal(read.value.key.keyId, 1);
  for (const [changed, kind] of [
    ['no JSON', 'notCard'],
    [JSON.stringify({ ...card, operator: '' }), 'notCard'],
    [JSON.stringify({ ...card, more: 1 }), 'notCard'],
    [JSON.stringify({ ...card, url: 'https://count.example.org/path' }), 'badUrl'],
    [JSON.stringify({ ...card, url: 'https://me@count.example.org' }), 'badUrl'],
    [JSON.stringify({ ...card, url: 'ftp://count.example.org' }), 'badUrl'],
    [JSON.stringify({ ...card, url: `https://${'a.'.repeat(70)}org` }), 'badUrl'],
    [JSON.stringify({ ...card, key: 'AAAA' }), 'badKey'],
    [JSON.stringify({ ...card, key: smallOrder }), 'badKey'],
  ] as const) {
    const refused = parseCard(changed);
    assert.ok(!refused.ok && refused.error.kind === kind, changed.slice(0, 60));
    assert.ok(refused.error.sentence.length > 20);
  }
});
