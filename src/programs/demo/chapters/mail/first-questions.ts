// People who ask, are answered, and say thanks: most of a law office's mail. All of them are invented.

import { correspondence, party, type PlannedLetter } from './letter-plan.ts';

type Asked = readonly [
  name: string,
  lawyer: 'l' | 'j',
  day: number,
  time: string,
  subject: string,
  question: string,
  answer: string,
  thanks: string,
];

const asked: readonly Asked[] = [
  [
    'Ottilie Brenneke',
    'l',
    30,
    '09:20',
    'Hund des Nachbarn',
    'der Hund von nebenan bellt von sechs bis acht, jeden Tag. Darf ich das Ordnungsamt rufen, oder ist das unhöflich?',
    'unhöflich wäre nur, es nicht vorher zu sagen. Schreiben Sie eine Woche lang die Zeiten auf und werfen Sie dem Nachbarn einen freundlichen Zettel ein. Meist genügt das.',
    'er hat sich entschuldigt und der Hund geht jetzt mit ins Büro. Danke!',
  ],
  [
    'Yannick Oberthür',
    'j',
    29,
    '13:10',
    'Fahrrad gestohlen, Versicherung zahlt nicht',
    'mein Rad stand abgeschlossen im Hof. Die Versicherung sagt, ein Hof sei kein verschlossener Raum. Stimmt das?',
    'das kommt auf Ihre Bedingungen an. Schicken Sie mir bitte die Seite mit der Überschrift „Fahrraddiebstahl“; oft steht dort eine Ausnahme für die Zeit zwischen sechs und zweiundzwanzig Uhr.',
    'genau so steht es da. Sie haben heute gezahlt.',
  ],
  [
    'Selma Karadağ',
    'l',
    28,
    '16:30',
    'Namensänderung nach der Scheidung',
    'ich möchte meinen Mädchennamen zurück. Brauche ich dafür einen Anwalt?',
    'nein. Eine Erklärung beim Standesamt reicht, mit Scheidungsbeschluss und Ausweis. Es kostet etwa dreißig Euro.',
    'erledigt, in zwanzig Minuten. Das war die schönste Unterschrift seit Jahren.',
  ],
  [
    'Gerd Pfannenstiel',
    'j',
    27,
    '07:45',
    'Baugrube neben meiner Garage',
    'neben meiner Garage graben sie zwei Meter tief, und ich sehe schon einen Spalt. Wen rufe ich an?',
    'heute noch die Bauaufsicht, die Nummer steht unten, und machen Sie Bilder mit einem Zollstock daneben. Bitte nicht selbst in die Grube steigen.',
    'sie haben den Bau angehalten und eine Stütze gesetzt. Gerade rechtzeitig.',
  ],
  [
    'Noor van Aalst',
    'l',
    26,
    '11:05',
    'Deposit not returned',
    'my former landlord has kept my deposit for seven months and does not answer. Is there a deadline?',
    'usually six months, so it is due now. A short letter with a date often helps; a draft is attached to this message as plain text below. Please send it by registered post.',
    'the money arrived this morning, with interest. Thank you so much.',
  ],
  [
    'Walter Siebenhaar',
    'j',
    25,
    '10:15',
    'Rechnung für einen Kurs, den ich nie bestellt habe',
    'ich soll 480 Euro für einen Sprachkurs zahlen. Ich spreche die Sprache seit meiner Geburt.',
    'dann wird es den Vertrag wohl nicht geben. Bestreiten Sie ihn mit einem Satz und verlangen Sie den Nachweis. Mehr nicht, keine Erklärungen.',
    'sie haben storniert und mir einen Gutschein geschickt. Für einen Sprachkurs.',
  ],
  [
    'Familie Rautenberg',
    'l',
    23,
    '19:50',
    'Kita-Platz abgelehnt',
    'unsere Tochter hat keinen Platz bekommen, wir arbeiten beide. Es hieß, da könne man nichts machen.',
    'man kann. Es gibt einen Anspruch, und die Stadt muss ihn erfüllen. Ich schreibe morgen an das Jugendamt; bitte schicken Sie mir die Absage.',
    'ab dem Ersten hat sie einen Platz, sogar um die Ecke. Wir feiern!',
  ],
  [
    'Ines Morgenroth',
    'j',
    21,
    '14:40',
    'Probezeit und Urlaub',
    'darf man in der Probezeit wirklich keinen Urlaub nehmen? Mein Chef sagt das so.',
    'man darf. Der Anspruch entsteht mit jedem Monat zu einem Zwölftel. Ob er ihn jetzt gewährt, ist eine Frage der Absprache; reden Sie ruhig mit ihm.',
    'er wusste es wirklich nicht. Wir fahren.',
  ],
  [
    'Kofi Mensah',
    'l',
    20,
    '12:25',
    'Registering a small company',
    'I would like to open a repair shop for instruments. Which form would you recommend for one person?',
    'start simple: register the trade with the town, no company yet. If the rent is high or you hire someone, we speak again about limiting your liability.',
    'registered. If your violin ever needs care, you know where to go.',
  ],
  [
    'Brigitte Wulfekamp',
    'j',
    18,
    '08:20',
    'Baum auf der Grenze',
    'der Ahorn steht genau auf der Grenze und der Nachbar will ihn fällen. Darf er das allein?',
    'nein, der Baum gehört Ihnen beiden. Er braucht Ihre Zustimmung, und Sie brauchen seine. Wachsen darf er allein.',
    'der Satz mit dem Wachsen hat ihn überzeugt. Er bleibt.',
  ],
  [
    'Ludger Enneking',
    'l',
    17,
    '15:35',
    'Testament auf dem Bierdeckel',
    'mein Onkel hat sein Testament auf einen Bierdeckel geschrieben, mit Unterschrift und Datum. Gilt das?',
    'wenn er es selbst von Hand geschrieben und unterschrieben hat: ja. Bitte nichts darauf abstellen und heute noch beim Nachlassgericht abgeben.',
    'die Dame am Schalter hat sehr gelacht und es sehr sorgfältig abgestempelt.',
  ],
  [
    'Petra Vossbrink',
    'j',
    15,
    '17:15',
    'Kündigung per Kurznachricht',
    'mir wurde heute per Kurznachricht gekündigt. Muss ich morgen trotzdem hin?',
    'gehen Sie hin. Eine Kündigung braucht Papier und Unterschrift; so ist sie unwirksam. Bieten Sie Ihre Arbeit an und schreiben Sie sich auf, wer dabei war.',
    'ich war da, sie waren verlegen, und ich arbeite weiter.',
  ],
  [
    'Amara Okafor',
    'l',
    13,
    '10:50',
    'Lease in two languages',
    'our lease is in English and German, and the two texts differ about pets. Which one counts?',
    'look at the last page: there is usually a line saying which text prevails. If it is missing, the doubt goes against the one who wrote it.',
    'the line says German prevails, and German says small pets are fine. The cat is pleased.',
  ],
  [
    'Hinrich Dammann',
    'j',
    11,
    '09:05',
    'Schafe auf der Straße',
    'zwei meiner Schafe waren auf der Landstraße, es ist niemandem etwas passiert. Nun kommt ein Bußgeld. Zahlen?',
    'wenn der Zaun in Ordnung war, nicht ohne Weiteres. Haben Sie ein Bild vom Tor? Ich lege vorsorglich Einspruch ein.',
    'eingestellt! Die Schafe lassen grüßen, es gibt im Frühjahr Wolle.',
  ],
  [
    'Theres Achleitner',
    'l',
    9,
    '18:10',
    'Chor probt zu laut',
    'wir sind vierzig Stimmen und proben donnerstags bis 21:30 Uhr. Ein Anwohner droht mit einer Klage.',
    'bis 22 Uhr ist in einem Gemeindesaal in der Regel nichts einzuwenden, bei geschlossenen Fenstern. Laden Sie ihn zum Konzert ein, zweite Reihe.',
    'er singt jetzt Bass.',
  ],
  [
    'Rolf Zwingenberger',
    'j',
    5,
    '12:35',
    'Gebrauchtes Klavier, drei Tasten stumm',
    'ich habe ein Klavier gekauft, „voll bespielbar“. Drei Tasten schweigen. Kann ich es zurückgeben?',
    'von einem Händler: erst Reparatur verlangen, mit Frist. Von privat: Es kommt darauf an, ob er es wusste. Von wem ist es?',
    'vom Händler. Er kommt am Montag mit Werkzeug. Ich spiele solange in Moll.',
  ],
  [
    'Fenja Lührs',
    'l',
    3,
    '08:55',
    'Erste eigene Wohnung',
    'ich unterschreibe am Samstag meinen ersten Mietvertrag. Worauf muss ich achten?',
    'drei Dinge: ein Protokoll mit Zählerständen, keine Zahlung vor der Schlüsselübergabe, und lesen Sie die letzte Seite zuerst. Herzlichen Glückwunsch!',
    'unterschrieben, mit Protokoll. Die letzte Seite war wirklich die wichtigste.',
  ],
];

const LATIN: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', ğ: 'g', ı: 'i', ş: 's', ç: 'c' };

function addressOf(name: string): string {
  const local = name.toLowerCase().replaceAll(/[äöüßğışç]/g, (letter) => LATIN[letter] ?? letter);
  return `${local.replaceAll(/\s+/g, '.')}@${name.length % 2 === 0 ? 'briefkiste' : 'feldpost'}.test`;
}

/** An hour and a half later, or the next morning. */
function later(time: string, byMinutes: number): string {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  const at = Math.min(hours * 60 + minutes + byMinutes, 18 * 60 + 20);
  return `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
}

export const firstQuestions: readonly PlannedLetter[] = asked.flatMap(
  ([name, lawyer, day, time, subject, question, answer, thanks]) => {
    const isEnglish = / (?:the|my|our|I|is) /.test(question);
    const who = lawyer === 'l' ? 'Leyla Yıldız' : 'Jonas Brandt';
    const closing = isEnglish ? 'Kind regards' : 'Mit freundlichen Grüßen';
    const letter = (text: string, to: string, signed: string): string =>
      isEnglish
        ? `Dear ${to},\n\n${text.charAt(0).toUpperCase()}${text.slice(1)}\n\n${closing}\n${signed}`
        : `Guten Tag ${to},\n\n${text}\n\n${closing}\n${signed}`;
    return correspondence({
      thread: `asked-${addressOf(name)}`,
      subject,
      folder: 'Anfragen',
      replyWord: isEnglish ? 'Re' : 'AW',
      cast: { p: party(name, addressOf(name)) },
      lines: [
        [`p>${lawyer}`, day, time, letter(question, who, name)],
        [`${lawyer}>p`, day, later(time, 95), letter(answer, name, who)],
        [
          `p>${lawyer}`,
          Math.max(0, day - 2),
          later(time, 40),
          letter(thanks, who, name),
          day < 5 ? { isUnread: true } : {},
        ],
      ],
    });
  },
);
