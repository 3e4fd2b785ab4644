// Whom a program may answer: one author who is the envelope's sender too, proven; each other case alone is silence, and the letter without it is answered.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLetter } from '#formats/message/letter-view.ts';
import { mayAnswer, silences, type LetterOrigin, type Silence } from './may-answer.ts';

const DESK = 'requests@house.test';
const AUTHOR = { local: 'lang', domain: 'sta.test' };

interface Case {
  readonly head?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly origin?: Partial<LetterOrigin>;
}

function answered({
  head = [],
  from = 'Frau Lang <lang@sta.test>',
  to = DESK,
  origin = {},
}: Case): ReturnType<typeof mayAnswer> {
  const lines = [`From: ${from}`, `To: ${to}`, 'Subject: x', ...head, '', 'text', ''];
  return mayAnswer(readLetter(Buffer.from(lines.join('\r\n'))), {
    sender: AUTHOR,
    isProven: true,
    isJunk: false,
    deskAddress: DESK,
    isOwnDomain: (domain) => domain === 'house.test',
    ...origin,
  });
}

const cases: readonly (readonly [string, Silence, Case])[] = [
  ['no sender in the envelope', 'noSender', { origin: { sender: undefined } }],
  ['nothing proves the author', 'unproven', { origin: { isProven: false } }],
  ['another sender than author', 'otherAuthor', { origin: { sender: { local: 'gross', domain: 'sta.test' } } }],
  ['two authors', 'otherAuthor', { from: 'lang@sta.test, gross@sta.test' }],
  ['two fields of authors', 'otherAuthor', { head: ['From: gross@sta.test'] }],
  ['an author without an address', 'otherAuthor', { from: 'Frau Lang' }],
  ['answered by a program', 'automatic', { head: ['Auto-Submitted: auto-replied'] }],
  ['written by a program', 'automatic', { head: ['auto-submitted: auto-generated (cron)'] }],
  ['wants no answers by programs', 'automatic', { head: ['X-Auto-Response-Suppress: OOF'] }],
  ['a loop mark', 'automatic', { head: ['X-Loop: lang@sta.test'] }],
  ['a list', 'list', { head: ['List-Id: Presse <presse.sta.test>'] }],
  ['a newsletter', 'list', { head: ['List-Unsubscribe: <mailto:u@sta.test>'] }],
  ['bulk', 'list', { head: ['Precedence: bulk'] }],
  ...[
    'mailer-daemon',
    'MAILER-DAEMON',
    'postmaster',
    'owner-presse',
    'presse-owner',
    'presse-request',
    'noreply',
    'no-reply',
    'do-not-reply',
    'bounces+7=lang',
    'listserv',
  ].map(
    (local) =>
      [
        `the name ${local}`,
        'machine',
        { from: `${local}@sta.test`, origin: { sender: { local, domain: 'sta.test' } } },
      ] as const,
  ),
  ['one of ours', 'ours', { from: 'mara@house.test', origin: { sender: { local: 'mara', domain: 'house.test' } } }],
  ['a letter to somebody else', 'notToUs', { to: 'presse@house.test' }],
  ['a letter to nobody', 'notToUs', { to: 'undisclosed-recipients:;' }],
  ['junk by the operator’s filter', 'junk', { origin: { isJunk: true } }],
];

for (const [name, silence, of] of cases) {
  test(`${name}: no answer`, () => assert.deepEqual(answered(of), { silence }));
}

test('the same letter without all that is answered, to its author; every reason for silence was tried', () => {
  assert.deepEqual(answered({}), { to: 'lang@sta.test' });
  assert.deepEqual(answered({ to: 'presse@sta.test', head: [`Cc: Requests <${DESK.toUpperCase()}>`] }), {
    to: 'lang@sta.test',
  });
  assert.deepEqual(answered({ head: ['Auto-Submitted: no'] }), { to: 'lang@sta.test' });
  assert.deepEqual(answered({ from: 'LANG@STA.TEST' }), { to: 'lang@sta.test' });
  assert.deepEqual(new Set(cases.map(([, silence]) => silence)), new Set(silences));
});
