// What the list shows of a letter: people, subject, snippet, attachments, within bounds.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { limits } from '#base/limits.ts';
import { readLetter } from './letter-view.ts';
import { snippetOf } from './snippet.ts';
import { makeSummaryFacts } from './summary-facts.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the facts of a letter are what its list row shows', () => {
  const bytes = bytesOf(
    'From: "Brandt, Jonas" <j@a.test>\nTo: e@b.test\nSubject: =?utf-8?q?F=C3=BCr?=\n Sie\nDate: Mon, 16 Nov 2026 09:12:04 +0100\nMessage-ID: <1@a.test>\nReferences: <0@a.test>\nList-Unsubscribe: <mailto:u@l.test>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\nHallo  Elif,\nbis Freitag.\n',
  );
  assert.deepEqual(makeSummaryFacts(bytes, readLetter(bytes)), {
    from: [{ name: 'Brandt, Jonas', address: 'j@a.test' }],
    to: [{ name: '', address: 'e@b.test' }],
    cc: [],
    subject: 'Für Sie',
    snippet: 'Hallo Elif, bis Freitag.',
    dateMs: Date.UTC(2026, 10, 16, 8, 12, 4),
    sizeBytes: bytes.length,
    attachments: [],
    messageId: '1@a.test',
    inReplyTo: [],
    references: ['0@a.test'],
    listUnsubscribe: '<mailto:u@l.test>',
    isOneClickUnsubscribe: true,
  });
});

test('a snippet leaves out quotes, attribution and signature, unless nothing else is there', () => {
  assert.equal(snippetOf('Am Montag, 16.11.2026 schrieb Anna\n<a@b.test>:\n> alt\n\nNeu.\n-- \nJonas'), 'Neu.');
  assert.equal(snippetOf('On Monday Anna wrote:\n> old\nNew'), 'New');
  assert.equal(snippetOf('Ja.\n-----Ursprüngliche Nachricht-----\nVon: x'), 'Ja.');
  assert.equal(snippetOf('> nur\n> Zitat'), '> nur > Zitat');
  assert.equal(snippetOf('-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nHallo'), 'Hallo');
  assert.equal(snippetOf('On time again'), 'On time again');
});

test('a snippet has at most 110 characters and no half character', () => {
  for (const text of ['wort '.repeat(100), 'x'.repeat(500), '🎉'.repeat(200), `${'x'.repeat(108)}🎉🎉`]) {
    const snippet = snippetOf(text);
    assert.ok(snippet.length <= 110, `${snippet.length}`);
    assert.ok(snippet.length >= 80);
    assert.ok(snippet.isWellFormed());
  }
});

test('the greatest letter still makes a small summary', () => {
  const many = Array.from({ length: 3_000 }, (_, i) => `"${'ü'.repeat(300)}${i}" <${'a'.repeat(400)}${i}@b.test>`).join(
    ', ',
  );
  const files = Array.from(
    { length: 200 },
    (_, i) => `--q\nContent-Type: a/b; name="${'n'.repeat(900)}${i}"\n\nx\n`,
  ).join('');
  const ids = Array.from({ length: 500 }, (_, i) => `<${'r'.repeat(900)}${i}@b.test>`).join('\n ');
  const bytes = bytesOf(
    `From: ${many}\nTo: ${many}\nCc: ${many}\nSubject: ${'s'.repeat(9_000)}\nReferences: ${ids}\nContent-Type: multipart/mixed; boundary=q\n\n${files}`,
  );
  const size = canonicalBytes(makeSummaryFacts(bytes, readLetter(bytes))).length;
  assert.ok(size <= limits.message.summaryBytes, `${size}`);
});

test('half surrogates from a letter do not reach the canonical JSON', () => {
  const bytes = new Uint8Array([
    ...bytesOf(
      'Subject: =?utf-16be?b?2D0=?=\nTo: =?utf-16be?b?3AA=?= <a@b.test>\nContent-Type: text/html\n\n&#xD83D; ',
    ),
    0xed,
    0xa0,
    0xbd,
  ]);
  assert.doesNotThrow(() => canonicalBytes(makeSummaryFacts(bytes, readLetter(bytes))));
});
