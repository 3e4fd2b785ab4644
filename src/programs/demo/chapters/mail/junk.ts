// What nobody asked for. All senders are invented, and none of their links leads anywhere.

import { jonas, leyla, party, secretariat, type Party, type PlannedLetter } from './letter-plan.ts';

type Entry = readonly [from: Party, to: Party, day: number, time: string, subject: string, plainText: string];

const junk: readonly Entry[] = [
  [
    party('Gewinnzentrale', 'glueck@gewinn-jetzt.test'),
    leyla,
    16,
    '02:14',
    'Sie haben gewonnen: bitte sofort bestätigen',
    'Ihr Gewinn wartet. Klicken Sie hier: http://gewinn-jetzt.test/ja?id=8817',
  ],
  [
    party('Gewinnzentrale', 'glueck@gewinn-jetzt.test'),
    jonas,
    12,
    '02:31',
    'Letzte Mahnung: Ihr Gewinn verfällt',
    'Ihr Gewinn verfällt heute. Klicken Sie hier: http://gewinn-jetzt.test/ja?id=8818',
  ],
  [
    party('Kredit ohne Fragen', 'sofort@geld-schnell.test'),
    leyla,
    10,
    '03:02',
    '50.000 EUR in 5 Minuten',
    'Kein Nachweis, keine Auskunft, nur Ihre Unterschrift. Antworten Sie mit JA.',
  ],
  [
    party('Office supplies direct', 'sales@cheap-toner.test'),
    secretariat,
    8,
    '04:44',
    'TONER 90% OFF today only',
    'Dear customer, best toner best price. Reply to order now.',
  ],
  [
    party('Prince Adewale', 'prince@royal-estate.test'),
    jonas,
    6,
    '01:20',
    'Confidential: your share of 12 million',
    'Dear friend, I write to you in confidence regarding a sum in a locked account.',
  ],
  [
    party('Konto-Sicherheit', 'warnung@konto-pruefung.test'),
    secretariat,
    4,
    '05:05',
    'Ihr Konto wurde eingeschränkt',
    'Bestätigen Sie Ihre Daten binnen 24 Stunden: http://konto-pruefung.test/login',
  ],
  [
    party('SEO Experts', 'mike@first-page-rank.test'),
    leyla,
    2,
    '03:37',
    'I visited your website',
    'Hello, I found some errors on your website and can bring you to page one.',
  ],
];

export const junkLetters: readonly PlannedLetter[] = junk.map(([from, to, day, time, subject, plainText]) => ({
  from,
  to: [to],
  day,
  time,
  subject,
  plainText,
  isJunk: true,
  isUnread: true,
}));
