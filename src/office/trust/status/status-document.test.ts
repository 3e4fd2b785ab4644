// /status says what happened, what is safe and what to do, in both languages, without script, and takes nobody's words for markup.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PublicIncident } from '#vault/safeguards/incident/public-view.ts';
import { statusDocument, type StatusFacts } from './status-document.ts';

const HOUR = 3_600_000;
const open: PublicIncident = {
  number: 2,
  title: 'Nachrichten fehlen <script>alert(1)</script> & mehr',
  openedMs: 10 * HOUR,
  closedMs: null,
  mailboxes: 883,
  progress: { expected: 41_214, found: 41_000, atMs: 11 * HOUR },
  timeline: [
    { atMs: 10 * HOUR, what: 'opened', text: 'Nachrichten fehlen' },
    { atMs: 10.5 * HOUR, what: 'changeUndone', change: 13, seconds: 41 },
  ],
};
const over: PublicIncident = {
  ...open,
  number: 1,
  title: 'Früher',
  closedMs: 13 * HOUR,
  mailboxes: 1,
  progress: { expected: 10, found: 8, atMs: 13 * HOUR },
};
const well: StatusFacts = {
  domain: 'kanzlei.test',
  nowMs: 12 * HOUR,
  works: { takesMail: true, showsMail: true },
  incidents: [],
};

test('a good day is one sentence, and a database that does not answer or a full disk is said as what it is', async () => {
  const said = async (facts: Partial<StatusFacts>): Promise<string> =>
    (await statusDocument({ ...well, ...facts }, 'en')).content;
  assert.match(
    await said({}),
    /kanzlei\.test works: letters are taken[\s\S]*No incident is open[\s\S]*None in the last/,
  );
  assert.match(await said({ works: { takesMail: true, showsMail: false } }), /people wait to read theirs/);
  assert.match(await said({ works: { takesMail: false, showsMail: true } }), /come again with their letters/);
  assert.match(await said({ incidents: [open] }), /What is wrong stands below/);
});

test('how far it is stands there with figures, time and what is safe; what is lost is called lost', async () => {
  for (const [language, ...wanted] of [
    [
      'en',
      '41,000 of 41,214 found',
      '883 mailboxes are affected',
      'Change 13 was undone in 41 seconds',
      '2 of 10 messages were lost',
      'lasted 3 hours',
      'You need to do nothing',
    ],
    [
      'de',
      '41.000 von 41.214 gefunden',
      '883 Postfächer sind betroffen',
      'Änderung 13 wurde in 41 Sekunden',
      '2 von 10 Nachrichten sind verloren',
      'dauerte 3 Stunden',
      'Sie müssen nichts tun',
    ],
  ] as const) {
    const { content } = await statusDocument({ ...well, incidents: [open, over] }, language);
    for (const text of wanted) assert.ok(content.includes(text), text);
    assert.ok(content.includes('&lt;script&gt;') && !/<script|style=|\son\w+=/.test(content));
    assert.ok(!content.includes('!'));
  }
});
