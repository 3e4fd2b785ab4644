// What keeps an office running: orders, invoices, appointments, journeys. All senders are invented.

import { pdfFile } from '../../sample-files.ts';
import { jonas, leyla, secretariat, party, type PlannedLetter } from './letter-plan.ts';
import { bill, planned, type Entry } from './single-letter.ts';

const bakery = party('Bäckerei Mohnkamp', 'bestellung@mohnkamp.test');
const copyshop = party('Copyshop Kranich', 'auftrag@copyshop-kranich.test');
const power = party('Stromwerk Birkhaven', 'service@stromwerk-birkhaven.test');
const phone = party('Fernruf Nord', 'rechnung@fernruf-nord.test');
const paper = party('Papierhaus Ohlendorf', 'bestellung@papierhaus-ohlendorf.test');
const printer = party('Druckertechnik Maibaum', 'dienst@maibaum-technik.test');
const cleaning = party('Blankwerk Reinigung', 'buero@blankwerk.test');
const rail = party('Küstenbahn', 'buchung@kuestenbahn.test');
const hotel = party('Gasthof zur Linde', 'empfang@gasthof-linde.test');
const halloran = party('Maeve Halloran', 'maeve.halloran@postbox.test');
const evening = party('Volkshochschule Birkhaven', 'kurse@vhs-birkhaven.test');
const cafe = party('Café Regenbogen', 'hallo@cafe-regenbogen.test');

const orders: Partial<PlannedLetter> = { folder: 'Bestellungen' };

const letters: readonly Entry[] = [
  [
    bakery,
    secretariat,
    27,
    '07:15',
    'Frühstück für Montag: 14 Personen',
    'Guten Tag Frau Kaya,\n\ngern liefern wir am Montag um 8 Uhr: 30 Brötchen, 10 Croissants, zwei Platten belegt, Kaffee für 14 Personen. Macht 168,40 €.\n\nBäckerei Mohnkamp',
    orders,
  ],
  [
    bakery,
    secretariat,
    6,
    '07:10',
    'Ihr Kuchen für morgen',
    'Guten Tag Frau Kaya,\n\nein Blech Zwetschge, ein halbes Blech Mohn. Abholung ab 7 Uhr, wie immer.\n\nBäckerei Mohnkamp',
    orders,
  ],
  [
    copyshop,
    secretariat,
    25,
    '16:02',
    'Ihr Auftrag 4471 ist abholbereit',
    'Ihr Auftrag ist fertig: 3 × 240 Seiten, gebunden. Abholung bis 19 Uhr.\n\nCopyshop Kranich',
    orders,
  ],
  [
    copyshop,
    secretariat,
    10,
    '15:20',
    'Ihr Auftrag 4502 ist abholbereit',
    'Ihr Auftrag ist fertig: 2 × 118 Seiten, Klammer oben links.\n\nCopyshop Kranich',
    orders,
  ],
  [
    power,
    secretariat,
    26,
    '05:40',
    'Ihre Rechnung für den Vormonat',
    'Guten Tag,\n\nIhre Rechnung liegt bei. Der Betrag von 184,20 € wird zum Ersten eingezogen.\n\nStromwerk Birkhaven',
    bill('Stromrechnung_Vormonat', [
      'Verbrauch 412 kWh',
      'Arbeitspreis 131,84 €',
      'Grundpreis 22,90 €',
      'Umsatzsteuer 29,46 €',
      'Summe 184,20 €',
    ]),
  ],
  [
    power,
    secretariat,
    3,
    '05:41',
    'Ihre Rechnung für diesen Monat',
    'Guten Tag,\n\nIhre Rechnung liegt bei. Der Betrag von 171,05 € wird zum Ersten eingezogen.\n\nStromwerk Birkhaven',
    bill('Stromrechnung', ['Verbrauch 379 kWh', 'Summe 171,05 €']),
  ],
  [
    phone,
    secretariat,
    20,
    '04:12',
    'Ihre Telefonrechnung ist da',
    'Guten Tag,\n\nim Anhang finden Sie die Rechnung über 79,90 € mit Einzelverbindungen.\n\nFernruf Nord',
    bill('Telefonrechnung', ['Grundpreis 59,90 €', 'Verbindungen ins Ausland 20,00 €', 'Summe 79,90 €']),
  ],
  [
    paper,
    secretariat,
    24,
    '10:25',
    'Auftragsbestätigung 90-118',
    'Guten Tag Frau Kaya,\n\nwir liefern am Donnerstag: 20 Kartons Papier 80 g, 10 Ordner breit, 1 Locher. Der Locher ist ein Geschenk, der alte war ja schon sehr alt.\n\nPapierhaus Ohlendorf',
    orders,
  ],
  [
    paper,
    secretariat,
    22,
    '12:00',
    'Lieferschein 90-118',
    'Geliefert heute um 11:40 Uhr, angenommen von Frau Kaya.\n\nPapierhaus Ohlendorf',
    orders,
  ],
  [
    printer,
    secretariat,
    20,
    '12:10',
    'Einsatz im Flur',
    'Guten Tag,\n\nEinzugsrolle getauscht, Sensor gereinigt, 300 Seiten zur Probe. Wenn er wieder zwei nimmt, liegt es am Papier.\n\nDruckertechnik Maibaum',
    bill('Einsatzbericht_3307', ['Einzugsrolle 38,00 €', 'Anfahrt 25,00 €', 'Arbeitszeit 0,75 h']),
  ],
  [
    cleaning,
    secretariat,
    18,
    '09:09',
    'Fensterreinigung im nächsten Monat',
    'Guten Tag Frau Kaya,\n\nwir kommen am ersten Dienstag, ab 7 Uhr. Bitte die Fensterbänke freiräumen, besonders die mit den Kakteen.\n\nBlankwerk',
    orders,
  ],
  [
    rail,
    leyla,
    13,
    '19:44',
    'Ihre Fahrkarte nach Almenara del Mar',
    'Guten Tag Frau Yıldız,\n\nvielen Dank für Ihre Buchung. Hinfahrt ab Birkhaven 07:26, an 16:02. Ihre Fahrkarte steht im Anhang.\n\nKüstenbahn',
    {
      plainHtml: ticketHtml(),
      files: [
        pdfFile('Fahrkarte_7K2M9Q.pdf', 'Fahrkarte 7K2M9Q', [
          'Birkhaven 07:26 - Almenara del Mar 16:02',
          '2. Klasse, 1 Person, Wagen 4, Platz 61',
        ]),
      ],
    },
  ],
  [
    rail,
    leyla,
    1,
    '06:02',
    'Änderung auf Ihrer Reise',
    'Guten Tag Frau Yıldız,\n\nIhr Zug um 07:26 hält nicht in Sandweiler. Ihre Fahrkarte gilt unverändert.\n\nKüstenbahn',
  ],
  [
    hotel,
    jonas,
    12,
    '13:20',
    'Ihre Reservierung im Gasthof zur Linde',
    'Lieber Herr Brandt,\n\nwir freuen uns auf Sie und Ihren Großvater: zwei Zimmer, eine Nacht, Frühstück ab sieben. Für die Feier ist der Saal bis Mitternacht frei.\n\nFamilie Thormählen',
  ],
  [
    halloran,
    leyla,
    11,
    '09:41',
    'A house in Birkhaven',
    'Dear Ms Yıldız,\n\nmy late aunt left me a house in Birkhaven that I have never seen. A letter from a court arrived in German and gives me six weeks. Could you help me understand what to do first?\n\nMaeve Halloran\nGalway',
    { isStarred: true },
  ],
  [
    leyla,
    halloran,
    11,
    '16:20',
    'Re: A house in Birkhaven',
    'Dear Ms Halloran,\n\nyes, gladly. Please send me a photo of the letter, front and back. The six weeks run from the day you knew of the estate, so there is time, but do not sign anything yet.\n\nKind regards\nLeyla Yıldız',
  ],
  [
    halloran,
    leyla,
    9,
    '21:02',
    'Re: A house in Birkhaven',
    'Thank you, that is a relief. The photos are on their way from my daughter, who knows how to do these things.\n\nMaeve',
  ],
  [
    evening,
    secretariat,
    17,
    '10:00',
    'Ihr Kurs „Steuern im kleinen Büro“ beginnt',
    'Liebe Teilnehmerinnen und Teilnehmer,\n\nder Kurs beginnt am Montag um 18 Uhr in Raum 12. Bitte einen Taschenrechner mitbringen.\n\nVolkshochschule Birkhaven',
  ],
  [
    cafe,
    secretariat,
    2,
    '15:33',
    'Tisch für sechs am Freitag',
    'Hallo Mara,\n\nTisch am Fenster ist eingetragen, Freitag 19 Uhr, sechs Leute. Bis dann!\n\nCafé Regenbogen',
  ],
  [
    bakery,
    secretariat,
    0,
    '07:05',
    'Ihre Bestellung für Freitag',
    'Guten Morgen Frau Kaya,\n\nnotiert: 12 belegte Brötchen, davon vier ohne Fleisch. Lieferung 12 Uhr.\n\nBäckerei Mohnkamp',
    { isUnread: true },
  ],
  [
    paper,
    secretariat,
    0,
    '10:48',
    'Angebot: Aktenregal',
    'Guten Tag Frau Kaya,\n\nwie gewünscht unser Angebot: Regal Buche, fünf Böden, 1,96 m hoch, 312 €, Aufbau inklusive.\n\nPapierhaus Ohlendorf',
    {
      isUnread: true,
      files: [
        pdfFile('Angebot_90-131.pdf', 'Angebot 90-131', [
          'Aktenregal Buche, fünf Böden',
          '312,00 € einschließlich Aufbau',
        ]),
      ],
    },
  ],
];

function ticketHtml(): string {
  return `<div style="font-family:Arial,Helvetica,sans-serif;font-size:15px;line-height:23px;color:#1a1a1a"><p>Guten Tag Frau Yıldız,</p><p>vielen Dank für Ihre Buchung. Ihre Fahrkarte steht im Anhang.</p><table cellpadding="8" style="border-collapse:collapse;width:100%;max-width:520px"><tr style="background:#e7eef2"><th align="left">Fahrt</th><th align="left">Ab</th><th align="left">An</th></tr><tr><td>Birkhaven → Kaltenbrück</td><td>07:26</td><td>09:51</td></tr><tr><td>Kaltenbrück → Almenara del Mar</td><td>10:14</td><td>16:02</td></tr></table><p style="color:#666">Auftrag 7K2M9Q · 2. Klasse · 1 Person</p></div>`;
}

export const lettersOfSuppliers: readonly PlannedLetter[] = letters.map(planned);
