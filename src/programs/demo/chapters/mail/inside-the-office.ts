// What the three write to each other: short, every day, end-to-end. And what the family writes.

import { csvFile } from '../../sample-files.ts';
import { correspondence, jonas, leyla, mara, party, type Party, type PlannedLetter } from './letter-plan.ts';

const mother = party('Fatma Yıldız', 'fatma.yildiz@briefkiste.test');
const brother = party('Emre Yıldız', 'emre@yildiz-familie.test');
const sister = party('Hanna Brandt', 'hanna.brandt@feldpost.test');

const people: Readonly<Record<string, Party>> = { l: leyla, j: jonas, m: mara };

type Note = readonly [way: string, day: number, time: string, subject: string, plainText: string, isUnread?: boolean];

const notes: readonly Note[] = [
  [
    'm>l,j',
    30,
    '08:10',
    'Schlüssel und neue Alarmanlage',
    'Guten Morgen,\n\nder neue Code gilt ab morgen. Ich sage ihn euch mündlich, er steht nirgends, auch hier nicht.\n\nMara',
  ],
  [
    'j>l',
    29,
    '17:20',
    'Vertretung am Freitag',
    'Liebe Leyla,\n\nkannst du Freitag den Anruf vom Arbeitsgericht übernehmen? Ich sitze ab zehn beim Zahnarzt und kann danach vermutlich nur nicken.\n\nJonas',
  ],
  ['l>j', 29, '17:32', 'AW: Vertretung am Freitag', 'Mache ich. Nicken reicht mir.\n\nLeyla'],
  [
    'm>l',
    28,
    '10:40',
    'Rückrufe von heute Vormittag',
    'Vier Rückrufe, alle auf der Liste:\n\n- Herr Vogt, dringend, bis 12 Uhr\n- Frau Öztürk, neue Mandantin, Erbrecht\n- die Verwaltung vom Quittenhof, sehr freundlich, also Vorsicht\n- Dein Zahnarzt wegen Dienstag\n\nMara',
  ],
  [
    'l>j,m',
    26,
    '16:05',
    'Mittwochs ohne Termine',
    'Ihr Lieben,\n\nich würde gern den Mittwochvormittag frei von Terminen halten, damit wir Schriftsätze schreiben können. Probieren wir es vier Wochen lang?\n\nLeyla',
  ],
  [
    'j>l,m',
    26,
    '16:11',
    'AW: Mittwochs ohne Termine',
    'Dafür. Unter der Bedingung, dass die Tür wirklich zu ist.\n\nJonas',
  ],
  [
    'm>l,j',
    26,
    '16:30',
    'AW: Mittwochs ohne Termine',
    'Ich hänge ein Schild auf. Und stelle das Telefon auf mich.\n\nMara',
  ],
  [
    'm>l,j',
    22,
    '09:00',
    'Stunden des Vormonats',
    'Anbei eure Stunden zur Durchsicht. Jonas, am 14. fehlt dir ein halber Tag.\n\nMara',
  ],
  [
    'j>m',
    22,
    '09:40',
    'AW: Stunden des Vormonats',
    'Der halbe Tag war die Treppe bei Wendelin, Ortstermin. Trägst du ihn bitte ein?\n\nJonas',
  ],
  [
    'l>m',
    21,
    '11:11',
    'Drucker im Flur',
    'Liebe Mara,\n\nder Drucker zieht wieder zwei Seiten auf einmal. Rufst du die Leute vom letzten Mal an?\n\nLeyla',
  ],
  ['m>l', 21, '11:30', 'AW: Drucker im Flur', 'Sie kommen morgen zwischen acht und zwölf, also um zwölf.\n\nMara'],
  [
    'j>l',
    18,
    '18:48',
    'Verjährung bei Demir',
    'Ich habe noch einmal nachgelesen: Der Vorschuss verjährt in drei Jahren ab Kenntnis, wir haben also Luft. Den Aufsatz lege ich dir ins Fach.\n\nJonas',
  ],
  ['l>j', 17, '08:20', 'AW: Verjährung bei Demir', 'Danke dir. Damit schlafe ich heute besser.\n\nLeyla'],
  [
    'm>j',
    14,
    '14:14',
    'Handwerker für die Tür',
    'Herr Wendelin würde die Tür zum Archiv gleich mitmachen, wenn er das Bett bringt. Er fragt nach dem Maß: 86 oder 96?\n\nMara',
  ],
  [
    'j>m',
    14,
    '14:20',
    'AW: Handwerker für die Tür',
    '86. Ich habe eben nachgemessen und mir dabei den Finger geklemmt.\n\nJonas',
  ],
  [
    'l>j',
    11,
    '10:10',
    'Die neue Mandantin',
    'Jonas, eine Frau Halloran aus Galway fragt wegen eines Erbes in Birkhaven. Englisch und ein bisschen Grundbuch. Willst du oder soll ich?\n\nLeyla',
  ],
  [
    'j>l',
    11,
    '10:25',
    'AW: Die neue Mandantin',
    'Nimm du sie, du hast die besseren Grundbücher. Ich mache dafür die Miete von Herrn Vogt, wenn es vor Gericht geht.\n\nJonas',
  ],
  [
    'm>l,j',
    8,
    '08:05',
    'Kassenbuch und Auslagen',
    'Guten Morgen,\n\ndas Kassenbuch stimmt bis auf 4,20 €. Hat jemand Briefmarken genommen?\n\nMara',
  ],
  [
    'l>m',
    8,
    '08:15',
    'AW: Kassenbuch und Auslagen',
    'Ich. Drei Stück, für meine Großmutter. Geld liegt in der Dose.\n\nLeyla',
  ],
  [
    'j>l',
    5,
    '17:55',
    'Akte 14: Termin verlegt?',
    'Liebe Leyla,\n\nim Flur am Landgericht heißt es, der Saal 114 werde renoviert. Vielleicht wird dein Termin verlegt. Noch steht nichts fest.\n\nJonas',
  ],
  [
    'l>j',
    4,
    '09:35',
    'Ein paar Tage frei',
    'Ich würde gern übernächste Woche fort sein. Passt das mit deinen Fristen? Mara ist da.\n\nLeyla',
  ],
  ['j>l', 4, '09:50', 'AW: Ein paar Tage frei', 'Passt. Ich halte die Stellung und den Kaffee warm.\n\nJonas'],
  [
    'm>l',
    1,
    '09:30',
    'Rückrufe',
    'Guten Morgen Leyla,\n\nFrau Demir hat zweimal angerufen, es geht um den Vergleich. Und Frau Krüger fragt, ob sie für die Aussage frei nehmen muss.\n\nMara',
  ],
  [
    'j>l',
    0,
    '14:31',
    'Akte 14: Termin verlegt',
    'Liebe Leyla,\n\nnun ist es amtlich: Der Termin in der Sache Demir kommt eine Woche später, Saal 9 statt 114. Drei Dinge, damit wir nicht ins Rutschen kommen:\n\n1. Der Schriftsatz muss bis Mittwoch hinaus. Es fehlt nur noch dein Abschnitt zur Verjährung.\n2. Frau Krüger ist an dem Tag verreist. Ich frage an, ob sie schriftlich aussagen kann.\n3. Frau Demir weiß noch nichts davon. Magst du sie anrufen? Sie vertraut dir mehr als mir.\n\nBis nachher\nJonas',
    true,
  ],
  [
    'm>j',
    0,
    '10:05',
    'Post von heute',
    'Guten Morgen Jonas,\n\nzwei gelbe Umschläge liegen auf deinem Tisch, einer davon mit Frist. Der Bote vom Glaswerk wartet noch auf eine Unterschrift.\n\nMara',
    true,
  ],
  [
    'l>m',
    0,
    '11:50',
    'Bitte Termin mit Frau Demir',
    'Liebe Mara,\n\nmagst du Frau Demir für heute 16:30 Uhr einen Anruf vorschlagen? Der Vergleichsentwurf ist da.\n\nLeyla',
    true,
  ],
];

function inside(way: string): readonly Party[] {
  return way.split(/[>,]/).map((name) => people[name] ?? leyla);
}

const everyDay: readonly PlannedLetter[] = notes.map(([way, day, time, subject, plainText, isUnread]) => {
  const [from = leyla, ...to] = inside(way);
  return {
    day,
    time,
    from,
    to,
    subject,
    plainText,
    seal: 'signed',
    thread: `inside-${subject.replace(/^AW: /, '')}`,
    ...(isUnread === true ? { isUnread } : {}),
    ...(subject.startsWith('Stunden')
      ? {
          files: [
            csvFile('Stunden.csv', [
              ['Tag', 'Brandt', 'Yıldız'],
              ['13.', '7,5', '8,0'],
              ['14.', '4,0', '8,5'],
              ['15.', '8,0', '7,0'],
            ]),
          ],
        }
      : {}),
  };
});

const family = correspondence({
  thread: 'sonntag',
  subject: 'Sonntag',
  cast: { f: mother, e: brother, h: sister },
  lines: [
    [
      'f>l',
      22,
      '12:02',
      'Canım,\n\nkommt ihr am Sonntag zum Essen? Baba macht Mantı. Bring Hunger mit und sag Jonas, dass er auch kommen soll.\n\nAnneannen grüßt.\n\nMama',
      { isStarred: true },
    ],
    [
      'l>f',
      22,
      '13:30',
      'Wir kommen! Jonas fragt, ob er den Nachtisch mitbringen darf, und meint damit Zwetschgenkuchen.\n\nKuss\nLeyla',
    ],
    [
      'e>l',
      15,
      '23:12',
      'Schwester,\n\nkannst du bitte einmal über den Mietvertrag schauen? Er hat 38 Seiten und ich habe nach der dritten aufgehört.\n\nEmre',
      { subject: 'Mietvertrag, 38 Seiten' },
    ],
    [
      'l>e',
      14,
      '07:50',
      'Seite 31, zweiter Absatz: Der Garten gehört nicht dazu. Sonst in Ordnung. Unterschreib erst, wenn das mit dem Garten geklärt ist.\n\nL.',
      { subject: 'AW: Mietvertrag, 38 Seiten' },
    ],
    [
      'h>j',
      13,
      '20:40',
      'Lieber Bruder,\n\nOpa wird achtzig, du bist für die Rede zuständig. Höchstens drei Minuten und bitte ohne Fußnoten.\n\nHanna',
      { subject: 'Opas Achtzigster' },
    ],
    ['j>h', 12, '08:15', 'Ohne Fußnoten wird es aber sehr kurz.\n\nJonas', { subject: 'AW: Opas Achtzigster' }],
    [
      'f>l',
      2,
      '18:25',
      'Canım,\n\ndie Jacke hängt noch hier. Und dein Vater hat das Rezept aufgeschrieben, ich habe es abfotografiert.\n\nMama',
      { subject: 'Deine Jacke' },
    ],
  ],
});

export const lettersInside: readonly PlannedLetter[] = [...everyDay, ...family];
