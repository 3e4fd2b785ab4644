// The corpus of test/letters against an independent parser; each known difference is named.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import PostalMime, { type Address as TheirAddress, type Email } from 'postal-mime';
import { KNOWN_DIFFERENCES } from '../../../test/letters/known-differences.ts';
import { readLetters } from '../../../test/letters/read-letters.ts';
import type { Address } from './addresses.ts';
import { attachmentBytes, makeDisplay } from './display.ts';
import { readLetter } from './letter-view.ts';

/** What both readers say about one letter, in one shape. Sizes only of base64: the oracle rewrites line ends of the rest. */
type Reading = Readonly<Record<string, string>>;

function ourReading(bytes: Uint8Array): Reading {
  const view = readLetter(bytes);
  const display = makeDisplay(bytes, view);
  return {
    from: view.from.slice(0, 1).map(person).join(),
    to: view.to.map(person).join(),
    cc: view.cc.map(person).join(),
    subject: view.subject,
    date: view.date ? new Date(view.date.atMs).toISOString() : '',
    messageId: view.messageId ?? '',
    text: collapsed(display.text),
    html: collapsed(display.html),
    files: [...display.images.values(), ...display.attachments]
      .map((file) => {
        const sizeBytes = file.part.encoding === 'base64' ? attachmentBytes(bytes, file).length : '';
        return `${file.name}|${file.type}|${sizeBytes}`;
      })
      .sort()
      .join(),
  };
}

function theirReading(letter: Email, ours: Reading): Reading {
  const base64Names = new Set((ours['files'] ?? '').split(',').filter((file) => !file.endsWith('|')));
  return {
    from: people(letter.from ? [letter.from] : []),
    to: people(letter.to ?? []),
    cc: people(letter.cc ?? []),
    subject: collapsed(letter.subject),
    date: letter.date ?? '',
    messageId: (letter.messageId ?? '').replace(/[<>]/g, ''),
    // one of both is enough: where we have none, the other side of an alternative stands for it
    text: ours['text'] === '' && ours['html'] !== '' ? '' : collapsed(letter.text),
    html: ours['html'] === '' && ours['text'] !== '' ? '' : collapsed(letter.html),
    files: letter.attachments
      .map((file) => {
        const sized = `${file.filename ?? ''}|${file.mimeType}|${sizeOf(file.content)}`;
        return base64Names.has(sized) ? sized : `${file.filename ?? ''}|${file.mimeType}|`;
      })
      .sort()
      .join(),
  };
}

function sizeOf(content: string | ArrayBuffer | Uint8Array): number {
  return typeof content === 'string' ? new TextEncoder().encode(content).length : content.byteLength;
}

function person({ name, address }: Address): string {
  return `${name}<${address}>`;
}

function people(list: readonly TheirAddress[]): string {
  return list
    .flatMap((entry) => {
      if (entry.group === undefined) return [person(entry)];
      return entry.group.length > 0 ? entry.group.map(person) : [person({ name: entry.name, address: '' })];
    })
    .join();
}

function collapsed(text: string | undefined): string {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}

test('each letter is read as an independent reader reads it, known differences aside', async () => {
  const letters = readLetters();
  assert.ok(letters.length >= 200);
  const names = new Set<string>();
  for (const { name, bytes } of letters) {
    const ours = ourReading(bytes);
    const letter = await PostalMime.parse(bytes, { forceRfc822Attachments: true });
    const theirs = theirReading(letter, ours);
    if (name in KNOWN_DIFFERENCES) {
      assert.notDeepEqual(ours, theirs, `${name}: the difference is gone, take it off the list`);
    } else assert.deepEqual(ours, theirs, name);
    names.add(name);
  }
  for (const name of Object.keys(KNOWN_DIFFERENCES)) assert.ok(names.has(name), `${name} is no letter`);
});

test('a known difference says what we read instead', () => {
  const read = (name: string): Reading => {
    const letter = readLetters().find((each) => each.name === name);
    assert.ok(letter, name);
    return ourReading(letter.bytes);
  };
  assert.equal(read('charsets/utf-7')['text'], 'Grüße & mehr + 1');
  assert.equal(read('charsets/html-meta-only')['html']?.includes('Добрый день'), true);
  assert.equal(read('charsets/utf-8-but-latin1')['text'], 'Doch Latin: für Müller');
  assert.equal(read('headers/addresses-broken')['to'], '"Elif<elif@brandt-yildiz.test>,@<>,<bert@b.test>');
  assert.equal(read('headers/addresses-routes')['to'], '<elif@brandt-yildiz.test>');
  assert.equal(read('shapes/no-header-section')['text'], 'Hallo Elif, das ist kein Kopf: nur Text.');
  assert.equal(read('multiparts/text-html-text')['text'], 'Oben. Mitte Unten.');
  assert.equal(read('content-types/folded-in-the-type')['html'], '<p>Körper</p>');
  assert.equal(read('encodings/uuencode')['text']?.startsWith('Sehr geehrte Frau Yıldız, größere'), true);
});
