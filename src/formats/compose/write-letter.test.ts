// What is written reads as what was meant, here and with an independent reader; and no text breaks out of its place.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { attachmentBytes, makeDisplay } from '../message/display.ts';
import { readLetter } from '../message/letter-view.ts';
import { oneLine } from './field-lines.ts';
import { writeLetter, type LetterBody, type LetterFields, type LetterFrame } from './write-letter.ts';

const FIELDS: LetterFields = {
  from: { name: 'Ayşe Öztürk', address: 'ayse@siegel.test' },
  to: [{ name: 'Brandt, Jonas', address: 'jonas@siegel.test' }],
  cc: [],
  bcc: [],
  subject: 'Der Entwurf für Möckern',
  dateMs: Date.UTC(2026, 4, 17, 23, 59, 58),
  messageId: 'abc.def@siegel.test',
  inReplyTo: ['one@elsewhere.test'],
  references: ['zero@elsewhere.test', 'one@elsewhere.test'],
};
const BODY: LetterBody = { plainText: 'Guten Tag\n\nAyşe\n', plainHtml: undefined, files: [] };
const FRAME: LetterFrame = { boundarySeed: 'k3v9', isProtected: false, autocrypt: undefined, outerFields: [] };

function write(fields: Partial<LetterFields> = {}, body: Partial<LetterBody> = {}, frame: Partial<LetterFrame> = {}) {
  const written = writeLetter({ ...FIELDS, ...fields }, { ...BODY, ...body }, { ...FRAME, ...frame });
  if (!written.ok) throw new Error(written.error.kind);
  return written.value;
}

function linesOf(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder('latin1').decode(bytes);
  assert.ok(!/(?<!\r)\n|\r(?!\n)/.test(text), 'a line end that is not CRLF');
  return text.split('\r\n');
}

const text = fc.string({
  unit: fc.constantFrom(...'aäß€漢😀 =?_"<>,;:\\\t\r\n\u0000\u202e.()@'.split(/(?:)/u)),
  maxLength: 120,
});
const addresses = fc
  .tuple(fc.stringMatching(/^[a-z0-9][a-z0-9.+-]{0,20}$/), fc.constantFrom('a.test', 'bücher.test', 'sub.b.test'))
  .map(([local, domain]) => `${local.replaceAll(/\.+/g, '.').replace(/\.$/, '')}@${domain}`);

test('a letter reads as it was meant, for this house and for another reader', async () => {
  await fc.assert(
    fc.asyncProperty(
      text,
      text,
      text,
      fc.array(fc.record({ name: text, address: addresses }), { minLength: 1, maxLength: 6 }),
      async (subject, plainText, plainHtml, to) => {
        const { plainBytes } = write(
          { subject, to },
          { plainText, plainHtml: plainHtml === '' ? undefined : plainHtml },
        );
        const lines = linesOf(plainBytes);
        assert.ok(lines.every((line) => line.length <= 998));
        const view = readLetter(plainBytes);
        const clean = (value: string): string => oneLine(value).slice(0, 200).trim();
        assert.equal(view.subject, oneLine(subject));
        assert.deepEqual(
          view.to.map((one) => clean(one.name)),
          to.map((one) => clean(one.name)),
        );
        assert.deepEqual(
          view.to.map((one) => one.address),
          to.map((one) => one.address.replace('bücher', 'xn--bcher-kva')),
        );
        const display = makeDisplay(plainBytes, view);
        const meant = (value: string): string =>
          value.toWellFormed().replaceAll('\u0000', '').replaceAll(/\r\n?/g, '\n').trimEnd();
        assert.equal((display.text ?? '').replaceAll('\r\n', '\n').trimEnd(), meant(plainText));
        const other = await PostalMime.parse(plainBytes);
        assert.equal(oneLine(other.subject ?? ''), oneLine(subject));
        assert.equal((other.text ?? '').replaceAll('\r\n', '\n').trimEnd(), meant(plainText));
        assert.equal(other.to?.length, to.length);
      },
    ),
    { numRuns: 300 },
  );
});

test('files and images within the text come back byte for byte under their names', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), text, fc.boolean(), async (bytes, name, isImage) => {
      const file = {
        name,
        mediaType: isImage ? 'image/png' : 'application/pdf',
        bytes,
        contentId: isImage ? 'one@x' : undefined,
      };
      const { plainBytes } = write({}, { plainHtml: isImage ? '<img src="cid:one@x">' : undefined, files: [file] });
      linesOf(plainBytes);
      const view = readLetter(plainBytes);
      const display = makeDisplay(plainBytes, view);
      const found = isImage ? display.images.get('one@x') : display.attachments[0];
      assert.ok(found);
      assert.deepEqual(new Uint8Array(attachmentBytes(plainBytes, found)), new Uint8Array(bytes));
      const other = await PostalMime.parse(plainBytes);
      const [attachment] = other.attachments;
      assert.ok(attachment && typeof attachment.content !== 'string');
      assert.deepEqual(new Uint8Array(attachment.content), new Uint8Array(bytes));
      const expected = oneLine(name).replaceAll(/[/\\]/g, '_').slice(0, 200) || 'file';
      assert.equal(attachment.filename, expected);
    }),
    { numRuns: 200 },
  );
});

test('the date is in UTC and no field names a program', () => {
  const head = linesOf(write().plainBytes).slice(0, 12).join('\n');
  assert.match(head, /^Date: Sun, 17 May 2026 23:59:58 \+0000$/m);
  assert.doesNotMatch(head, /user-agent|x-mailer|x-originating/i);
});

test('conversation, carbon copies and the hidden copy of the own letter stand in their fields', () => {
  const { plainBytes } = write({ cc: [{ name: '', address: 'c@x.test' }], bcc: [{ name: '', address: 'b@x.test' }] });
  const view = readLetter(plainBytes);
  assert.equal(view.messageId, 'abc.def@siegel.test');
  assert.deepEqual(view.inReplyTo, ['one@elsewhere.test']);
  assert.deepEqual(view.references, ['zero@elsewhere.test', 'one@elsewhere.test']);
  assert.equal(view.cc[0]?.address, 'c@x.test');
  assert.equal(view.bcc[0]?.address, 'b@x.test');
});

test('a letter with letters beyond ASCII before the @ says that it needs SMTPUTF8, a domain alone does not', () => {
  assert.equal(write({ to: [{ name: '', address: 'jörg@x.test' }] }).needsUtf8, true);
  assert.equal(
    readLetter(write({ to: [{ name: '', address: 'jörg@x.test' }] }).plainBytes).to[0]?.address,
    'jörg@x.test',
  );
  assert.equal(write({ to: [{ name: 'Jörg', address: 'jorg@bücher.test' }] }).needsUtf8, false);
});

test('what is no address is refused with its text', () => {
  const written = writeLetter({ ...FIELDS, to: [{ name: '', address: 'nobody' }] }, BODY, FRAME);
  assert.deepEqual(written, { ok: false, error: { kind: 'badAddress', address: 'nobody' } });
});

test('a letter to be sealed carries its outer fields and the author’s word for it', () => {
  const { plainBytes } = write({}, {}, { isProtected: true, outerFields: ['Subject: [...]\r\n'] });
  const view = readLetter(plainBytes);
  assert.equal(view.contentType.parameters.get('hp'), 'cipher');
  assert.equal(view.findText('hp-outer'), 'Subject: [...]');
});

test('a file that calls itself a multipart or a message is carried as plain bytes', () => {
  for (const mediaType of ['message/rfc822', 'multipart/mixed', 'text/html\r\nBcc: x@y.test', 'nonsense']) {
    const file = { name: 'a.eml', mediaType, bytes: new Uint8Array([1, 2]), contentId: undefined };
    const { plainBytes } = write({}, { files: [file] });
    assert.equal(readLetter(plainBytes).root.children[1]?.contentType.mediaType, 'application/octet-stream');
    assert.equal(readLetter(plainBytes).bcc.length, 0);
  }
});
