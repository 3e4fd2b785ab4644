// Bodies, parts, charsets and encodings: what a letter holds is found, whatever way it was packed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bestBodies, listAttachments } from './bodies.ts';
import { decodeCharset } from './charset.ts';
import { makeDisplay } from './display.ts';
import { htmlToText } from './html-text.ts';
import { readLetter } from './letter-view.ts';
import { decodePart, decodeText } from './part-content.ts';
import { everyPart } from './parts.ts';
import { decodeBase64, decodeQuotedPrintable, decodeUuencode } from './transfer-encoding.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const crlf = (text: string): Uint8Array => bytesOf(text.replaceAll('\n', '\r\n'));

test('base64 is read through junk, missing padding and joined blocks', () => {
  assert.equal(textOf(decodeBase64(bytesOf('SGFs\r\nbG8='))), 'Hallo');
  assert.equal(textOf(decodeBase64(bytesOf('SGF!sbG8'))), 'Hallo');
  assert.equal(textOf(decodeBase64(bytesOf('SGFsbG8=SGFsbG8='))), 'HalloHallo');
  assert.equal(decodeBase64(bytesOf('A')).length, 0);
});

test('quoted-printable keeps broken escapes and drops soft breaks and blanks at line ends', () => {
  assert.equal(
    textOf(decodeQuotedPrintable(bytesOf('gr=C3=BCn =zz a=b  \r\nsoft=  \r\n!=20\r\nend='))),
    'grün =zz a=b\r\nsoft! \r\nend',
  );
});

test('uuencode is undone', () => {
  assert.equal(textOf(decodeUuencode(bytesOf('x\nbegin 644 a\n%2&%L;&\\\n`\nend\n'))), 'Hallo');
});

test('text in unknown, missing or wrong charsets is still read', () => {
  assert.equal(decodeCharset(Uint8Array.of(0x66, 0xfc, 0x72), undefined), 'für');
  assert.equal(decodeCharset(Uint8Array.of(0x66, 0xfc, 0x72), 'utf-8'), 'für');
  assert.equal(decodeCharset(bytesOf('für'), 'us-ascii'), 'für');
  assert.equal(decodeCharset(bytesOf('für'), 'x-klingon'), 'für');
  assert.equal(decodeCharset(bytesOf('Gr+APwA3w-e +- 1'), 'utf-7'), 'Grüße + 1');
  assert.equal(decodeCharset(Uint8Array.of(0xa4), 'ISO-8859-15'), '€');
  assert.equal(decodeCharset(Uint8Array.of(0xff, 0x41), 'constructor'), 'ÿA');
});

const NESTED = crlf(`Content-Type: multipart/mixed; boundary=out

--out
Content-Type: multipart/related; boundary="in"

--in
Content-Type: multipart/alternative; boundary=alt

--alt
Content-Type: text/plain

text
--alt
Content-Type: text/html

<p>html <img src="cid:a@b"></p>
--alt--
--in
Content-Type: image/png; name=a.png
Content-ID: <a@b>
Content-Transfer-Encoding: base64

AAAA
--in--
--out
Content-Type: application/pdf
Content-Disposition: attachment; filename="a.pdf"

%PDF
--out--
`);

test('the tree of nested multiparts has exact offsets', () => {
  const view = readLetter(NESTED);
  const kinds = [...everyPart(view.root)].map((part) => part.contentType.subtype);
  assert.deepEqual(kinds, ['mixed', 'related', 'alternative', 'plain', 'html', 'png', 'pdf']);
  const pdf = [...everyPart(view.root)].at(-1);
  assert.equal(pdf && textOf(decodePart(NESTED, pdf)), '%PDF');
});

test('bodies are chosen, the image of the HTML is no file, the file is', () => {
  const view = readLetter(NESTED);
  const bodies = bestBodies(view.root);
  assert.deepEqual([bodies.text.length, bodies.html.length, bodies.attachments.length], [1, 1, 2]);
  const display = makeDisplay(NESTED, view);
  assert.equal(display.text, 'text');
  assert.deepEqual([...display.images.keys()], ['a@b']);
  assert.deepEqual(
    display.attachments.map((attachment) => attachment.name),
    ['a.pdf'],
  );
});

test('a file with a Content-ID stays a file, and an image nobody refers to is listed', () => {
  const bytes = crlf(`Content-Type: multipart/mixed; boundary=q

--q
Content-Type: text/html

<p>x</p>
--q
Content-Type: application/pdf; name=a.pdf
Content-ID: <1>

x
--q
Content-Type: image/png; name=b.png
Content-ID: <2>

x
--q--
`);
  const view = readLetter(bytes);
  assert.deepEqual(
    listAttachments(view.bodies).map((attachment) => attachment.isInline),
    [false, true],
  );
  assert.equal(makeDisplay(bytes, view).attachments.length, 2);
});

test('a multipart whose boundary never comes is shown as text, so that nothing is hidden', () => {
  const bytes = crlf('Content-Type: multipart/mixed; boundary=nowhere\n\nhello\n');
  assert.equal(readLetter(bytes).readableText, 'hello\n');
});

test('depth and number of parts are bounded', () => {
  let deep = 'Content-Type: text/plain\n\nx\n';
  for (let i = 0; i < 100; i++) deep = `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n${deep}\n--b${i}--\n`;
  assert.equal([...everyPart(readLetter(crlf(deep)).root)].length, 33);
  const wide = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(5_000)}--b--\n`;
  assert.equal([...everyPart(readLetter(crlf(wide)).root)].length, 1_000);
});

test('flowed text is joined, its quotes and signature stay apart', () => {
  const bytes = crlf('Content-Type: text/plain; format=flowed\n\none \ntwo\n> q \n> r\n-- \nme\n');
  const view = readLetter(bytes);
  assert.equal(decodeText(bytes, view.root), 'one two\n> q r\n-- \nme\n');
});

test('HTML is read without its scripts, styles, comments and tags', () => {
  assert.equal(
    htmlToText('<head><style>p{}</style></head><p>a&nbsp;&auml;&#8364;<!-- no --><br>b<script>no</script></p>c'),
    'a ä€\nb\nc',
  );
  assert.equal(htmlToText('1 < 2 & 3 > 2 &lt;b&gt; &amp;lt; &unknown;'), '1 < 2 & 3 > 2 <b> &lt; &unknown;');
  assert.equal(htmlToText('<a href="x>y">z</a><p title=it\'s>ok</p>'), 'z\nok');
  assert.equal(htmlToText('seen<!-- never closed'), 'seen');
  assert.equal(htmlToText('seen<style>never closed'), 'seen');
});
