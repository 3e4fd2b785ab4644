// The office's correspondence in English: a licence dispute, a certified translation, a delivery of software. All invented.

import { csvFile, pdfFile } from '../../sample-files.ts';
import { correspondence, party, type PlannedLetter } from './letter-plan.ts';
import { lucia, tom } from './matters-of-leyla.ts';

const ingrid = party('Ingrid Sørensen', 'ingrid@havnelys-systems.test');
const priya = party('Priya Nair', 'priya.nair@harrowmere.test');
const arbiter = party('Birkhaven Chamber of Arbitration', 'registry@arbitration-birkhaven.test');

const minutesHtml = `<p>Hi Leyla,</p><p>thanks for the call. In short:</p><ul><li>We accept the <b>settlement frame</b> you proposed (42,000 €).</li><li>The confidentiality clause stays as it is.</li><li>Signatures by <b>Friday next week</b>.</li></ul><p>Could you send the clean copy to <a href="mailto:legal@harrowmere.test">legal@harrowmere.test</a>? The <a href="https://harrowmere.test/terms">terms we refer to</a> have not changed.</p><p>Best,<br>Tom</p><blockquote style="margin:0 0 0 8px;padding-left:12px;border-left:2px solid #ccc;color:#555"><p>Leyla Yıldız wrote:</p><p>Dear Tom, here is the frame we discussed. Please let me know by Monday whether your side can live with it.</p></blockquote>`;

const harrowmere = correspondence({
  thread: 'harrowmere',
  subject: 'Settlement frame',
  folder: 'Harrowmere',
  replyWord: 'Re',
  cast: { t: tom, p: priya },
  lines: [
    [
      't>l',
      26,
      '10:44',
      'Dear Leyla,\n\nwe have reviewed your client’s claim regarding the unlicensed use of the drawings. Our position is that the existing licence covers them. That said, nobody here wants a trial. Would you be open to a call?\n\nBest regards\nTom Whitfield\nHead of Legal, Harrowmere',
    ],
    [
      'l>t',
      25,
      '09:15',
      'Dear Tom,\n\ngladly, Thursday at ten our time. For the record: the licence names twelve drawings, your catalogue shows thirty-one.\n\nKind regards\nLeyla Yıldız',
    ],
    [
      't>l,p',
      22,
      '16:20',
      'Dear Leyla,\n\nthank you for a constructive call. Priya will send the sales figures per drawing by Friday.\n\nTom',
    ],
    [
      'p>l',
      20,
      '15:05',
      'Dear Ms Yıldız,\n\nplease find the figures attached. Returns are already deducted.\n\nKind regards\nPriya Nair',
      {
        subject: 'Sales figures per drawing',
        files: [
          csvFile('sales-per-drawing.csv', [
            ['drawing', 'sold', 'returned', 'net'],
            ['D-01', '1204', '31', '1173'],
            ['D-02', '988', '12', '976'],
            ['D-13', '2310', '88', '2222'],
            ['D-27', '412', '5', '407'],
          ]),
        ],
      },
    ],
    [
      'l>t',
      12,
      '11:38',
      'Dear Tom,\n\nhere is the frame we discussed: 42,000 € as a final payment, a licence for all thirty-one drawings from now on, confidentiality as in your draft. Please let me know by Monday whether your side can live with it.\n\nLeyla',
    ],
    [
      't>l',
      10,
      '17:02',
      'Thanks for the call. In short: we accept the settlement frame you proposed (42,000 €). The confidentiality clause stays as it is. Signatures by Friday next week.\n\nBest,\nTom',
      { plainHtml: minutesHtml, isStarred: true },
    ],
    [
      'l>j',
      10,
      '17:30',
      'Jonas, Harrowmere nimmt an. 42.000 €, ohne Gericht. Ich gebe morgen Kuchen aus.\n\nLeyla',
      { subject: 'Harrowmere nimmt an' },
    ],
    ['j>l', 10, '17:41', 'Glückwunsch! Zwetschge, bitte.\n\nJonas', { subject: 'AW: Harrowmere nimmt an' }],
    [
      't>l',
      3,
      '12:50',
      'Dear Leyla,\n\nattached is the agreement, signed on our side. Since it names figures, I am sending it encrypted. Our key is on our website, please compare before you rely on it.\n\nTom',
      {
        seal: 'unproven',
        subject: 'Signed agreement',
        files: [
          pdfFile('Settlement_signed.pdf', 'Settlement Agreement', [
            'between Harrowmere Ltd and the Licensor.',
            '1. Harrowmere pays 42,000 € within 14 days.',
            '2. The licence extends to drawings D-01 to D-31.',
            '3. Both parties keep the terms confidential.',
          ]),
        ],
      },
    ],
    [
      'p>l',
      0,
      '10:36',
      'Dear Ms Yıldız,\n\nthe payment was released this morning. Could you confirm once it has arrived?\n\nPriya Nair',
      { subject: 'Payment released', isUnread: true },
    ],
  ],
});

const translation = correspondence({
  thread: 'poder',
  subject: 'Power of attorney, certified translation',
  folder: 'Nachlass Öztürk',
  replyWord: 'Re',
  cast: { f: lucia },
  sealedWith: ['f'],
  lines: [
    [
      'l>f',
      18,
      '14:10',
      'Dear Lucía,\n\nfor the flat in Almenara del Mar we need a power of attorney in Spanish that the registry there accepts. Could your office certify the translation?\n\nLeyla',
    ],
    [
      'f>l',
      17,
      '11:27',
      'Dear Leyla,\n\nof course. I need the original by courier and a scan now. Two weeks, perhaps less.\n\nSaludos\nLucía',
    ],
    ['l>f', 17, '13:00', 'The courier is on the way, tracking as agreed. Thank you!\n\nLeyla'],
    [
      'f>l',
      2,
      '09:03',
      'Dear Leyla,\n\nthe certified translation is ready. I will send the original by courier on Monday; a copy is attached so that you can already file it.\n\nSaludos\nLucía',
      {
        isUnread: true,
        files: [
          pdfFile('poder_notarial_de.pdf', 'Vollmacht, beglaubigte Übersetzung', [
            'Die unterzeichnende Übersetzerin bestätigt die Richtigkeit der Übersetzung.',
            'Almenara del Mar, Urkunde 1.118.',
          ]),
        ],
      },
    ],
  ],
});

const software = correspondence({
  thread: 'havnelys',
  subject: 'Acceptance test failed again',
  folder: 'Havnelys',
  replyWord: 'Re',
  cast: { i: ingrid, r: arbiter },
  lines: [
    [
      'i>j',
      27,
      '08:50',
      'Dear Jonas,\n\nthe supplier delivered the third version of the port scheduling module. Eleven of forty acceptance tests fail, among them all night shifts. The contract allows us to withdraw after the third attempt. Should we?\n\nIngrid Sørensen\nHavnelys Systems',
    ],
    [
      'j>i',
      27,
      '12:05',
      'Dear Ingrid,\n\nnot yet. First send a dated list of the failed tests and set a last term of ten days; I attach the wording. Then the withdrawal stands on firm ground.\n\nKind regards\nJonas',
      {
        files: [
          pdfFile('Notice_last_term.pdf', 'Notice: last term', [
            'We refer to clause 11.3 of the agreement.',
            'The third version failed the tests listed in annex A.',
            'We set a last term of ten days from receipt of this notice.',
          ]),
        ],
      },
    ],
    [
      'i>j',
      24,
      '09:31',
      'Sent this morning, with annex. Their project lead called within the hour, quite upset.\n\nIngrid',
    ],
    [
      'j>i',
      24,
      '10:15',
      'Good. Please keep everything in writing from now on, even friendly calls: a short note afterwards is enough.\n\nJonas',
    ],
    [
      'i>j',
      14,
      '16:47',
      'The term has passed. They delivered a fourth version yesterday: nine failures. Our board wants to withdraw.\n\nIngrid',
    ],
    [
      'j>i',
      13,
      '09:20',
      'Dear Ingrid,\n\nthen we withdraw. The agreement names the arbitration chamber here, so I have drafted the request. Please check the amounts in section 4.\n\nJonas',
      { isStarred: true },
    ],
    [
      'i>j',
      12,
      '13:33',
      'Amounts are right, one correction: the hardware was returned, so please take out 18,600.\n\nIngrid',
    ],
    [
      'r>j',
      5,
      '11:11',
      'We acknowledge receipt of your request for arbitration. The case number is A-88. The respondent has four weeks to answer.\n\nThe Registry',
      { subject: 'A-88: request received' },
    ],
    [
      'i>j',
      0,
      '12:41',
      'Dear Jonas,\n\nthey now offer to pay back everything except the training days. That is 91 %. What do you think?\n\nIngrid',
      { subject: 'Their offer', isUnread: true },
    ],
  ],
});

export const lettersFromAbroad: readonly PlannedLetter[] = [...harrowmere, ...translation, ...software];
