// Leyla's matters: a flat with damp walls, an estate, a rent, a licence from abroad. All people, firms and courts are invented.

import { pdfFile } from '../../sample-files.ts';
import { correspondence, party, type PlannedLetter } from './letter-plan.ts';
import { photoOfWall, scanOfPage } from './pictures.ts';

export const hatice = party('Hatice Demir', 'hatice.demir@feldpost.test');
export const tom = party('Tom Whitfield', 'tom.whitfield@harrowmere.test');
export const lucia = party('Lucía Fernández Ortega', 'lucia@bufete-fernandez.test');
const quittenhof = party('Quittenhof Wohnen GmbH', 'verwaltung@quittenhof.test');
const landCourt = party('Landgericht Birkhaven', 'poststelle@lg-birkhaven.test');
const surveyor = party('Dipl.-Ing. Ruth Alberding', 'alberding@bausachverstand.test');
const witness = party('Anna Krüger', 'anna.krueger@briefkiste.test');
const ayse = party('Ayşe Öztürk', 'ayse.oeztuerk@briefkiste.test');
const estateCourt = party('Nachlassgericht Birkhaven', 'nachlass@ag-birkhaven.test');
export const notary = party('Dr. Ingrid Seelhorst', 'seelhorst@notariat-am-wall.test');
const vogt = party('Karl-Heinz Vogt', 'kh.vogt@feldpost.test');

const demir = correspondence({
  thread: 'demir',
  subject: 'Feuchte Wände in der Ulmenstraße 14',
  folder: 'Demir ./. Quittenhof',
  cast: { h: hatice, q: quittenhof, c: landCourt, s: surveyor, w: witness },
  sealedWith: ['h'],
  lines: [
    [
      'h>l',
      28,
      '09:12',
      'Liebe Frau Yıldız,\n\nwie am Telefon besprochen: Im Schlafzimmer und im Flur ist die Außenwand seit vier Wochen nass. Die Hausverwaltung war zweimal da und hat nur überstrichen. Ich habe alles fotografiert und führe seit vier Wochen ein Protokoll.\n\nMuss ich die volle Miete weiterzahlen?\n\nHerzliche Grüße\nHatice Demir',
      { files: [photoOfWall('Schlafzimmer_Nordwand.png', 3)] },
    ],
    [
      'l>h',
      28,
      '15:40',
      'Liebe Frau Demir,\n\nbitte zahlen Sie vorerst weiter, aber ausdrücklich unter Vorbehalt. Die Bilder sind deutlich. Ich setze der Verwaltung eine Frist von zwei Wochen und kündige eine Minderung an.\n\nBitte messen Sie einmal am Tag die Luftfeuchte und schreiben Sie sie mit auf.\n\nHerzliche Grüße\nLeyla Yıldız',
    ],
    [
      'l>q',
      27,
      '11:05',
      'Sehr geehrte Damen und Herren,\n\nnamens und in Vollmacht von Frau Demir zeige ich die bestehenden Mängel an: durchfeuchtete Außenwände im Schlafzimmer und im Flur, Schimmel auf etwa 1,5 m². Ich fordere Sie auf, die Ursache binnen zwei Wochen zu beheben.\n\nMit freundlichen Grüßen\nLeyla Yıldız\nRechtsanwältin',
      { subject: 'Mängelanzeige Ulmenstraße 14, 2. OG links', thread: 'demir-q' },
    ],
    [
      'q>l',
      21,
      '10:31',
      'Sehr geehrte Frau Rechtsanwältin,\n\ndie Feuchtigkeit beruht nach Auskunft unseres Hausmeisters auf falschem Lüften. Eine Minderung erkennen wir nicht an.\n\nQuittenhof Wohnen GmbH',
      { subject: 'AW: Mängelanzeige Ulmenstraße 14, 2. OG links', thread: 'demir-q' },
    ],
    [
      'h>l',
      20,
      '20:17',
      'Liebe Frau Yıldız,\n\nfalsches Lüften! Der Nachbar unter mir hat denselben Fleck. Er würde das auch bezeugen. Anbei mein Protokoll bis gestern.\n\nHatice Demir',
      {
        files: [
          pdfFile('Feuchteprotokoll.pdf', 'Protokoll Luftfeuchte, Ulmenstraße 14', [
            'Messung täglich 8 Uhr und 20 Uhr, Schlafzimmer, 1 m über dem Boden.',
            'Woche 1: zwischen 71 % und 78 %, Wand fühlbar nass.',
            'Woche 2: zwischen 69 % und 80 %, zweimal täglich zehn Minuten gelüftet.',
            'Woche 3: zwischen 72 % und 81 %, neuer Fleck über der Fußleiste.',
            'Woche 4: zwischen 70 % und 79 %.',
          ]),
        ],
      },
    ],
    [
      's>l',
      16,
      '14:22',
      'Sehr geehrte Frau Yıldız,\n\nich habe die Wohnung am Montag besichtigt. Die Abdichtung des Balkonanschlusses fehlt auf ganzer Länge; das Lüften der Mieterin spielt keine Rolle. Das Kurzgutachten liegt bei, die Rechnung folgt auf dem Postweg.\n\nMit freundlichen Grüßen\nRuth Alberding',
      {
        subject: 'Kurzgutachten Ulmenstraße 14',
        isStarred: true,
        files: [
          pdfFile('Kurzgutachten_Ulmenstr_14.pdf', 'Kurzgutachten', [
            'Ortstermin in Anwesenheit der Mieterin. Messgerät: kapazitiv, vier Punkte je Wand.',
            'Ergebnis: Die Durchfeuchtung geht vom Anschluss des Balkons im dritten Obergeschoss aus.',
            'Eine Abdichtung nach den anerkannten Regeln der Technik ist nicht vorhanden.',
            'Geschätzte Kosten der Instandsetzung: 8.400 € netto.',
          ]),
        ],
      },
    ],
    [
      'l>j',
      15,
      '09:48',
      'Lieber Jonas,\n\ndas Gutachten Alberding ist eindeutig, ich klage auf Vorschuss. Kannst du die Ziffern 2 und 3 gegenlesen? Ich bin mir beim Verzug ab der ersten Anzeige nicht sicher.\n\nLeyla',
      { subject: 'Demir: Klageentwurf', thread: 'demir-klage' },
    ],
    [
      'j>l',
      15,
      '13:10',
      'Liebe Leyla,\n\ngelesen. Ziffer 2 trägt. Bei Ziffer 3 würde ich hilfsweise auf die zweite Anzeige abstellen, dann kann uns nichts passieren. Sonst: sehr rund.\n\nJonas',
      { subject: 'AW: Demir: Klageentwurf', thread: 'demir-klage' },
    ],
    [
      'c>l',
      9,
      '08:05',
      'In dem Rechtsstreit Demir ./. Quittenhof Wohnen GmbH ist die Klage am heutigen Tag eingegangen. Das Aktenzeichen lautet 6 O 214. Bitte geben Sie es bei allen Schreiben an.\n\nDieses Schreiben wurde elektronisch erstellt und ist ohne Unterschrift gültig.',
      { subject: '6 O 214: Eingangsbestätigung' },
    ],
    [
      'w>l',
      4,
      '18:44',
      'Liebe Frau Yıldız,\n\nich bin die Nachbarin von unten, wir hatten am Montag telefoniert. Schriftlich aussagen kann ich gern. Was genau brauchen Sie von mir?\n\nAnna Krüger',
      { subject: 'Zeugenaussage Ulmenstraße' },
    ],
    [
      'c>l',
      1,
      '08:12',
      'In dem Rechtsstreit Demir ./. Quittenhof Wohnen GmbH wird Termin zur mündlichen Verhandlung bestimmt. Tag, Stunde und Saal entnehmen Sie bitte der Anlage.\n\nDieses Schreiben wurde elektronisch erstellt und ist ohne Unterschrift gültig.',
      {
        subject: '6 O 214: Ladung zum Verhandlungstermin',
        files: [
          pdfFile('6_O_214_Ladung.pdf', 'Ladung', [
            'In dem Rechtsstreit Demir ./. Quittenhof Wohnen GmbH',
            'Termin: Donnerstag, 9:30 Uhr, Saal 114, Gerichtsplatz 3, Birkhaven.',
            'Das persönliche Erscheinen der Klägerin ist angeordnet.',
          ]),
        ],
      },
    ],
    [
      'h>l',
      0,
      '15:02',
      'Liebe Frau Yıldız,\n\nanbei der Vergleichsentwurf der Gegenseite, er kam heute früh mit der Post. Ich habe die beiden Stellen markiert, über die wir gesprochen haben: Ziffer 3 (Zahlungsfrist) und Ziffer 7 (Abgeltung).\n\nKönnen wir heute noch kurz telefonieren?\n\nHerzliche Grüße\nHatice Demir',
      { subject: 'Vergleichsentwurf', isUnread: true, files: [scanOfPage('Vergleichsentwurf_Seite_1.png', 8)] },
    ],
  ],
});

const estate = correspondence({
  thread: 'nachlass',
  subject: 'Nachlass meiner Mutter: erste Unterlagen',
  folder: 'Nachlass Öztürk',
  cast: { a: ayse, g: estateCourt, n: notary },
  sealedWith: ['n'],
  lines: [
    [
      'a>l',
      24,
      '17:26',
      'Sehr geehrte Frau Yıldız,\n\nvielen Dank, dass Sie sich der Sache annehmen. Ich habe zusammengetragen, was ich finden konnte: das Testament und den Grundbuchauszug. Mein Bruder sagt, es gebe ein späteres Testament; gesehen habe ich es nie.\n\nMit freundlichen Grüßen\nAyşe Öztürk',
      {
        files: [
          scanOfPage('Testament.png', 5),
          pdfFile('Grundbuchauszug.pdf', 'Grundbuch von Birkhaven, Blatt 2204', [
            'Abteilung I: Emine Öztürk.',
            'Abteilung II: keine Eintragungen.',
            'Abteilung III: Grundschuld, gelöscht.',
          ]),
        ],
      },
    ],
    [
      'l>a',
      23,
      '10:02',
      'Liebe Frau Öztürk,\n\ndie Unterlagen sind vollständig angekommen. Ich frage beim Nachlassgericht an, ob ein späteres Testament hinterlegt ist, und melde mich Anfang der Woche. Bitte schlagen Sie die Erbschaft in keinem Fall allein aus und unterschreiben Sie nichts, was Ihr Bruder schickt.\n\nHerzliche Grüße\nLeyla Yıldız',
    ],
    [
      'l>g',
      23,
      '10:20',
      'In der Nachlasssache Emine Öztürk bitte ich um Auskunft, ob eine Verfügung von Todes wegen hinterlegt ist. Vollmacht ist beigefügt.\n\nYıldız\nRechtsanwältin',
      { subject: 'Nachlasssache Öztürk: Auskunft', thread: 'nachlass-g' },
    ],
    [
      'g>l',
      14,
      '08:30',
      'In der Nachlasssache Emine Öztürk teilen wir mit, dass eine weitere letztwillige Verfügung hinterlegt ist. Eröffnungstermin ist bestimmt; Abschriften gehen den Beteiligten zu.',
      { subject: 'AW: Nachlasssache Öztürk: Auskunft', thread: 'nachlass-g', isStarred: true },
    ],
    [
      'l>a',
      14,
      '11:45',
      'Liebe Frau Öztürk,\n\nes gibt tatsächlich ein zweites Testament. Das heißt noch nicht, dass Ihr Bruder recht behält: Wir sehen uns zuerst an, was darin steht und ob Ihre Mutter es selbst geschrieben hat. Rufen Sie mich an, wenn Sie mögen.\n\nLeyla Yıldız',
    ],
    [
      'a>l',
      13,
      '21:08',
      'Danke, dass Sie es mir gleich gesagt haben. Ich habe alte Briefe meiner Mutter, falls man die Handschrift vergleichen muss.\n\nAyşe Öztürk',
    ],
    [
      'n>l',
      6,
      '16:15',
      'Sehr geehrte Frau Kollegin,\n\nanbei der Entwurf des Überlassungsvertrags mit den gewünschten Änderungen in § 4 und § 9. Bitte geben Sie mir bis Montag Bescheid, ob Ihre Mandantin einverstanden ist.\n\nMit kollegialen Grüßen\nIngrid Seelhorst',
      {
        subject: 'Entwurf des Überlassungsvertrags',
        files: [
          pdfFile('Ueberlassungsvertrag_v3.pdf', 'Entwurf, dritte Fassung', [
            '§ 4 Die Übergabe erfolgt mit der Umschreibung.',
            '§ 9 Die Kosten dieser Urkunde tragen die Beteiligten je zur Hälfte.',
          ]),
        ],
      },
    ],
    [
      'l>n',
      5,
      '09:30',
      'Sehr geehrte Frau Kollegin,\n\nmeine Mandantin ist einverstanden, bittet aber um einen Satz zur Räumungsfrist in § 4. Vorschlag: acht Wochen.\n\nMit kollegialen Grüßen\nLeyla Yıldız',
      { subject: 'AW: Entwurf des Überlassungsvertrags' },
    ],
    [
      'n>l',
      1,
      '12:02',
      'Acht Wochen sind aufgenommen. Beurkundung am Donnerstag um 14 Uhr, Ausweise bitte nicht vergessen.\n\nIngrid Seelhorst',
      { subject: 'AW: Entwurf des Überlassungsvertrags', isUnread: true },
    ],
  ],
});

const rent = correspondence({
  thread: 'vogt',
  subject: 'Mieterhöhung',
  folder: 'Vogt, Mieterhöhung',
  cast: { v: vogt },
  lines: [
    [
      'v>l',
      19,
      '07:55',
      'Guten Tag Frau Yıldız,\n\nder Vermieter will 140 Euro mehr im Monat. In dem Schreiben steht nichts von einem Mietspiegel. Ist das so richtig?\n\nKarl-Heinz Vogt',
    ],
    [
      'l>v',
      19,
      '12:20',
      'Guten Tag Herr Vogt,\n\nohne Begründung ist das Verlangen unwirksam. Sie müssen nichts tun und nichts unterschreiben. Schicken Sie mir bitte trotzdem eine Kopie.\n\nLeyla Yıldız',
    ],
    [
      'v>l',
      18,
      '08:14',
      'Hier die Kopie, leider etwas schief.\n\nKarl-Heinz Vogt',
      { files: [scanOfPage('Mieterhoehung.png', 6)] },
    ],
    [
      'l>v',
      17,
      '10:00',
      'Danke, man kann alles lesen. Ich weise das Verlangen heute zurück. Sie bekommen eine Abschrift.\n\nLeyla Yıldız',
    ],
    [
      'v>l',
      8,
      '19:31',
      'Guten Abend,\n\njetzt hat er angerufen und war recht laut. Ich habe gesagt, er soll sich an Sie wenden. War das richtig?\n\nKarl-Heinz Vogt',
    ],
    [
      'l>v',
      7,
      '08:45',
      'Genau richtig. Bitte schreiben Sie kurz auf, wann er angerufen hat und was er gesagt hat. Mehr brauchen wir nicht.\n\nLeyla Yıldız',
    ],
    [
      'v>l',
      0,
      '09:22',
      'Guten Morgen Frau Yıldız,\n\nheute lag ein neuer Brief im Kasten, diesmal mit Mietspiegel und nur noch 45 Euro. Soll ich zustimmen?\n\nKarl-Heinz Vogt',
      { isUnread: true },
    ],
  ],
});

export const lettersOfLeyla: readonly PlannedLetter[] = [...demir, ...estate, ...rent];
