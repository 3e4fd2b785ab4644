// /trust says what it is handed and nothing else: figures, declared words escaped, "not yet" where nothing is built, no script.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectionFacts, connectionKinds, isKindBuilt } from '#base/outgoing/egress.ts';
import { connectionsDe } from './connections-de.ts';
import { hourly } from './hourly.ts';
import { trustDocument } from './trust-document.ts';
import type { TrustFacts } from './trust-facts.ts';

const HOUR = 3_600_000;
const facts: TrustFacts = {
  domain: 'kanzlei.test',
  nowMs: 10 * HOUR,
  operator: { name: 'Çelik & <script>alert(1)</script>', country: undefined, machine: '"rented" in a hall' },
  book: {
    key: 'k'.repeat(43),
    fingerprint: 'ab'.repeat(32),
    heads: 1_234,
    newestHeadMs: 10 * HOUR - 12 * 60_000,
    letters: 41_208,
    lettersUntilMs: 9 * HOUR,
  },
  told: [
    {
      key: 'contents',
      what: { en: 'Text', de: 'Text' },
      operatorSees: { en: 'Nothing stored.', de: 'Nichts Gespeichertes.' },
    },
  ],
  connections: {
    atMs: 10 * HOUR,
    sinceMs: 0,
    made: new Map([
      ['wkd', 3],
      ['delivery', 4],
    ] as const),
  },
  kept: { atMs: 10 * HOUR, backup: undefined, ledger: undefined },
  requests: undefined,
  isOn: (kind) => kind !== 'rspamd',
};

test('each answer has its figure, and what is not built has none', async () => {
  const { content, title, languages } = await trustDocument(facts, 'en');
  for (const shown of [
    '41,208',
    '1,234',
    '12 minutes old',
    'up to 1 January 1970, 09:00 UTC',
    'Nothing stored.',
    'it made 7 connections',
    'abab abab',
  ])
    assert.ok(content.includes(shown), shown);
  assert.equal(content.match(/figure-none/g)?.length, 2);
  assert.match(title, /Siegel$/);
  assert.match(languages, /lang="en"[^>]*aria-current="true"/);
});

test('how many requests came is said from the newest report, with the way to it, and nothing before there is one', async () => {
  const said = async (requests: TrustFacts['requests'], language: 'de' | 'en'): Promise<string> => {
    const { content } = await trustDocument({ ...facts, requests }, language);
    return content.slice(content.indexOf('id="answer"'), content.indexOf('id="keep"'));
  };
  const report = { year: 2023, requests: 1_133, rejected: 45 };
  assert.match(
    await said(report, 'de'),
    /1\.133<[\s\S]*im Jahr 2023, davon 45 abgelehnt[\s\S]*"\/transparency\?lang=de"/,
  );
  assert.match(await said(report, 'en'), /1,133<[\s\S]*in 2023, 45 of them rejected/);
  assert.match(await said(undefined, 'de'), /veröffentlicht ist noch keiner[\s\S]*noch nicht/);
});

test('whether letters can be lost is said from backup and ledger, and what is not there is not claimed', async () => {
  const said = async (kept: Omit<TrustFacts['kept'], 'atMs'>): Promise<string> =>
    (await trustDocument({ ...facts, kept: { atMs: 10 * HOUR, ...kept } }, 'en')).content;
  assert.match(await said({ backup: undefined, ledger: undefined }), /No place for backups is named/);
  assert.match(await said({ backup: { verifiedMs: undefined }, ledger: undefined }), /No backup has been restored/);
  const ledger = { atMs: 9.5 * HOUR, letters: 41_208, missing: 0, isEqual: true };
  const well = await said({ backup: { verifiedMs: 3 * HOUR }, ledger });
  assert.match(well, /restored beside and checked 7 hours ago/);
  assert.match(well, /missing of 41,208 letters: the ledger compared database and journal 30 minutes ago/);
  const wrong = await said({ backup: undefined, ledger: { ...ledger, missing: 214, isEqual: false } });
  assert.match(wrong, /214<\/span>[\s\S]*differed 30 minutes ago; what is missing stands in the journal/);
});

test('the operator’s words are shown and never obeyed', async () => {
  for (const language of ['de', 'en'] as const) {
    const { content } = await trustDocument(facts, language);
    assert.ok(content.includes('Çelik &amp; &lt;script&gt;alert(1)&lt;/script&gt;'));
    assert.doesNotMatch(content, /<script|style=|\son\w+="/);
    assert.ok(content.includes(language === 'de' ? 'nicht angegeben' : 'not declared'));
  }
});

test('without a book no figure of it is made up', async () => {
  const { content } = await trustDocument({ ...facts, book: undefined }, 'en');
  assert.match(content, /damaged and closed/);
  assert.equal(content.match(/figure-none/g)?.length, 4);
});

test('every kind of connection is in the table, in both languages, with what is set up and what is not', async () => {
  const { content } = await trustDocument(facts, 'de');
  for (const kind of connectionKinds) {
    const row = new RegExp(`id="connection-${kind}" class="public-(on|off)"`).exec(content);
    assert.equal(row?.[1], isKindBuilt(kind) && facts.isOn(kind) ? 'on' : 'off', kind);
    for (const text of Object.values(connectionsDe[kind])) assert.ok(text.length > 5 && !text.includes('!'), kind);
    assert.ok(connectionFacts(kind).purpose.length > 10, kind);
  }
});

test('a figure stands still within the hour and moves with the next', () => {
  let [nowMs, count] = [5 * HOUR + 1, 0];
  const read = hourly({ nowMs: () => nowMs, monotonicMs: () => nowMs }, () => ++count);
  assert.deepEqual([read(), read()], [1, 1]);
  nowMs = 6 * HOUR - 1;
  assert.equal(read(), 1);
  nowMs = 6 * HOUR;
  assert.equal(read(), 2);
});
