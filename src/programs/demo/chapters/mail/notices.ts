// What courts, authorities and colleagues send to a law office. All of them are invented.

import { pdfFile } from '../../sample-files.ts';
import { jonas, leyla, secretariat, party, type PlannedLetter } from './letter-plan.ts';
import { planned, type Entry } from './single-letter.ts';

const landlord = party('Hausverwaltung Am Wall', 'haus@amwall-verwaltung.test');
const tax = party('Finanzamt Birkhaven', 'postfach@fa-birkhaven.test');
const chamber = party('Anwaltskammer Birkhaven', 'kammer@anwaltskammer-birkhaven.test');
const register = party('Handelsregister Birkhaven', 'register@ag-birkhaven.test');
const landRegistry = party('Grundbuchamt Birkhaven', 'grundbuch@ag-birkhaven.test');
const districtCourt = party('Amtsgericht Birkhaven', 'poststelle@ag-birkhaven.test');
const colleague = party('Rechtsanwalt Tjark Ottensen', 'kanzlei@ottensen-recht.test');
const post = party('Postmeister', 'postmaster@glaswerk-finkenau.test');

const court: Partial<PlannedLetter> = { folder: 'Gerichte und Ämter' };

const letters: readonly Entry[] = [
  [
    landlord,
    secretariat,
    16,
    '11:11',
    'Wartung des Aufzugs',
    'Sehr geehrte Mieter,\n\nam Mittwoch steht der Aufzug von 9 bis 13 Uhr. Wir bitten um Verständnis.\n\nHausverwaltung Am Wall',
  ],
  [
    landlord,
    secretariat,
    5,
    '10:10',
    'Heizkosten: Ablesung',
    'Sehr geehrte Mieter,\n\ndie Ablesung ist am Freitag zwischen 10 und 12 Uhr. Bitte sorgen Sie für Zugang zu allen Räumen.\n\nHausverwaltung Am Wall',
  ],
  [
    tax,
    secretariat,
    23,
    '03:30',
    'Neue Mitteilung in Ihrem Postfach',
    'Für Sie liegt eine neue Mitteilung bereit. Melden Sie sich an, um sie zu lesen.\n\nDiese Nachricht wurde maschinell erstellt.',
    court,
  ],
  [
    tax,
    secretariat,
    7,
    '03:31',
    'Erinnerung: Voranmeldung',
    'Die Voranmeldung für den laufenden Zeitraum ist bis zum 10. des Folgemonats abzugeben.\n\nDiese Nachricht wurde maschinell erstellt.',
    court,
  ],
  [
    chamber,
    leyla,
    15,
    '14:00',
    'Ihre Fortbildungsstunden',
    'Sehr geehrte Frau Kollegin,\n\nfür dieses Jahr sind 12 von 15 Stunden nachgewiesen. Bitte reichen Sie die übrigen bis Jahresende ein.\n\nAnwaltskammer Birkhaven',
  ],
  [
    chamber,
    jonas,
    15,
    '14:00',
    'Ihre Fortbildungsstunden',
    'Sehr geehrter Herr Kollege,\n\nfür dieses Jahr sind 15 von 15 Stunden nachgewiesen. Vielen Dank.\n\nAnwaltskammer Birkhaven',
  ],
  [
    register,
    jonas,
    19,
    '08:08',
    'Auszug HRB 1180',
    'Der angeforderte Auszug liegt bei.\n\nDieses Schreiben wurde elektronisch erstellt und ist ohne Unterschrift gültig.',
    {
      folder: 'Wendelin ./. Kesselgrund',
      files: [
        pdfFile('HRB_1180.pdf', 'Handelsregister Birkhaven, HRB 1180', [
          'Bauhof Kesselgrund GmbH',
          'Stammkapital 25.000 €',
          'Geschäftsführer: Lothar Kesselgrund',
        ]),
      ],
    },
  ],
  [
    landRegistry,
    leyla,
    12,
    '08:40',
    'Blatt 2204: Auszug',
    'Anbei der beglaubigte Auszug.\n\nGrundbuchamt Birkhaven',
    {
      folder: 'Nachlass Öztürk',
      files: [
        pdfFile('Blatt_2204.pdf', 'Grundbuch von Birkhaven, Blatt 2204', [
          'Eigentümerin: Emine Öztürk',
          'Wirtschaftsart: Wohnhaus mit Garten, 412 m²',
        ]),
      ],
    },
  ],
  [
    districtCourt,
    jonas,
    28,
    '08:01',
    '11 C 402: Verfügung',
    'In dem Rechtsstreit Behrens ./. Moll wird den Parteien aufgegeben, binnen zwei Wochen zum Gutachten Stellung zu nehmen.',
    court,
  ],
  [
    districtCourt,
    jonas,
    14,
    '08:02',
    '11 C 402: Terminsaufhebung',
    'Der Termin wird von Amts wegen aufgehoben. Neuer Termin ergeht gesondert.',
    court,
  ],
  [
    districtCourt,
    jonas,
    4,
    '08:02',
    '11 C 402: Ladung',
    'Neuer Termin ist bestimmt. Die Ladung liegt bei.',
    {
      ...court,
      files: [
        pdfFile('11_C_402_Ladung.pdf', 'Ladung', [
          'In dem Rechtsstreit Behrens ./. Moll',
          'Termin: Dienstag, 11:00 Uhr, Saal 3',
        ]),
      ],
    },
  ],
  [
    districtCourt,
    leyla,
    11,
    '08:03',
    '4 C 91: Kostenrechnung',
    'Die Kostenrechnung liegt bei. Bitte zahlen Sie binnen zwei Wochen.',
    {
      folder: 'Vogt, Mieterhöhung',
      files: [pdfFile('4_C_91_Kosten.pdf', 'Kostenrechnung', ['Verfahrensgebühr 267,00 €'])],
    },
  ],
  [
    districtCourt,
    secretariat,
    9,
    '08:06',
    'Öffnungszeiten über die Feiertage',
    'Die Geschäftsstellen sind über die Feiertage nur am Vormittag besetzt. Fristen bleiben unberührt.',
    court,
  ],
  [
    colleague,
    jonas,
    8,
    '17:42',
    'Behrens ./. Moll',
    'Lieber Herr Kollege,\n\nwollen wir vor dem Termin noch einmal telefonieren? Ich meine, wir liegen nur 800 Euro auseinander.\n\nMit kollegialen Grüßen\nTjark Ottensen',
    court,
  ],
  [
    jonas,
    colleague,
    7,
    '09:00',
    'AW: Behrens ./. Moll',
    'Lieber Herr Kollege,\n\ngern, morgen um elf? 800 Euro sind ein halber Gutachter, da findet sich etwas.\n\nMit kollegialen Grüßen\nJonas Brandt',
  ],
  [
    colleague,
    jonas,
    0,
    '09:47',
    'AW: Behrens ./. Moll',
    'Meine Mandantin stimmt zu. Ich schicke Ihnen bis heute Abend einen Vorschlag für das Protokoll.\n\nTjark Ottensen',
    { isUnread: true },
  ],
  [
    post,
    jonas,
    9,
    '13:38',
    'Automatische Antwort: Pohl',
    'Ich bin bis Ende der Woche nicht im Haus. In dringenden Fällen wenden Sie sich bitte an die Zentrale.',
  ],
];

export const notices: readonly PlannedLetter[] = letters.map(planned);
