// What an answer says of the letter before it, and the certificate that travels along.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLetter } from '../message/letter-view.ts';
import { autocryptField, parseAutocrypt } from './autocrypt.ts';
import { forwardText, htmlOfText, quoteHtml, quoteText } from './quote.ts';

test('quoted lines show their level, and a signature is left out', () => {
  const plain = 'Hello\r\n\r\n> before\r\n-- \r\nCarl';
  assert.equal(quoteText(plain, 'Carl wrote:'), 'Carl wrote:\n> Hello\n>\n>> before\n');
});

test('an attribution cannot bring its own HTML', () => {
  const html = quoteHtml('<html><head><style>p{}</style></head><body class=x><p>Hi</p></body></html>', 'A <b> wrote');
  assert.equal(html, '<p>A &lt;b&gt; wrote</p><blockquote type="cite"><p>Hi</p></blockquote>');
  assert.equal(htmlOfText('a < b\nc\n\nd'), '<p>a &lt; b<br>c</p><p>d</p>');
});

test('a forwarded letter says who wrote it and when', () => {
  const text = forwardText(
    'Forwarded letter',
    [
      ['From', 'Carl'],
      ['Cc', ''],
    ],
    'Hi',
  );
  assert.equal(text, '---------- Forwarded letter ----------\nFrom: Carl\n\nHi');
});

test('a certificate sent along is read again as the same', () => {
  const certificate = new Uint8Array(500).map((_, n) => n);
  const letter = new TextEncoder().encode(`${autocryptField('anna@siegel.test', certificate)}\r\n`);
  const read = parseAutocrypt(readLetter(letter).findText('autocrypt') ?? '');
  assert.deepEqual(read, { address: 'anna@siegel.test', prefersEncryption: true, certificate });
});

test('a certificate field with unknown parts that matter, twice the same, or without a key is none', () => {
  assert.equal(parseAutocrypt('addr=a@x; critical=1; keydata=AAAA'), undefined);
  assert.notEqual(parseAutocrypt('addr=a@x; _extra=1; keydata=AAAA'), undefined);
  assert.equal(parseAutocrypt('addr=a@x; addr=b@x; keydata=AAAA'), undefined);
  assert.equal(parseAutocrypt('addr=a@x; keydata='), undefined);
  assert.equal(parseAutocrypt('addr=a@x; keydata=!!'), undefined);
});
