// What the office writes on the day it opens: letters that leave, one that waits, drafts. All people, firms and courts are invented.

import { pdfFile } from '../../sample-files.ts';
import type { PersonKey } from '../../persons.ts';
import type { SampleFile } from '../../sample-letter-text.ts';
import { jonas, leyla, mara, party, type Party } from '../mail/letter-plan.ts';
import { hatice, lucia, notary, tom } from '../mail/matters-of-leyla.ts';

export interface WrittenLetter {
  readonly by: PersonKey;
  readonly to: readonly Party[];
  readonly subject: string;
  readonly plainText: string;
  readonly files?: readonly SampleFile[];
  /** The subject of a letter in the writer's inbox that it answers. */
  readonly answers?: string;
}

const housing = party('Quittenhof Wohnen GmbH', 'verwaltung@quittenhof.test');
const surveyor = party('Dipl.-Ing. Ruth Alberding', 'alberding@bausachverstand.test');
const landCourt = party('Landgericht Birkhaven', 'poststelle@lg-birkhaven.test');
const labourCourt = party('Arbeitsgericht Birkhaven', 'poststelle@arbg-birkhaven.test');
const glassworks = party('Glaswerk Finkenau GmbH, Personal', 'personal@glaswerk-finkenau.test');

const reply = pdfFile('Replik_Entwurf.pdf', 'Replik, Entwurf', [
  'Die Abdichtung des Balkonanschlusses fehlt auf ganzer Länge.',
  'Auf das Lüften der Klägerin kommt es nicht an.',
]);

/** In this order: an answer comes after what it answers. */
export const sentLetters: readonly WrittenLetter[] = [
  {
    by: 'leyla',
    to: [jonas],
    subject: 'Demir: Entwurf der Replik',
    plainText:
      'Lieber Jonas,\n\nanbei der Entwurf. Liest du bitte Ziffer 3 gegen, bevor er hinausgeht? Mir ist der Satz zum Lüften noch zu lang.\n\nLeyla',
    files: [reply],
  },
  {
    by: 'jonas',
    to: [leyla],
    subject: 'AW: Demir: Entwurf der Replik',
    plainText:
      'Liebe Leyla,\n\ngelesen. Ziffer 3 würde ich auf zwei Sätze kürzen und das Gutachten nur zitieren. Sonst kann er so hinaus.\n\nJonas',
    answers: 'Demir: Entwurf der Replik',
  },
  {
    by: 'leyla',
    to: [tom],
    subject: 'Settlement frame: wording of clause 4',
    plainText:
      'Dear Tom,\n\nmy client can live with the frame. For clause 4 I suggest “within thirty days of receipt”; the rest may stay as it is.\n\nKind regards\nLeyla Yıldız',
  },
  {
    by: 'leyla',
    to: [hatice],
    subject: 'Ihr Termin am Mittwoch',
    plainText:
      'Liebe Frau Demir,\n\nam Mittwoch um 9 Uhr kommt der Sachverständige noch einmal. Bitte lüften Sie vorher nicht und lassen Sie die Möbel stehen.\n\nHerzliche Grüße\nLeyla Yıldız',
  },
  {
    by: 'leyla',
    to: [housing],
    subject: 'Ulmenstraße 14: Termin zur Besichtigung',
    plainText:
      'Sehr geehrte Damen und Herren,\n\nmeine Mandantin ist am Mittwoch ab 9 Uhr in der Wohnung. Bitte bestätigen Sie den Termin bis Montag.\n\nMit freundlichen Grüßen\nLeyla Yıldız\nRechtsanwältin',
  },
  {
    by: 'mara',
    to: [leyla, jonas],
    subject: 'Telefonnotiz: Frau Demir bittet um Rückruf',
    plainText: 'Frau Demir hat angerufen, es geht um den Besichtigungstermin. Sie ist bis 17 Uhr zu erreichen.\n\nMara',
  },
  {
    by: 'jonas',
    to: [labourCourt],
    subject: 'Terminsverlegung',
    plainText:
      'Sehr geehrte Damen und Herren,\n\nich bitte, den Gütetermin wegen einer Verhinderung um eine Woche zu verlegen. Die Gegenseite ist einverstanden.\n\nJonas Brandt\nRechtsanwalt',
  },
];

/** Leaves three weeks later, inside the house. */
export const laterLetter: WrittenLetter = {
  by: 'leyla',
  to: [jonas],
  subject: 'Erinnerung: Frist zur Berufungsbegründung',
  plainText: 'Lieber Jonas,\n\nheute in einer Woche läuft die Frist ab. Bitte schau noch einmal in die Akte.\n\nLeyla',
};

export const drafts: readonly WrittenLetter[] = [
  {
    by: 'leyla',
    to: [landCourt],
    subject: 'Stellungnahme zum Gutachten',
    plainText:
      'In dem Rechtsstreit Demir ./. Quittenhof Wohnen GmbH\n\nnehme ich zu dem Gutachten wie folgt Stellung:\n\n1. Die Feststellungen zur Abdichtung',
    files: [
      pdfFile('Kurzgutachten_Auszug.pdf', 'Auszug aus dem Kurzgutachten', [
        'Seite 2: Balkonanschluss.',
        'Seite 3: Messreihe.',
      ]),
    ],
  },
  {
    by: 'leyla',
    to: [],
    subject: 'Für die Kanzleibesprechung',
    plainText: 'Urlaub im Februar · Vertretung am Notariat · neue Stühle für das Wartezimmer',
  },
  {
    by: 'jonas',
    to: [glassworks],
    subject: 'Zeugnis: unser Vorschlag',
    plainText: 'Sehr geehrte Damen und Herren,\n\nfür den Schlusssatz des Zeugnisses schlage ich vor:',
  },
  { by: 'mara', to: [], subject: 'Bestellung Aktenordner', plainText: '40 breite, 20 schmale, Register 1 bis 31' },
];

export interface KnownPerson extends Party {
  readonly organisation?: string;
  readonly phones?: readonly string[];
  readonly note?: string;
  /** Their fingerprint was compared by telephone. */
  readonly isCompared?: boolean;
}

const office = 'Brandt & Yıldız';
const colleagues: readonly KnownPerson[] = [leyla, jonas, mara].map((one) => ({ ...one, organisation: office }));

export const knownPeople: Readonly<Record<PersonKey, readonly KnownPerson[]>> = {
  leyla: [
    ...colleagues.filter(({ name }) => name !== leyla.name).map((one) => ({ ...one, isCompared: true })),
    { ...hatice, phones: ['+49 555 014 27'], note: 'Mandantin, Feuchte Wände. Nach 17 Uhr anrufen.', isCompared: true },
    { ...tom, organisation: 'Harrowmere LLP' },
    { ...lucia, organisation: 'Bufete Fernández Ortega' },
    { ...notary, organisation: 'Notariat am Wall' },
    { ...surveyor, organisation: 'Sachverständigenbüro Alberding' },
    { ...housing, note: 'Gegenseite im Verfahren Demir.' },
  ],
  jonas: [
    ...colleagues.filter(({ name }) => name !== jonas.name),
    { ...labourCourt, phones: ['+49 555 020 0'] },
    glassworks,
  ],
  mara: [...colleagues.filter(({ name }) => name !== mara.name), { ...notary, organisation: 'Notariat am Wall' }],
};
