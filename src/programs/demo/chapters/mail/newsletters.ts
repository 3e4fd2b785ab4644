// Newsletters with pictures from elsewhere and counting pixels, and invitations to meetings. All senders are invented.

import { csvFile } from '../../sample-files.ts';
import type { SampleFile } from '../../sample-letter-text.ts';
import { jonas, leyla, mara, party, secretariat, type Party, type PlannedLetter } from './letter-plan.ts';
import { masthead } from './pictures.ts';

interface Paper {
  readonly from: Party;
  readonly to: readonly Party[];
  readonly colour: string;
  readonly hue: readonly [number, number, number];
  readonly language: 'de' | 'en';
  /** Host of its pictures and of its counting pixels. */
  readonly host: string;
  readonly foot: string;
  readonly time: string;
  readonly issues: readonly (readonly [day: number, subject: string, items: readonly (readonly [string, string])[]])[];
}

const papers: readonly Paper[] = [
  {
    from: party('Rechtsbrief am Morgen', 'redaktion@rechtsbrief.test'),
    to: [leyla, jonas],
    colour: '#0d3b4c',
    hue: [96, 150, 170],
    language: 'de',
    host: 'rechtsbrief.test',
    foot: 'Rechtsbrief Verlag, Birkhaven',
    time: '06:00',
    issues: [
      [
        29,
        'Mietrecht: Was ein Fleck an der Wand wert ist',
        [
          ['Minderung ohne Gutachten', 'Drei Urteile, ein Muster: Wer misst, gewinnt.'],
          ['Schönheitsreparaturen', 'Warum „besenrein“ kein Rechtsbegriff ist.'],
        ],
      ],
      [
        24,
        'Erbrecht: das zweite Testament',
        [
          ['Eigenhändig heißt eigenhändig', 'Auch der Nachsatz braucht die Handschrift.'],
          ['Pflichtteil', 'Auskunft verlangen, bevor geteilt wird.'],
        ],
      ],
      [
        19,
        'Arbeitsrecht: Anhörung vergessen',
        [
          ['Der Betriebsrat', 'Ohne Anhörung keine Kündigung: der einfachste Fehler.'],
          ['Zeugnisse', 'Was „stets bemüht“ heute kostet.'],
        ],
      ],
      [
        14,
        'Baurecht: Risse und ihre Geschichten',
        [
          ['Gipsmarken', 'Ein alter Trick, vor Gericht noch immer etwas wert.'],
          ['Verjährung', 'Fünf Jahre sind schneller vorbei, als man denkt.'],
        ],
      ],
      [
        9,
        'Verkehrsrecht: hinten drauf',
        [
          ['Der Anscheinsbeweis', 'Wann er nicht gilt.'],
          ['Nutzungsausfall', 'Ein Fahrrad ist auch ein Fahrzeug.'],
        ],
      ],
      [
        4,
        'Kosten: die neue Tabelle',
        [
          ['Was sich ändert', 'Die Stufen im Überblick, mit Rechenbeispiel.'],
          ['Übergang', 'Welcher Auftrag noch nach altem Recht zählt.'],
        ],
      ],
      [
        0,
        'Fristen, die man leicht vergisst',
        [
          ['Verjährung', 'Was zum Jahresende verjährt und wie man es aufhält.'],
          ['Feiertage', 'Wann eine Frist auf einen Sonntag fällt.'],
        ],
      ],
    ],
  },
  {
    from: party('Harbour & Hinterland', 'letters@harbour-hinterland.test'),
    to: [leyla],
    colour: '#3d2c55',
    hue: [150, 120, 175],
    language: 'en',
    host: 'harbour-hinterland.test',
    foot: 'Harbour & Hinterland, a weekly for people who trade across borders',
    time: '07:30',
    issues: [
      [
        27,
        'Licences that outlive their drawings',
        [
          ['Twelve or thirty-one', 'Counting matters more than wording.'],
          ['Late notice', 'A week is long in a supply chain.'],
        ],
      ],
      [
        22,
        'Arbitration, the quiet court',
        [
          ['Choosing the seat', 'Four questions before you sign.'],
          ['Costs', 'Who pays the registry, and when.'],
        ],
      ],
      [
        17,
        'Powers of attorney across three languages',
        [
          ['Apostille or not', 'A short map.'],
          ['Translators', 'What certified means, and to whom.'],
        ],
      ],
      [
        12,
        'Returns, refunds and training days',
        [
          ['Acceptance tests', 'Write them before the code.'],
          ['Partial refunds', 'Ninety per cent is an offer, not an answer.'],
        ],
      ],
      [
        7,
        'Houses nobody has seen',
        [
          ['Estates abroad', 'Six weeks, and how to stop the clock.'],
          ['Keys', 'Who may open the door.'],
        ],
      ],
      [
        2,
        'What we read this month',
        [
          ['Three essays', 'On patience, ports and paper.'],
          ['One photograph', 'The crane at dawn.'],
        ],
      ],
    ],
  },
  {
    from: party('Birkhavener Marktblatt', 'marktblatt@birkhaven-stadt.test'),
    to: [secretariat, jonas],
    colour: '#41521f',
    hue: [150, 170, 110],
    language: 'de',
    host: 'bilder.birkhaven-stadt.test',
    foot: 'Marktblatt der Stadt Birkhaven',
    time: '09:00',
    issues: [
      [
        26,
        'Markt, Musik und eine gesperrte Brücke',
        [
          ['Wochenmarkt', 'Diesmal mit Quitten und Honig.'],
          ['Brücke am Wall', 'Zwei Wochen nur zu Fuß.'],
        ],
      ],
      [
        21,
        'Musik am Freitag',
        [
          ['Treffpunkt', 'Rathausplatz, 17 Uhr, bei Regen in der Halle.'],
          ['Müllabfuhr', 'Ein Tag später als gewohnt.'],
        ],
      ],
      [
        16,
        'Die Bücherei hat neue Zeiten',
        [
          ['Öffnungszeiten', 'Donnerstag bis 21 Uhr.'],
          ['Vorlesen', 'Jeden Samstag um elf.'],
        ],
      ],
      [
        11,
        'Lichter am Hafen',
        [
          ['Abendmarkt', 'Aufbau ab Montag.'],
          ['Ehrenamt', 'Gesucht: vier Hände für den Saftstand.'],
        ],
      ],
      [
        6,
        'Ruderboote und Ehrenamt',
        [
          ['Ruderboote', 'Riemen gibt es vor Ort.'],
          ['Dank', 'An alle, die bei der Sturmnacht geholfen haben.'],
        ],
      ],
    ],
  },
  {
    from: party('Bürofreund', 'neues@buerofreund.test'),
    to: [secretariat],
    colour: '#7a3b12',
    hue: [205, 160, 120],
    language: 'de',
    host: 'buerofreund.test',
    foot: 'Bürofreund, Ratgeber für kleine Büros',
    time: '11:15',
    issues: [
      [
        25,
        'Ablage in zehn Minuten am Tag',
        [
          ['Der Stapel', 'Von unten beginnen.'],
          ['Farben', 'Rot nur für Fristen.'],
        ],
      ],
      [
        18,
        'Telefonieren ohne Warteschleife',
        [
          ['Rückruflisten', 'Vier Spalten genügen.'],
          ['Ruhe', 'Ein Vormittag ohne Termine wirkt Wunder.'],
        ],
      ],
      [
        13,
        'Papier, das nicht staut',
        [
          ['Lagern', 'Trocken und liegend.'],
          ['Einzug', 'Wann die Rolle getauscht gehört.'],
        ],
      ],
      [
        5,
        'Das Kassenbuch stimmt nicht?',
        [
          ['Suchen', 'Immer zuerst die Briefmarken.'],
          ['Vorbeugen', 'Eine Dose, ein Zettel, ein Stift.'],
        ],
      ],
      [
        1,
        'Pflanzen für dunkle Flure',
        [
          ['Efeutute', 'Verzeiht fast alles.'],
          ['Kakteen', 'Nur für Fensterbänke.'],
        ],
      ],
    ],
  },
];

function paperHtml(paper: Paper, issue: number, picture: SampleFile): string {
  const [, subject, items] = paper.issues[issue] ?? [0, '', []];
  const read = paper.language === 'de' ? 'Weiterlesen' : 'Read on';
  const rows = items
    .map(
      ([title, text], at) =>
        `<tr><td style="padding:18px 32px 0"><img src="https://${paper.host}/bild-${issue}-${at}.jpg" width="536" height="180" alt="" style="border-radius:4px"><h2 style="font-size:20px;margin:14px 0 4px">${title}</h2><p style="margin:0">${text} <a href="https://${paper.host}/${issue}/${at}" style="color:${paper.colour}">${read}</a></p></td></tr>`,
    )
    .join('');
  return `<!doctype html><html><head><style>body{margin:0;background:#f4f4f0;font-family:Georgia,serif;color:#222;font-size:16px;line-height:25px}</style></head><body><table width="100%" cellpadding="0" cellspacing="0"><tr><td align="center"><table width="600" cellpadding="0" cellspacing="0" style="background:#fff;max-width:600px"><tr><td style="background:${paper.colour};color:#fff;padding:24px 32px;font-size:24px">${paper.from.name}</td></tr><tr><td><img src="cid:${picture.contentId ?? ''}" width="600" height="120" alt="" style="display:block;max-width:100%"></td></tr><tr><td style="padding:24px 32px 0;font-size:19px"><b>${subject}</b></td></tr>${rows}<tr><td style="padding:26px 32px;font-size:12px;color:#777"><hr style="border:0;border-top:1px solid #ddd">${paper.foot}<img src="https://zaehler.${paper.host}/o.gif?u=8841&amp;i=${issue}" width="1" height="1" alt=""><img src="https://klick.${paper.host}/p?x=${issue}" width="1" height="1" alt=""></td></tr></table></td></tr></table></body></html>`;
}

export const newsletters: readonly PlannedLetter[] = papers.flatMap((paper) =>
  paper.issues.map(([day, subject, items], issue): PlannedLetter => {
    const picture = masthead(`kopf-${issue}`, paper.hue);
    return {
      day,
      time: paper.time,
      from: paper.from,
      to: paper.to,
      subject,
      plainText: items.map(([title, text]) => `${title}\n${text}`).join('\n\n'),
      plainHtml: paperHtml(paper, issue, picture),
      files: [picture],
      folder: 'Zeitung',
      isList: true,
      ...(day === 0 ? { isUnread: true } : {}),
    };
  }),
);

const arbitration = party('Birkhaven Chamber of Arbitration', 'registry@arbitration-birkhaven.test');
const chamber = party('Anwaltskammer Birkhaven', 'kammer@anwaltskammer-birkhaven.test');

/** Sent to all it concerns; the calendar entry stands beside the text. */
export const invitations: readonly PlannedLetter[] = [
  {
    day: 14,
    time: '10:30',
    from: leyla,
    to: [jonas, mara],
    subject: 'Einladung: Jour fixe',
    plainText: 'Montags um neun, höchstens eine halbe Stunde, im Besprechungszimmer.\n\nLeyla',
    meeting: { title: 'Jour fixe', place: 'Besprechungszimmer', inDays: 5, hour: 9 },
    seal: 'signed',
  },
  {
    day: 6,
    time: '09:40',
    from: chamber,
    to: [leyla, jonas],
    subject: 'Einladung: Fortbildung Kostenrecht',
    plainText:
      'Sehr geehrte Kolleginnen und Kollegen,\n\nwir laden ein zur Fortbildung Kostenrecht. Drei Stunden werden bescheinigt. Das Programm liegt bei.\n\nAnwaltskammer Birkhaven',
    meeting: { title: 'Fortbildung Kostenrecht', place: 'Kammersaal, Am Wall 2, Birkhaven', inDays: 9, hour: 15 },
    files: [
      csvFile('Programm.csv', [
        ['Uhrzeit', 'Thema'],
        ['15:00', 'Die neue Tabelle'],
        ['16:15', 'Pause'],
        ['16:30', 'Streitwerte im Mietrecht'],
      ]),
    ],
  },
  {
    day: 2,
    time: '13:05',
    from: arbitration,
    to: [jonas],
    subject: 'A-88: preliminary conference',
    plainText:
      'Dear Mr Brandt,\n\nthe preliminary conference in case A-88 will be held by video. The invitation is attached as a calendar entry.\n\nThe Registry',
    meeting: { title: 'A-88: preliminary conference', place: 'Video', inDays: 12, hour: 10 },
    isStarred: true,
  },
  {
    day: 0,
    time: '08:31',
    from: party('Dr. Ingrid Seelhorst', 'seelhorst@notariat-am-wall.test'),
    to: [leyla],
    subject: 'Beurkundung am Donnerstag',
    plainText:
      'Sehr geehrte Frau Kollegin,\n\nhier der Termin für den Kalender. Ausweise bitte nicht vergessen.\n\nIngrid Seelhorst',
    meeting: { title: 'Beurkundung Öztürk', place: 'Notariat am Wall', inDays: 3, hour: 14 },
    isUnread: true,
    seal: 'signed',
  },
];
