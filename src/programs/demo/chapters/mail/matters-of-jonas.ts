// Jonas's matters: a joiner who waits for his money, a dismissal, an accident, a house with cracks. All people, firms and courts are invented.

import { csvFile, pdfFile } from '../../sample-files.ts';
import { correspondence, party, type PlannedLetter } from './letter-plan.ts';
import { photoOfWall, scanOfPage } from './pictures.ts';

const wendelin = party('Paul Wendelin', 'werkstatt@tischlerei-wendelin.test');
const debtor = party('Bauhof Kesselgrund GmbH', 'buchhaltung@kesselgrund-bau.test');
const pohl = party('Marlies Pohl', 'marlies.pohl@briefkiste.test');
const glassworks = party('Glaswerk Finkenau GmbH, Personal', 'personal@glaswerk-finkenau.test');
const labourCourt = party('Arbeitsgericht Birkhaven', 'poststelle@arbg-birkhaven.test');
const deniz = party('Deniz Aydın', 'deniz.aydin@feldpost.test');
const insurer = party('Eichenschild Versicherung', 'schaden@eichenschild.test');
const garage = party('Werkstatt Olschewski', 'werkstatt@olschewski-kfz.test');
const claudia = party('Claudia Brüggemann', 'c.brueggemann@feldpost.test');
const builder = party('Hausbau Tannrode', 'service@hausbau-tannrode.test');

const joiner = correspondence({
  thread: 'wendelin',
  subject: 'Offene Rechnung 2218, Treppenhaus',
  folder: 'Wendelin ./. Kesselgrund',
  cast: { w: wendelin, b: debtor },
  lines: [
    [
      'w>j',
      30,
      '06:58',
      'Guten Morgen Herr Brandt,\n\ndie Treppe ist seit einem halben Jahr eingebaut und abgenommen, das Geld fehlt bis heute: 23.840 Euro. Drei Mahnungen, keine Antwort. Ich muss Eiche nachkaufen und kann das nicht ewig vorstrecken.\n\nPaul Wendelin',
      {
        files: [
          pdfFile('Rechnung_2218.pdf', 'Rechnung 2218', [
            'Treppenhaus, 3 Läufe, Eiche geölt, Montage',
            '20.033,61 € zuzüglich 19 % Umsatzsteuer',
            '23.840,00 €, zahlbar binnen 14 Tagen',
          ]),
        ],
      },
    ],
    [
      'j>w',
      30,
      '09:10',
      'Guten Morgen Herr Wendelin,\n\nschicken Sie mir bitte noch das Abnahmeprotokoll, dann geht heute das letzte Schreiben hinaus. Danach der Mahnbescheid; das kostet wenig und wirkt oft.\n\nJonas Brandt',
    ],
    [
      'w>j',
      30,
      '12:01',
      'Anbei, unterschrieben vom Bauleiter.\n\nPaul Wendelin',
      { files: [scanOfPage('Abnahmeprotokoll.png', 11)] },
    ],
    [
      'j>b',
      29,
      '10:00',
      'Sehr geehrte Damen und Herren,\n\nich zeige die Vertretung der Tischlerei Wendelin an. Die Rechnung 2218 ist seit langem fällig. Ich erwarte den Eingang von 23.840,00 € zuzüglich Zinsen binnen zehn Tagen.\n\nJonas Brandt\nRechtsanwalt',
      { subject: 'Rechnung 2218 der Tischlerei Wendelin', thread: 'wendelin-b' },
    ],
    [
      'b>j',
      23,
      '15:49',
      'Sehr geehrter Herr Brandt,\n\nwir bitten um Verständnis, unser Auftraggeber hat seinerseits noch nicht gezahlt. Wir bieten Raten von 2.000 € an.\n\nBauhof Kesselgrund GmbH',
      { subject: 'AW: Rechnung 2218 der Tischlerei Wendelin', thread: 'wendelin-b' },
    ],
    [
      'j>w',
      22,
      '08:40',
      'Guten Morgen,\n\nsie bieten 2.000 € im Monat, das wäre ein Jahr. Mein Rat: 10.000 € sofort, der Rest in drei Raten, und eine Unterwerfung unter die Zwangsvollstreckung. Einverstanden?\n\nJonas Brandt',
    ],
    ['w>j', 22, '11:15', 'Einverstanden. Hauptsache, es steht irgendwo mit Stempel.\n\nPaul Wendelin'],
    [
      'b>j',
      11,
      '14:26',
      'Wir nehmen Ihren Vorschlag an. 10.000 € sind heute angewiesen, die Urkunde unterschreiben wir beim Notar.\n\nBauhof Kesselgrund GmbH',
      { subject: 'AW: Rechnung 2218 der Tischlerei Wendelin', thread: 'wendelin-b', isStarred: true },
    ],
    [
      'w>j',
      2,
      '17:20',
      'Guten Abend Herr Brandt,\n\ndie ersten 10.000 sind da. Meine Frau lässt grüßen, das Gästebett in der Kanzlei ist hiermit versprochen.\n\nPaul Wendelin',
      { subject: 'Geld ist da' },
    ],
  ],
});

const dismissal = correspondence({
  thread: 'pohl',
  subject: 'Kündigung nach 22 Jahren',
  folder: 'Pohl ./. Glaswerk',
  cast: { p: pohl, g: glassworks, c: labourCourt },
  lines: [
    [
      'p>j',
      25,
      '19:02',
      'Sehr geehrter Herr Brandt,\n\nam Freitag lag die Kündigung auf meinem Tisch, betriebsbedingt, zum Quartalsende. Ich bin seit 22 Jahren im Werk und die Einzige, die den alten Ofen noch einstellen kann. Was mache ich jetzt?\n\nMarlies Pohl',
      { files: [scanOfPage('Kuendigung.png', 14)] },
    ],
    [
      'j>p',
      24,
      '08:30',
      'Liebe Frau Pohl,\n\nzuerst: ruhig bleiben und nichts unterschreiben. Die Klage muss binnen drei Wochen beim Arbeitsgericht sein, das schaffen wir bequem. Bitte bringen Sie morgen Arbeitsvertrag und die letzten drei Abrechnungen mit.\n\nJonas Brandt',
    ],
    [
      'p>j',
      24,
      '20:15',
      'Danke. Ich bin um neun da. Der Betriebsrat sagt, er sei gar nicht gefragt worden.\n\nMarlies Pohl',
    ],
    [
      'j>m',
      23,
      '09:55',
      'Mara, bitte Frist notieren: Kündigungsschutzklage Pohl, spätestens in zwölf Tagen, Vorfrist eine Woche. Danke!\n\nJonas',
      { subject: 'Frist Pohl', thread: 'frist-pohl' },
    ],
    [
      'm>j',
      23,
      '10:02',
      'Steht im Kalender, mit Vorfrist und roter Mappe.\n\nMara',
      { subject: 'AW: Frist Pohl', thread: 'frist-pohl' },
    ],
    [
      'c>j',
      16,
      '08:04',
      'In dem Rechtsstreit Pohl ./. Glaswerk Finkenau GmbH wird Gütetermin bestimmt. Das Aktenzeichen lautet 2 Ca 77.\n\nDieses Schreiben wurde elektronisch erstellt und ist ohne Unterschrift gültig.',
      { subject: '2 Ca 77: Gütetermin' },
    ],
    [
      'g>j',
      9,
      '13:37',
      'Sehr geehrter Herr Brandt,\n\nzur Vermeidung eines Rechtsstreits sind wir bereit, eine Abfindung von 18.000 € zu zahlen.\n\nPersonalabteilung',
      { subject: 'Pohl: unser Angebot' },
    ],
    [
      'j>p',
      9,
      '15:00',
      'Liebe Frau Pohl,\n\nes gibt ein erstes Angebot über 18.000 €. Nach Ihren Jahren wäre mehr als das Doppelte üblich, und die Anhörung des Betriebsrats fehlt wirklich. Wollen Sie gehen oder wollen Sie bleiben? Davon hängt alles ab.\n\nJonas Brandt',
      { subject: 'Ein erstes Angebot' },
    ],
    [
      'p>j',
      8,
      '07:40',
      'Ich möchte bleiben. Noch vier Jahre, und den Ofen muss ja jemand übergeben.\n\nMarlies Pohl',
      { subject: 'AW: Ein erstes Angebot', isStarred: true },
    ],
    [
      'g>j',
      1,
      '16:18',
      'Sehr geehrter Herr Brandt,\n\nwir nehmen die Kündigung zurück. Bitte teilen Sie mit, ob sich der Rechtsstreit damit erledigt.\n\nPersonalabteilung',
      { subject: 'Pohl: Rücknahme der Kündigung', isUnread: true },
    ],
  ],
});

const accident = correspondence({
  thread: 'aydin',
  subject: 'Auffahrunfall am Nordring',
  folder: 'Aydın, Unfall',
  cast: { d: deniz, v: insurer, g: garage },
  lines: [
    [
      'd>j',
      17,
      '18:20',
      'Hallo Herr Brandt,\n\nmir ist gestern jemand an der Ampel hinten draufgefahren. Polizei war da, Schuld ist klar. Mein Nacken zieht ziemlich. An wen muss ich mich wenden?\n\nDeniz Aydın',
      { files: [photoOfWall('Heckschaden.png', 21)] },
    ],
    [
      'j>d',
      16,
      '09:02',
      'Hallo Herr Aydın,\n\nbitte heute noch zum Arzt und den Befund aufheben. Das Auto nicht reparieren lassen, bevor ein Gutachter da war. Mit der gegnerischen Versicherung spreche nur ich.\n\nJonas Brandt',
    ],
    [
      'g>j',
      13,
      '11:48',
      'Moin,\n\nKostenvoranschlag Aydın anbei. Heckträger ist krumm, das wird kein Fall für die Spachtelmasse.\n\nOlschewski',
      {
        subject: 'Kostenvoranschlag Aydın',
        files: [
          csvFile('Kostenvoranschlag.csv', [
            ['Teil', 'Stunden', 'Betrag'],
            ['Heckträger', '4,5', '1.180,00'],
            ['Stoßfänger', '1,0', '612,40'],
            ['Lack', '3,0', '498,00'],
            ['Summe', '', '2.290,40'],
          ]),
        ],
      },
    ],
    [
      'v>j',
      7,
      '10:12',
      'Sehr geehrter Herr Rechtsanwalt,\n\nzum Schaden 88-2041 bitten wir um Übersendung der Arztberichte. Den Sachschaden erkennen wir dem Grunde nach an.\n\nEichenschild Versicherung, Schadenabteilung',
      { subject: 'Schaden 88-2041' },
    ],
    [
      'j>d',
      7,
      '11:30',
      'Hallo Herr Aydın,\n\ndie Versicherung zahlt den Sachschaden. Für das Schmerzensgeld brauche ich beide Arztberichte, ein Foto mit dem Telefon genügt.\n\nJonas Brandt',
    ],
    [
      'd>j',
      6,
      '22:03',
      'Hier sind sie. Dem Nacken geht es besser, danke.\n\nDeniz Aydın',
      { files: [scanOfPage('Arztbericht.png', 23)] },
    ],
    [
      'v>j',
      0,
      '11:27',
      'Sehr geehrter Herr Rechtsanwalt,\n\nzum Ausgleich aller Ansprüche aus dem Schaden 88-2041 bieten wir 3.900,00 € an. An dieses Angebot halten wir uns bis Monatsende gebunden.\n\nEichenschild Versicherung, Schadenabteilung',
      { subject: 'Schaden 88-2041: Abfindungsangebot', isUnread: true },
    ],
  ],
});

const cracks = correspondence({
  thread: 'brueggemann',
  subject: 'Risse im Neubau',
  folder: 'Brüggemann ./. Tannrode',
  cast: { c: claudia, t: builder },
  lines: [
    [
      'c>j',
      21,
      '13:14',
      'Lieber Herr Brandt,\n\nunser Haus ist zwei Jahre alt und hat inzwischen elf Risse, der längste geht vom Fenster bis zur Decke. Die Baufirma sagt „Setzung, normal“. Mein Mann hat Gipsmarken gesetzt, drei sind gerissen.\n\nClaudia Brüggemann',
      { files: [photoOfWall('Riss_Wohnzimmer.png', 31)] },
    ],
    [
      'j>c',
      20,
      '10:36',
      'Liebe Frau Brüggemann,\n\ngerissene Gipsmarken heißen: Es bewegt sich noch. Ich schlage ein selbständiges Beweisverfahren vor, das hemmt auch die Verjährung. Die Gewährleistung läuft noch drei Jahre, Eile ist nicht geboten, Sorgfalt schon.\n\nJonas Brandt',
    ],
    [
      'c>j',
      19,
      '21:50',
      'Das klingt vernünftig. Was kostet das ungefähr, und zahlt die Rechtsschutzversicherung?\n\nClaudia Brüggemann',
    ],
    [
      'j>c',
      18,
      '09:05',
      'Der Gutachter etwa 4.000 €, vorzulegen von Ihnen, zu tragen am Ende von dem, der unrecht hat. Baurecht ist bei Ihrer Versicherung leider ausgeschlossen, ich habe nachgesehen.\n\nJonas Brandt',
    ],
    [
      't>j',
      12,
      '15:15',
      'Sehr geehrter Herr Brandt,\n\nwir bestreiten einen Mangel, sind aber bereit, die Risse aus Kulanz zu verspachteln.\n\nHausbau Tannrode',
      { subject: 'Bauvorhaben Brüggemann' },
    ],
    [
      'j>c',
      12,
      '16:00',
      'Liebe Frau Brüggemann,\n\nbitte jetzt nicht verspachteln lassen: Dann sieht der Gutachter nichts mehr. Ich habe höflich abgesagt.\n\nJonas Brandt',
      { subject: 'Bitte nicht verspachteln' },
    ],
    [
      'c>j',
      3,
      '08:28',
      'Lieber Herr Brandt,\n\nseit gestern sind es zwölf Risse. Der Gutachter hat sich für nächste Woche angemeldet.\n\nClaudia Brüggemann',
      { subject: 'Der zwölfte Riss' },
    ],
  ],
});

export const lettersOfJonas: readonly PlannedLetter[] = [...joiner, ...dismissal, ...accident, ...cracks];
