// Letters of German law offices and practices, put together by dice: what they say is known to the letter, so reading errors can be counted.

import { throwDice, type Dice } from './dice.ts';

export interface PageOfText {
  readonly kind: 'law' | 'medicine';
  readonly head: string;
  readonly address: readonly string[];
  readonly date: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly foot: string;
}

const NAMES = [
  'Jürgen Weißenfels',
  'Dr. Änne Grünwald',
  'Özlem Yıldız',
  'Karl-Heinz Mößner',
  'Lieselotte Müller-Lüdtke',
  'Sönke Petersen',
  'Friederike Schäuffele',
  'Xaver Übelhör',
] as const;
const STREETS = [
  'Königstraße 17',
  'Am Mühlgraben 4 a',
  'Äußere Bahnhofstraße 112',
  'Großer Burstah 31',
  'Höfische Gasse 9',
  'Schloßplatz 2',
] as const;
const TOWNS = [
  '20457 Hamburg',
  '80331 München',
  '70173 Stuttgart',
  '50667 Köln',
  '04109 Leipzig',
  '97070 Würzburg',
  '37073 Göttingen',
] as const;
const MONTHS = [
  'Januar',
  'Februar',
  'März',
  'April',
  'Mai',
  'Juni',
  'Juli',
  'August',
  'September',
  'Oktober',
  'November',
  'Dezember',
] as const;

const LAW = [
  'In der vorbezeichneten Angelegenheit zeigen wir unter Bezugnahme auf die beigefügte Vollmacht an, dass wir die rechtlichen Interessen unserer Mandantschaft vertreten.',
  'Gemäß § 280 Abs. 1 BGB haftet der Schuldner für den Schaden, der durch die Verletzung einer Pflicht aus dem Schuldverhältnis entsteht, es sei denn, er hat die Pflichtverletzung nicht zu vertreten.',
  'Der Beklagte wird verurteilt, an die Klägerin {betrag} Euro nebst Zinsen in Höhe von fünf Prozentpunkten über dem Basiszinssatz seit dem {datum} zu zahlen.',
  'Die Frist zur Stellungnahme läuft am {datum} ab; eine Verlängerung kommt nach ständiger Rechtsprechung nur bei Glaubhaftmachung erheblicher Gründe in Betracht.',
  'Ausweislich des Grundbuchs von Blatt {zahl} ist das Flurstück {zahl}/{klein} mit einer Größe von {klein},{klein} Hektar unbelastet.',
  'Wir fordern Sie auf, die beigefügte Unterlassungs- und Verpflichtungserklärung bis spätestens {datum}, 12:00 Uhr, rechtsverbindlich unterzeichnet zurückzureichen.',
  'Das Landgericht hat die Berufung mit Beschluss vom {datum} (Az. {klein} O {zahl}/{klein}) als unzulässig verworfen, weil sie nicht rechtzeitig begründet worden sei.',
  'Die Kündigung ist weder durch Gründe in der Person noch durch dringende betriebliche Erfordernisse bedingt und daher sozial ungerechtfertigt im Sinne des Kündigungsschutzgesetzes.',
  'Hilfsweise erklären wir namens unseres Mandanten die Aufrechnung mit dessen Gegenforderung aus der Nebenkostenabrechnung über {betrag} Euro.',
  'Zur Vermeidung einer gerichtlichen Auseinandersetzung schlagen wir ohne Anerkennung einer Rechtspflicht den nachfolgenden Vergleich vor.',
  'Für Rückfragen stehen wir Ihnen gern zur Verfügung; die Akteneinsicht wurde bei der Staatsanwaltschaft beantragt.',
] as const;

const MEDICINE = [
  'Wir berichten über die oben genannte Patientin, die sich vom {datum} bis zum {datum} in unserer stationären Behandlung befand.',
  'Diagnosen: Arterielle Hypertonie, Zustand nach Hüftgelenksersatz rechts, Verdacht auf Präeklampsie in der Vorgeschichte.',
  'Die Röntgenaufnahme des Thorax in zwei Ebenen zeigte keine frischen Infiltrate, keinen Pleuraerguss und eine altersentsprechende Herzgröße.',
  'Laborchemisch fielen ein CRP von {klein},{klein} mg/l sowie Leukozyten von {zahl} je Mikroliter auf; Elektrolyte und Nierenwerte lagen im Normbereich.',
  'Therapie: Ramipril {klein} mg einmal täglich, Metoprolol {klein} mg zweimal täglich, Ibuprofen nur bei Bedarf und höchstens drei Tage.',
  'Die Wundverhältnisse waren jederzeit reizlos; die Fäden können am zwölften Tag nach dem Eingriff durch den Hausarzt entfernt werden.',
  'Bei erneutem Auftreten von Fieber, Schwindel oder Luftnot bitten wir um unverzügliche Wiedervorstellung in unserer Notaufnahme.',
  'Der Blutdruck betrug bei Aufnahme {zahl}/{klein} mmHg, die Herzfrequenz {klein} Schläge pro Minute, die Körpertemperatur 37,{klein} Grad.',
  'Sonographisch stellten sich Leber, Gallenblase und Bauchspeicheldrüse unauffällig dar, beide Nieren waren ohne Stauung.',
  'Die Patientin wurde über mögliche Nebenwirkungen aufgeklärt und in gutem Allgemeinzustand in die ambulante Weiterbehandlung entlassen.',
  'Wir danken für die freundliche Überweisung und verbleiben mit kollegialen Grüßen aus der Klinik für Innere Medizin.',
] as const;

function fill(template: string, dice: Dice): string {
  return template
    .replaceAll(
      '{betrag}',
      () =>
        `${Math.floor(dice.between(1, 98))}.${Math.floor(dice.between(100, 999))},${Math.floor(dice.between(10, 99))}`,
    )
    .replaceAll('{datum}', () => dateOf(dice))
    .replaceAll('{zahl}', () => String(Math.floor(dice.between(101, 9_899))))
    .replaceAll('{klein}', () => String(Math.floor(dice.between(2, 95))));
}

function dateOf(dice: Dice): string {
  return `${Math.floor(dice.between(1, 28))}. ${dice.pick(MONTHS)} ${Math.floor(dice.between(2019, 2026))}`;
}

function shuffled(sentences: readonly string[], dice: Dice): readonly string[] {
  return sentences
    .map((sentence) => ({ sentence, at: dice.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ sentence }) => sentence);
}

/** `words`: about how many words the paragraphs have together. */
export function writeLetter(seed: number, words = 270): PageOfText {
  const dice = throwDice(seed);
  const isLaw = dice.next() < 0.5;
  const deck = shuffled(isLaw ? LAW : MEDICINE, dice);
  const paragraphs: string[] = [];
  let written = 0;
  let drawn = 0;
  while (written < words) {
    const count = Math.floor(dice.between(2, 4.99));
    const paragraph = Array.from({ length: count }, (_, index) =>
      fill(deck[(drawn + index) % deck.length] ?? '', dice),
    ).join(' ');
    drawn += count;
    written += paragraph.split(' ').length;
    paragraphs.push(paragraph);
  }
  return {
    kind: isLaw ? 'law' : 'medicine',
    head: isLaw ? 'Rechtsanwälte Grützmacher & Söhne' : 'Klinikum Süderhöhe',
    address: [dice.pick(NAMES), dice.pick(STREETS), dice.pick(TOWNS)],
    date: `${dice.pick(TOWNS).split(' ')[1] ?? ''}, den ${dateOf(dice)}`,
    subject: isLaw
      ? `Unser Zeichen: ${Math.floor(dice.between(100, 999))}/24 – Klage wegen Schadensersatz`
      : 'Ärztlicher Bericht zur stationären Behandlung',
    paragraphs,
    foot: isLaw ? 'Mit freundlichen Grüßen' : 'Mit kollegialen Grüßen',
  };
}

/** What stands on the page, in the order in which it is read. */
export function textOf(page: PageOfText): string {
  return [page.head, ...page.address, page.date, page.subject, ...page.paragraphs, page.foot].join('\n');
}
