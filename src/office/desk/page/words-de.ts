// The words of the report's page in German: every sentence is made from figures, for none, one and many.

import { codeWordsDe } from './code-words-de.ts';
import type { PageWords } from './words-en.ts';

const n = (count: number): string => count.toLocaleString('de-DE');
const came = (count: number): string => (count === 1 ? 'ging 1 Ersuchen' : `gingen ${n(count)} Ersuchen`);
const were = (count: number): string => (count === 1 ? 'wurde' : 'wurden');

export const wordsDe: PageWords = {
  spoken: 'de',
  productName: 'Siegel',
  languages: 'Sprache',
  title: (year) => (year === undefined ? 'Ersuchen von Behörden' : `Ersuchen von Behörden ${year}`),
  nothing: {
    sentence: 'Noch ist kein Bericht veröffentlicht.',
    says: 'Einmal im Jahr steht hier, wie viele Ersuchen von Behörden kamen, auf welchem Weg und was daraus wurde.',
  },
  lead: ({ year, total, before }) => {
    const said =
      total === 0
        ? `Im Jahr ${year} ging kein Ersuchen einer Behörde ein`
        : `Im Jahr ${year} ${came(total)} von Behörden ein`;
    if (before === undefined) return `${said}. Für das Jahr davor gibt es keinen Bericht.`;
    if (before === 0) return `${said}; im Jahr davor ${total === 0 ? 'war es ebenso' : 'war es keines'}.`;
    return `${said}; im Jahr davor ${before === 1 ? 'war es 1' : `waren es ${n(before)}`}.`;
  },
  house: (house, cutOff) => `${house}, Stand ${cutOff}`,
  years: 'Berichte',
  big: {
    requests: () => 'Ersuchen',
    rejected: (share) => `abgelehnt (${share})`,
    rejectedAlone: 'abgelehnt',
    of: (part, whole) => `${part} von ${whole}`,
    noneBefore: 'kein Bericht des Jahres davor',
  },
  signed: (people) => (people === 2 ? 'Von zwei Personen signiert' : `Von ${n(people)} Personen signiert`),
  draft: 'Dies ist ein Entwurf. Niemand hat ihn unterschrieben, und er ist nicht veröffentlicht.',
  unsigned:
    'Die Signaturen dieses Berichts sind nicht die zweier Personen, die ihn signieren dürfen. Verlassen Sie sich nicht auf seine Zahlen.',
  check: 'So wird es geprüft',
  columns: { number: 'Anzahl', share: 'Anteil' },
  days: (text) => `${text}\u00A0Tage`,
  headings: {
    total: 'Gesamtzahl',
    origin: 'Woher sie kamen',
    authority: 'Wer fragte',
    kind: 'Wonach gefragt wurde',
    instrument: 'Mit welchem Mittel',
    urgency: 'Wie dringend',
    channel: 'Auf welchem Weg',
    protection: 'Wie der Weg geschützt war',
    rejected: 'Abgelehnt',
    reason: 'Warum abgelehnt wurde',
    outcome: 'Was daraus wurde',
    time: 'Zeit bis zur Entscheidung',
    targets: 'Betroffene Konten',
  },
  firstColumns: {
    total: 'Ersuchen',
    origin: 'Herkunft',
    authority: 'Behörde',
    kind: 'Art der Daten',
    instrument: 'Mittel',
    urgency: 'Dringlichkeit',
    channel: 'Weg',
    protection: 'Schutz',
    rejected: 'Ablehnung',
    reason: 'Grund',
    outcome: 'Ergebnis',
    time: 'Zeit',
    targets: 'Konten',
  },
  rows: {
    total: 'Alle Ersuchen',
    corrections: 'davon Berichtigungen eines abgelehnten',
    first: 'Zuerst abgelehnt',
    formal: 'davon allein wegen des Weges',
    corrected: 'davon berichtigt und neu gestellt',
    finally: 'davon endgültig abgelehnt',
    decided: 'Entschieden, beide Zeiten festgehalten',
    median: 'Median: Die Hälfte brauchte höchstens',
    p90: '90 %: Neun von zehn brauchten höchstens',
    targets: 'Personen oder Postfächer, nach denen gefragt wurde',
  },
  shares: { ofTotal: 'Anteil: an allen Ersuchen.', ofRejected: 'Anteil: an den zuerst abgelehnten.' },
  says: {
    total: ({ total, before }) => {
      if (before === undefined) return '';
      if (total === before) return 'Das sind so viele wie im Jahr davor.';
      const more = Math.abs(total - before);
      const word = total > before ? 'mehr' : 'weniger';
      return more === 1 ? `Das ist 1 ${word} als im Jahr davor.` : `Das sind ${n(more)} ${word} als im Jahr davor.`;
    },
    corrections: (count) =>
      count === 0
        ? ''
        : `${n(count)} davon ${count === 1 ? 'berichtigt' : 'berichtigen'} ein Ersuchen, das vorher abgelehnt wurde.`,
    noFilings: 'Weil kein Ersuchen einging, gibt es nichts aufzuteilen.',
    parts: (group, parts, { total, list }) => {
      const [only] = parts;
      if (only !== undefined && parts.length === 1 && only.count === total)
        return total === 1
          ? `Das eine Ersuchen kam ${codeWordsDe.phrases[group](only.code, 1)}.`
          : `Alle ${n(total)} Ersuchen kamen ${codeWordsDe.phrases[group](only.code, total)}.`;
      const said = parts.map(({ count, code }) => `${n(count)} ${codeWordsDe.phrases[group](code, count)}`);
      return `Von ${total === 1 ? '1 Ersuchen' : `${n(total)} Ersuchen`} ${only?.count === 1 ? 'kam' : 'kamen'} ${list(said)}.`;
    },
    kinds: (list) => `Gefragt wurde nach: ${list}. Ein Ersuchen kann nach mehreren Arten fragen.`,
    clear: (count, total, share) =>
      count === 0
        ? 'Keines kam unverschlüsselt.'
        : `${n(count)} von ${n(total)} (${share}) ${count === 1 ? 'kam' : 'kamen'} im Klartext: als Mail, die unterwegs jeder lesen kann, oder als Fax.`,
    emergencies: (count) =>
      count === 0
        ? 'Keines war ein Eilfall.'
        : count === 1
          ? '1 war ein Eilfall, den keine Maschine ablehnen darf.'
          : `${n(count)} waren Eilfälle, die keine Maschine ablehnen darf.`,
    rejected: ({ total, first, share, formal }) => {
      if (first === 0) return 'Keines wurde abgelehnt.';
      const only =
        formal === 0
          ? ''
          : `, ${formal === first ? (first === 1 ? 'und das' : 'alle') : `${n(formal)} davon`} allein wegen des Weges`;
      return `${n(first)} von ${n(total)} ${were(first)} bei der ersten Entscheidung abgelehnt (${share})${only}.`;
    },
    corrected: ({ first, corrected, finally: last }) => {
      if (first === 0) return '';
      const again =
        corrected === 0
          ? 'Keines wurde neu gestellt'
          : `${n(corrected)} ${were(corrected)} berichtigt und neu gestellt`;
      return last === 0
        ? `${again}; keines blieb abgelehnt.`
        : `${again}; ${n(last)} ${last === 1 ? 'blieb' : 'blieben'} abgelehnt.`;
    },
    reasons: (label, count, first) => `Am häufigsten: ${label}, bei ${n(count)} von ${n(first)}.`,
    otherReasons: (list) => `Nicht genannt: ${list}.`,
    nowhere: (list) => `Ohne ein Ersuchen: ${list}.`,
    time: (median, p90, decided) =>
      decided === 1
        ? `Das eine entschiedene Ersuchen brauchte ${median}.`
        : `Die Hälfte der Ersuchen brauchte bis zur Entscheidung höchstens ${median}, neun von zehn höchstens ${p90}.`,
    noTime: 'Noch ist kein Ersuchen dieses Jahres mit seinen Zeiten entschieden.',
    targets: (count, total) =>
      `In ${total === 1 ? '1 Ersuchen' : `${n(total)} Ersuchen`} wurde nach ${count === 1 ? '1 Person oder 1 Postfach' : `${n(count)} Personen oder Postfächern`} gefragt.`,
    band: 'Überwachungen sind als Bereich genannt; wie weit er ist, steht in der signierten Richtlinie.',
    notStated: 'Ein Strich (–) steht, wo eine Zahl nicht genannt ist, damit keine andere daraus errechnet werden kann.',
  },
  cross: {
    heading: 'Zwei Merkmale zugleich',
    says: 'Zahlen von 1 bis 4 sind hier nicht genannt, damit niemand daran erkannt wird; dazu so viele andere, dass keine errechnet werden kann. Ein Strich (–) steht für beides. Zeilen und Spalten ohne ein einziges Ersuchen sind nicht gezeichnet.',
    titles: {
      'kind-channel': 'Wonach gefragt wurde, nach Weg',
      'kind-outcome': 'Wonach gefragt wurde, nach Ergebnis',
      'origin-kind': 'Herkunft, nach Art der Daten',
      'channel-outcome': 'Weg, nach Ergebnis',
    },
    allLeftOut: 'Diese Tafel fehlt ganz: Schon ihre Summen würden eine kleine Zahl verraten.',
    banded: 'Diese Tafel fehlt: Was darin stünde, ist als Bereich genannt.',
    empty: 'In dieser Tafel steht nichts.',
  },
  method: {
    heading: 'Verfahren und Rundung',
    sentences: [
      'Jede Zahl ist aus dem Register der Ersuchen errechnet und aus nichts sonst. Das Register ist eine Kette von Einträgen: Eine spätere Änderung fällt auf. Den Bericht signieren zwei Personen.',
      'Zuerst abgelehnt, berichtigt und endgültig abgelehnt sind getrennt gezählt: Ein abgelehntes Ersuchen, das die Behörde berichtigt, zählt als abgelehnt, seine Berichtigung als eigenes Ersuchen.',
    ],
    signs: 'Rundung',
    roundings: {
      exact: 'Zahlen',
      percent1: 'Anteile',
      days1: 'Zeiten',
      band: 'Bereiche',
      leftOut: 'Striche (–)',
    },
  },
  proof: {
    heading: 'So wird es geprüft',
    says: 'Der Bericht ist eine Datei, die zwei Personen signiert haben, mit dem Stand des Registers, aus dem er errechnet ist. Eine spätere Änderung der Datei oder des Registers fällt auf.',
    hash: 'SHA-256 der Datei',
    register: 'Register',
    head: 'Kopf seiner Kette',
    root: 'Wurzel über seine Einträge',
    entries: (count, text) => (count === 1 ? '1 Eintrag' : `${text} Einträge`),
    policy: 'Richtlinie',
    signatures: 'Signiert von',
    command: 'Die Signaturen',
    fingerprints: 'FINGERABDRÜCKE',
    commandSays: 'Vergleichen Sie die Fingerabdrücke mit denen, die man Ihnen auf Papier oder am Telefon gegeben hat.',
    folder: 'ORDNER',
    recompute: 'Jede Zahl, aus dem Register',
    recomputeSays:
      'Für alle, denen das Register übergeben wurde, wie das Haus es ausgibt: Jeder Eintrag, jede Entscheidung und jeder Bericht wird neu errechnet.',
    files: 'Dateien',
    links: {
      json: 'Bericht (JSON, wie er signiert ist)',
      csv: 'Zahlen (CSV)',
      asc: 'Signaturen (OpenPGP)',
      keys: 'Schlüssel der beiden (OpenPGP)',
      receipt:
        'Beleg: Dieses Haus hat diese Zahlen an jenem Tag zugesagt, und sein Buch lässt sich nicht ungesehen umschreiben',
      log: 'Verzeichnis des Registers',
      schema: 'Schema des Berichts',
      errata: 'Berichtigungen',
    },
  },
  errata: {
    title: (year) => `Berichtigungen des Berichts ${year}`,
    none: 'Dieser Bericht wurde nicht berichtigt.',
    banner: (nth) =>
      nth === 1
        ? 'Dieser Bericht wurde einmal berichtigt. Gezeigt sind die berichtigten Zahlen.'
        : `Dieser Bericht wurde ${n(nth)}-mal berichtigt. Gezeigt sind die Zahlen der letzten Berichtigung.`,
    link: 'Was sich geändert hat',
    back: 'Zum Bericht',
    lead: 'Ein veröffentlichter Bericht wird nie geändert. Was falsch war, berichtigt eine neue Datei, signiert wie die erste; alle bleiben stehen.',
    original: 'Erste Fassung',
    nth: (nth) => `${n(nth)}. Berichtigung`,
    changed: (count) =>
      count === 0
        ? 'Keine Zahl hat sich geändert.'
        : count === 1
          ? '1 Zahl hat sich geändert.'
          : `${n(count)} Zahlen haben sich geändert.`,
    other: 'geändert',
    columns: ['Zahl', 'Vorher', 'Jetzt'],
  },
  codes: codeWordsDe,
};
