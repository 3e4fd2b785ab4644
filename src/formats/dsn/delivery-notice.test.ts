// A notice read by a program and by a person: what it says, and that nothing a peer says can break it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { formatDeliveryNotice, type DeliveryNotice } from './delivery-notice.ts';
import { reasonFor } from './reasons.ts';

const NOTICE: DeliveryNotice = {
  kind: 'failed',
  reportingHost: 'mx.siegel.test',
  from: 'MAILER-DAEMON@siegel.test',
  to: 'anna@siegel.test',
  messageId: '2@siegel.test',
  boundary: 'abc',
  nowMs: Date.UTC(2026, 4, 17, 12),
  arrivedMs: Date.UTC(2026, 4, 17, 10),
  envelopeId: 'env-1',
  recipients: [
    { address: 'ben@there.test', action: 'failed', status: '5.1.1', code: 550, plainText: 'no such user — sorry' },
  ],
  plainLetter: Buffer.from(
    'From: anna@siegel.test\r\nSubject: A secret\r\nMessage-ID: <1@siegel.test>\r\n\r\nThe body stays here\r\n',
  ),
};
const textOf = (notice: DeliveryNotice): string => new TextDecoder().decode(formatDeliveryNotice(notice));
const decoder = new TextDecoder();

test('a person reads in both languages who was not reached, why, and in the other server’s words', async () => {
  const letter = await PostalMime.parse(formatDeliveryNotice(NOTICE));
  for (const words of [
    'Ihr Brief konnte nicht zugestellt werden an:',
    'Diese Adresse gibt es dort nicht. Prüfen Sie die Schreibweise.',
    'Your letter could not be delivered to:',
    'There is no such address there.',
    '550 no such user — sorry',
  ])
    assert.ok(letter.text?.includes(words), words);
  assert.equal(letter.subject, 'Nicht zugestellt / Not delivered');
  assert.equal(letter.inReplyTo, '<1@siegel.test>');
});

test('a program finds status, action and header; the body of the letter is not sent round', () => {
  const text = textOf(NOTICE);
  assert.match(text, /^Content-Type: multipart\/report; report-type=delivery-status;\r\n boundary="=_abc"\r\n/m);
  assert.match(
    text,
    /\r\n--=_abc\r\nContent-Type: message\/delivery-status\r\n\r\nReporting-MTA: dns; mx\.siegel\.test\r\nOriginal-Envelope-Id: env-1\r\nArrival-Date: Sun, 17 May 2026 10:00:00 \+0000\r\n\r\nFinal-Recipient: rfc822; ben@there\.test\r\nAction: failed\r\nStatus: 5\.1\.1\r\nDiagnostic-Code: smtp; 550 no such user \? sorry\r\nLast-Attempt-Date: Sun, 17 May 2026 12:00:00 \+0000\r\n/,
  );
  assert.match(text, /Content-Type: text\/rfc822-headers\r\n\r\nFrom: anna@siegel\.test\r\nSubject: A secret\r\n/);
  assert.match(text, /^Auto-Submitted: auto-replied\r$/m);
  assert.ok(!text.includes('The body stays here'));
  assert.ok(text.endsWith('--=_abc--\r\n'));
});

test('a delay says until when it is tried, and is no failure', () => {
  const recipients = [
    { address: 'ben@there.test', action: 'delayed', status: '5.4.1', code: 0, plainText: 'nobody there' },
  ] as const;
  const text = textOf({ ...NOTICE, kind: 'delayed', recipients, retryUntilMs: NOTICE.arrivedMs + 5 * 86_400_000 });
  assert.match(
    text,
    /Action: delayed\r\nStatus: 4\.4\.1\r\nLast-Attempt-Date: [^\r]+\r\nWill-Retry-Until: Fri, 22 May 2026 10:00:00 \+0000\r\n/,
  );
  assert.ok(!text.includes('Diagnostic-Code'), 'our own words are no answer of a server');
});

test('a damaged letter is told of without recipients and without a report, with the hour it was handed in', async () => {
  const bytes = formatDeliveryNotice({ ...NOTICE, kind: 'notSent', recipients: [], plainLetter: undefined });
  const letter = await PostalMime.parse(bytes);
  assert.match(letter.text ?? '', /bitte senden Sie ihn noch einmal/);
  assert.match(letter.text ?? '', /please send it again/);
  assert.match(letter.text ?? '', /Handed in: 2026-05-17 10:00 UTC/);
  assert.ok(!decoder.decode(bytes).includes('delivery-status'));
});

test('a letter of which nobody knows whether it left is not to be sent again unasked', async () => {
  const bytes = formatDeliveryNotice({ ...NOTICE, kind: 'unknown', recipients: [], plainLetter: undefined });
  const letter = await PostalMime.parse(bytes);
  assert.equal(letter.subject, 'Vielleicht nicht gesendet / Perhaps not sent');
  assert.match(
    letter.text ?? '',
    /Vielleicht nicht gesendet: bitte fragen Sie beim Empfänger nach, bevor Sie ihn noch einmal senden\./,
  );
  assert.match(letter.text ?? '', /Perhaps not sent: please check with the recipient before sending again\./);
  assert.doesNotMatch(letter.text ?? '', /has not left|nicht hinausgegangen|please send it again/);
});

test('addresses beyond ASCII make it a report of the newer kind', () => {
  const recipients = [
    { address: 'jörg@müller.test', action: 'failed', status: '5.6.7', code: 0, plainText: '' },
  ] as const;
  const text = textOf({ ...NOTICE, recipients, plainLetter: Buffer.from('Subject: Grüße\r\n\r\nx') });
  assert.match(text, /Content-Type: message\/global-delivery-status\r\n/);
  assert.match(text, /Final-Recipient: utf-8; jörg@müller\.test\r\n/);
  assert.match(text, /Content-Type: message\/global-headers\r\n\r\nSubject: Grüße\r\n/);
});

test('whatever a peer says, an address holds or a header is, the notice stays one letter of three parts', async () => {
  const nasty = fc.string({
    unit: fc.constantFrom('a', '\r\n', '\n', '--=_abc', ' ', ':', '"', 'ü', '\u2028', '\0', '<', '>'),
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(nasty, nasty, nasty, async (address, plainText, subject) => {
      const recipients = [{ address, action: 'failed', status: address, code: 550, plainText }] as const;
      const plainLetter = Buffer.from(
        `Subject: ${subject.replaceAll(/[\r\n\0]+/g, ' ').replaceAll('--=_abc', '')}\r\n\r\nx`,
      );
      const bytes = formatDeliveryNotice({ ...NOTICE, recipients, plainLetter });
      const text = decoder.decode(bytes);
      assert.equal(text.split('\r\n--=_abc').length - 1, 4);
      assert.ok(!/[^\r]\n|\r[^\n]/.test(text));
      assert.equal((await PostalMime.parse(bytes)).to?.[0]?.address, 'anna@siegel.test');
    }),
    { numRuns: 500 },
  );
});

test('every code has a sentence in both languages', () => {
  for (const code of ['5.1.1', '5.4.7', '4.7.99', '5.9.9', '', 'nonsense', '5.1.1\r\n']) {
    const { english, german } = reasonFor(code);
    assert.ok(english.length > 10 && german.length > 10, code);
  }
  assert.notDeepEqual(reasonFor('5.4.1'), reasonFor('5.4.6'));
});
