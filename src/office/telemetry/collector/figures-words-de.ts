// The words of the collector's page in German.

import type { FiguresWords } from './figures-words-en.ts';

export const figuresWordsDe: FiguresWords = {
  title: 'Was die Häuser sagen',
  productName: 'Siegel',
  languages: 'Sprache',
  lead: 'Häuser, die zugestimmt haben, schicken einmal in der Woche einen versiegelten Bericht; alle sind gleich lang. Manche enthalten eine Antwort auf eine Frage, vor dem Absenden verwürfelt. Diese Seite zählt sie und weiß sonst nichts: keine Adresse, keine Zeit, keine Zeile.',
  average: {
    heading: (quarter) => `Durchschnittliches Postfach, ${quarter}`,
    says: (error) => `± ${error}, mit 95 % Sicherheit`,
  },
  averageWhat: ({ least, most, open }) =>
    `Über alle Häuser, jedes zählt gleich, wie viele Postfächer es auch hat. Jedes steht in der Mitte seiner Antwort; an den unteren Grenzen wären es ${least}, an den oberen ${most}. Häuser mit ${open} oder mehr zählen als ${open}, der wahre Durchschnitt kann also höher liegen. Der Fehler umfasst den Zufall der verwürfelten Antworten und den, wer berichtet hat; nicht, wo innerhalb seiner Antwort ein Haus liegt, und nicht Häuser, die nicht berichten.`,
  quarter: (nth, year) => `${nth}. Quartal ${year}`,
  published: (day) => `Veröffentlicht am ${day} und nie geändert.`,
  receipt: 'Beleg',
  reports: (count) => `${count} Berichte`,
  columns: { answer: 'Antwort', share: 'Anteil der Häuser' },
  withheld: 'Nicht veröffentlicht: weniger als 100 Berichte.',
  empty: {
    sentence: 'Noch ist nichts veröffentlicht.',
    says: 'Eine Frage erscheint hier, wenn ihr Quartal vorbei ist und mindestens 100 Berichte sie beantwortet haben. Bis dahin sieht niemand eine Zahl.',
  },
  sure: {
    heading: 'Wie sicher das ist',
    sentences: [
      'Der Strich am Ende eines Balkens ist der Fehler: In 95 von 100 solchen Fällen liegt der wahre Anteil darin. Er umfasst den Zufall der verwürfelten Antworten und den, wer berichtet hat. Balken werden auf 0 bis 100 % gebracht, Striche nicht verschoben.',
      'Jeder kann diese Zahlen mit erfundenen Berichten vergiften: Ein Bericht nennt niemanden, also kann niemand gefragt werden, ob er stimmt. Ein Relais reicht je Netz nur so und so viele in der Stunde weiter; das macht es teurer, nicht unmöglich.',
      'Wer berichtet, hat sich dafür entschieden. Häuser, die das nicht tun, können anders sein.',
    ],
  },
  runs: {
    heading: 'Wer das betreibt',
    operator: 'Betreiber',
    country: 'Land',
    purpose: 'Zweck',
    published: 'Veröffentlicht wird',
    reports: 'Berichte gehen an',
    undeclared: 'nicht angegeben',
  },
  foot: { figures: 'Dasselbe für Programme', card: 'Karte dieser Sammelstelle' },
  spoken: 'de',
};
