// Letters that leave in somebody's name: what is refused, and that Bcc never leaves.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ownAddressTest } from '../smtp/own-address.ts';
import { readOutgoing } from './outgoing-letter.ts';

const isOwn = ownAddressTest(['anna@siegel.test', 'sales@siegel.test']);
const DATE = 'Date: Sun, 17 May 2026 12:00:00 +0000\r\n';

function read(header: string): string {
  const checked = readOutgoing(new TextEncoder().encode(`${header}\r\nBcc: not a field here\r\n`), isOwn);
  if (checked.ok) return new TextDecoder().decode(checked.value.bytes);
  return checked.error.kind === 'notALetter' ? checked.error.fields.join(' ') : checked.error.kind;
}

test('an account’s own addresses are its own, in any case and with a suffix; no others are', () => {
  for (const own of ['anna@siegel.test', 'Anna@Siegel.test', 'anna+shop@siegel.test', 'sales@siegel.test']) {
    assert.equal(isOwn(own), true, own);
  }
  for (const other of [
    'ben@siegel.test',
    'anna@elsewhere.test',
    'anna',
    '',
    'ben+anna@siegel.test',
    'ann@siegel.test',
  ]) {
    assert.equal(isOwn(other), false, other);
  }
});

test('a letter in its own author’s name may leave as it is', () => {
  const header = `From: Anna <anna@siegel.test>\r\nTo: b@c.test\r\n${DATE}`;
  assert.equal(read(header), `${header}\r\nBcc: not a field here\r\n`);
});

test('fields Bcc are taken out, wherever they stand and however they are folded; the text is left alone', () => {
  const header = `bcc: a@b.test\r\nFrom: anna@siegel.test\r\nBCC: c@d.test,\r\n e@f.test\r\n${DATE}Resent-Bcc: g@h.test\r\n`;
  assert.equal(read(header), `From: anna@siegel.test\r\n${DATE}\r\nBcc: not a field here\r\n`);
});

test('a letter in somebody else’s name is refused, also when only one of its authors is', () => {
  assert.equal(read(`From: ben@siegel.test\r\n${DATE}`), 'foreignAuthor');
  assert.equal(read(`From: anna@siegel.test, ben@siegel.test\r\n${DATE}`), 'foreignAuthor');
  assert.equal(read(`From: anna@siegel.test\r\nSender: ben@siegel.test\r\n${DATE}`), 'foreignAuthor');
  assert.equal(read(`From: "anna@siegel.test" <ben@siegel.test>\r\n${DATE}`), 'foreignAuthor');
});

test('what is no whole letter is refused and says which field it is', () => {
  assert.equal(read(DATE), 'from');
  assert.equal(read(`From: anna@siegel.test\r\nFrom: ben@siegel.test\r\n${DATE}`), 'from');
  assert.equal(read(`From: nobody:;\r\n${DATE}`), 'from');
  assert.equal(read('From: anna@siegel.test\r\n'), 'sentAt');
  assert.equal(read('From: anna@siegel.test\r\nDate: yesterday\r\n'), 'sentAt');
  assert.equal(read(`From: anna@siegel.test\r\nSender: anna@siegel.test\r\nSender: x@y.test\r\n${DATE}`), 'sender');
  assert.equal(read(`From: anna@siegel.test\r\n${DATE}${'X-A: b\r\n'.repeat(3_000)}`), 'headers');
  assert.equal(read('no header at all'), 'headers');
});

test('a header that another reader could read otherwise is refused', () => {
  const header = `From: anna@siegel.test\r\n${DATE}`;
  assert.equal(read(`${header}X: a\rFrom: ben@siegel.test\r\n`), 'headers', 'a bare CR is a line end to some');
  assert.equal(read(`${header}\rBcc: c@d.test\r\n`), 'headers');
  assert.equal(read(`Bcc: c@d.test\r\nno field\r\n${header}`), 'headers', 'without Bcc it would be all body');
  assert.equal(read(`${header}no field\r\n`), 'headers');
  assert.equal(
    read(header.replaceAll('\r\n', '\n')),
    `${header.replaceAll('\r\n', '\n')}\r\nBcc: not a field here\r\n`,
  );
});

test('whatever comes, Bcc never leaves and nobody writes in another’s name', () => {
  const line = fc.constantFrom(
    'From: anna@siegel.test',
    'from : ben@siegel.test',
    DATE.trim(),
    'Bcc: x@y.test',
    ' folded',
    'BCC :',
    '',
    '\u00a0',
    'Sender: a',
    'To: b',
  );
  const end = fc.constantFrom('\r\n', '\n', '\r');
  fc.assert(
    fc.property(fc.array(fc.tuple(line, end), { maxLength: 12 }), (lines) => {
      const bytes = new TextEncoder().encode(lines.map((pair) => pair.join('')).join(''));
      const checked = readOutgoing(bytes, isOwn);
      if (!checked.ok) return;
      const again = readOutgoing(checked.value.bytes, isOwn);
      assert.ok(again.ok);
      assert.deepEqual(again.value.view.findFields('bcc'), []);
      assert.deepEqual(
        again.value.view.from.map(({ address }) => address),
        ['anna@siegel.test'],
      );
    }),
    { numRuns: 2_000 },
  );
});
