// The words of /trust in German. What the operator sees is not said here: that comes from the disclosure table.

import type { TrustWords } from './trust-words-en.ts';

export const trustWordsDe: TrustWords = {
  title: 'Wofür dieses Haus einsteht',
  lead: (domain) =>
    `${domain} bewahrt Briefe auf, die nur ihre Leser öffnen können. Fünf Fragen, jede mit einer Zahl und einem Weg, sie zu prüfen.`,
  productName: 'Siegel',
  languages: 'Sprache',
  notYet: 'noch nicht',
  nothingToCheck: 'Noch nichts zu prüfen.',
  bookClosed: 'Das Buch der Belege ist beschädigt und geschlossen: Es wird keine Zahl daraus gezeigt.',
  read: {
    question: 'Können Sie meine Briefe lesen?',
    figure: (until) =>
      until === undefined
        ? 'Briefe im Buch: Die erste Zahl folgt, wenn eine Stunde mit Briefen zu Ende ist'
        : `Briefe, mit den Schlüsseln ihrer Leser versiegelt, bis ${until}`,
    check: 'Den Beleg eines eigenen Briefs prüfen',
  },
  lose: {
    question: 'Können Sie sie verlieren?',
    sentence:
      'Ein Server hört erst, dass wir seinen Brief genommen haben, wenn Brief und Schlüssel in zwei Dateien des Journals geschrieben und auf dem Datenträger sind.',
    backups: {
      noPlace: 'Ein Ort für Sicherungen ist hier nicht benannt.',
      none: 'Eine Sicherung, die zurückgespielt und geprüft wurde, gibt es hier noch nicht.',
      verified: (age) => `Die neueste Sicherung wurde vor ${age} daneben zurückgespielt und geprüft.`,
    },
    missing: (letters, age, isEqual) =>
      isEqual
        ? `fehlen von ${letters} Briefen: Das Hauptbuch hat Datenbank und Journal vor ${age} verglichen`
        : `fehlen von ${letters} Briefen: Datenbank und Journal wichen vor ${age} voneinander ab; was fehlt, steht im Journal`,
    figure: (age) => `signierte Köpfe des Buchs, das nichts zurücknehmen kann; der neueste ist ${age} alt`,
    check: 'Der neueste Kopf, zum Aufbewahren',
  },
  complete: {
    question: 'Ist die alte Post vollständig?',
    sentence:
      'Für Post, die von einem anderen Anbieter mitgebracht wird, lässt sich hier noch nicht beweisen, dass nichts fehlt: Dieser Raum ist nicht gebaut.',
  },
  answer: {
    question: 'Wem antworten Sie?',
    none: 'Für Ersuchen von Behörden gibt es hier ein Register und einen Bericht, den zwei Personen signieren; veröffentlicht ist noch keiner.',
    sentence:
      'Ersuchen von Behörden stehen in einem Register; einmal im Jahr signieren zwei Personen einen Bericht, der daraus errechnet ist.',
    figure: (year, rejected) => `Ersuchen von Behörden im Jahr ${year}, davon ${rejected} abgelehnt`,
    check: { report: 'Der Bericht mit seinen Signaturen', none: 'Wo der Bericht stehen wird' },
  },
  keep: {
    question: 'Was behalten Sie von mir, und wo?',
    sentence: (country) =>
      country === undefined
        ? 'Was bleibt, steht in der Tabelle unten; wo, hat der Betreiber nicht angegeben.'
        : `Was bleibt, steht in der Tabelle unten; als Ort gibt der Betreiber an: ${country}.`,
    figure: 'Arten von Daten, jede mit dem, was der Betreiber davon sieht',
    check: 'Die Tabelle als Daten',
  },
  place: {
    title: 'Der Ort, wie ihn der Betreiber angibt',
    note: 'Das Programm kann diese Angaben nicht prüfen.',
    operator: 'Betreiber',
    country: 'Land',
    machine: 'Maschine',
    notDeclared: 'nicht angegeben',
  },
  key: {
    title: 'Der Schlüssel, mit dem dieses Haus signiert',
    note: 'Vergleichen Sie ihn mit dem, was man Ihnen auf Papier oder am Telefon gegeben hat. Wer ihn nur mit dieser Seite vergleicht, fragt das Haus nach sich selbst.',
    fingerprint: 'Fingerabdruck',
    key: 'Schlüssel',
    source: 'Derselbe Schlüssel für Programme',
  },
  told: { title: 'Was der Betreiber sehen kann', what: 'Von Ihren Daten', sees: 'sieht der Betreiber' },
  connections: {
    title: 'Jede Verbindung dieses Programms',
    note: (kinds, made, at) =>
      `${kinds} Arten sind hier eingerichtet. Vom Start des Programms bis ${at} gab es ${made} Verbindungen zu anderen Servern; Fragen an Nameserver werden nicht einzeln gezählt. Die Zahlen ruhen innerhalb der Stunde, damit niemand daran sieht, wann ein Brief kam oder ging.`,
    source:
      'Die Liste steht im Programm, und ein Test schlägt fehl, wenn eine Verbindung hinausgeht, die nicht darin steht.',
    out: 'Nach außen',
    in: 'Nach innen',
    columns: ['Wofür', 'Was sie trägt', 'Wann', 'Wie oft'],
    off: 'nicht eingerichtet',
    notBuilt: 'noch nicht',
    notCounted: 'nicht gezählt',
  },
  ages: {
    minutes: (n) => (n === 1 ? '1 Minute' : `${n} Minuten`),
    hours: (n) => (n === 1 ? '1 Stunde' : `${n} Stunden`),
  },
  check: 'Einen Beleg prüfen',
  status: 'Wie es diesem Haus jetzt geht',
  signIn: 'Anmelden',
};
