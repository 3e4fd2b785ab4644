// The questions this version asks. A changed letter here asks every operator anew (catalogue.ts).

import type { Question } from './question.ts';

const SINCE = '2026-Q1';

export const questions = [
  {
    id: 'users',
    text: { en: 'How many people have a mailbox here?', de: 'Wie viele Menschen haben hier ein Postfach?' },
    buckets: ['1', '2–5', '6–25', '26–100', '101–500', '> 500'].map(same),
    why: {
      en: 'For which size of house the program must be quick and simple.',
      de: 'Für welche Größe von Haus das Programm schnell und einfach sein muss.',
    },
    since: SINCE,
  },
  {
    id: 'letters',
    text: { en: 'How many messages are kept here?', de: 'Wie viele Nachrichten werden hier aufbewahrt?' },
    buckets: [
      { en: '< 1,000', de: '< 1.000' },
      { en: '1,000–9,999', de: '1.000–9.999' },
      { en: '10,000–99,999', de: '10.000–99.999' },
      { en: '100,000–999,999', de: '100.000–999.999' },
      { en: '1,000,000–9,999,999', de: '1.000.000–9.999.999' },
      { en: '10,000,000 or more', de: '10.000.000 oder mehr' },
    ],
    why: {
      en: 'How much must be tried out before a version is given out.',
      de: 'Wie viel ausprobiert werden muss, bevor eine Version herausgegeben wird.',
    },
    since: SINCE,
  },
  {
    id: 'mailbox-size',
    text: { en: 'How large is a mailbox here on average?', de: 'Wie groß ist ein Postfach hier im Durchschnitt?' },
    buckets: [
      { en: '< 100 MB', de: '< 100 MB' },
      { en: '100 MB to 500 MB', de: '100 MB bis 500 MB' },
      { en: '500 MB to 1 GB', de: '500 MB bis 1 GB' },
      { en: '1 GB to 5 GB', de: '1 GB bis 5 GB' },
      { en: '5 GB to 20 GB', de: '5 GB bis 20 GB' },
      { en: '20 GB or more', de: '20 GB oder mehr' },
    ],
    why: {
      en: 'What disk is to be recommended, and what the average mailbox of all houses is.',
      de: 'Welche Platte zu empfehlen ist und wie groß das durchschnittliche Postfach aller Häuser ist.',
    },
    since: SINCE,
  },
  {
    id: 'system',
    text: { en: 'Which operating system is underneath?', de: 'Welches Betriebssystem liegt darunter?' },
    buckets: [
      same('Debian, Ubuntu'),
      same('Fedora, RHEL, SUSE'),
      same('Alpine'),
      { en: 'another Linux', de: 'ein anderes Linux' },
      same('macOS, BSD'),
      { en: 'another', de: 'ein anderes' },
    ],
    why: { en: 'On which systems it is tried out.', de: 'Auf welchen Systemen es ausprobiert wird.' },
    since: SINCE,
  },
  {
    id: 'database',
    text: { en: 'Which database does the program use?', de: 'Welche Datenbank benutzt das Programm?' },
    buckets: [
      { en: 'the one that comes along', de: 'die mitgelieferte' },
      { en: 'one of its own beside it', de: 'eine eigene daneben' },
    ],
    why: {
      en: 'Whether help with the database is to be written for administrators.',
      de: 'Ob Hilfe zur Datenbank für Administratoren zu schreiben ist.',
    },
    since: SINCE,
  },
  {
    id: 'use',
    text: { en: 'What is this installation for?', de: 'Wofür ist diese Installation?' },
    buckets: [
      { en: 'a demonstration', de: 'eine Vorführung' },
      { en: 'trying it out', de: 'zum Ausprobieren' },
      { en: 'real mail', de: 'echte Post' },
    ],
    why: {
      en: 'How many of those who try the program stay with it.',
      de: 'Wie viele von denen, die es ausprobieren, dabei bleiben.',
    },
    since: SINCE,
  },
  {
    id: 'rooms',
    text: { en: 'Which optional parts are switched on?', de: 'Welche zusätzlichen Teile sind eingeschaltet?' },
    buckets: [
      { en: 'none', de: 'keiner' },
      { en: 'documents', de: 'Dokumente' },
      { en: 'backups in a second place', de: 'Sicherungen an einem zweiten Ort' },
      { en: 'documents and backups in a second place', de: 'Dokumente und Sicherungen an einem zweiten Ort' },
    ],
    why: { en: 'Where work is worth while.', de: 'Wo sich Arbeit lohnt.' },
    since: SINCE,
  },
  {
    id: 'version',
    text: { en: 'Which version is running?', de: 'Welche Version läuft?' },
    buckets: [same('0.1'), same('0.2'), same('0.3'), same('0.4'), { en: 'a later one', de: 'eine spätere' }],
    why: {
      en: 'For how long older versions need mended faults.',
      de: 'Wie lange ältere Versionen Fehlerbehebungen brauchen.',
    },
    since: SINCE,
  },
] as const satisfies readonly Question[];

export type QuestionId = (typeof questions)[number]['id'];

/** The size question, from which the average mailbox is estimated: bounds of its answers in MB; the last is open. */
export const MAILBOX_BOUNDS_MB = [0, 100, 500, 1000, 5000, 20_000] as const;

function same(text: string): { readonly en: string; readonly de: string } {
  return { en: text, de: text };
}
