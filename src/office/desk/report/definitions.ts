// What each figure means, in German and English: the report carries these texts itself.

import type { Spoken } from './figure.ts';

export const definitionIds = [
  'total',
  'corrections',
  'origin',
  'authority',
  'kind',
  'channel',
  'protection',
  'instrument',
  'urgency',
  'rejectedFirst',
  'rejectedFormal',
  'rejectedCorrected',
  'rejectedFinally',
  'reason',
  'outcome',
  'decided',
  'timeMedian',
  'timeP90',
  'targets',
  'shareOfTotal',
  'shareOfRejected',
  'table',
] as const;
export type DefinitionId = (typeof definitionIds)[number];

export const definitions: Readonly<Record<DefinitionId, Spoken>> = {
  total: {
    de: 'Ersuchen, die in diesem Kalenderjahr eingegangen sind. Ein Ersuchen, das ein abgelehntes berichtigt, zählt als eigenes.',
    en: 'Requests received in this calendar year. A request that corrects a rejected one counts as one of its own.',
  },
  corrections: {
    de: 'Von allen Ersuchen des Jahres jene, die ein früher abgelehntes berichtigen.',
    en: 'Of all requests of the year, those that correct one rejected before.',
  },
  origin: {
    de: 'Ersuchen nach dem Sitz der Behörde: im Land des Hauses (HOME), in einem anderen Staat der Europäischen Union (EU) oder anderswo (OTHER).',
    en: 'Requests by where the authority stands: in the country of the house (HOME), in another state of the European Union (EU) or elsewhere (OTHER).',
  },
  authority: {
    de: 'Ersuchen nach der Art der Behörde.',
    en: 'Requests by the class of the authority.',
  },
  kind: {
    de: 'Ersuchen, die mindestens einmal nach dieser Art von Daten fragen. Ein Ersuchen mit mehreren Arten zählt bei jeder; die Summe kann größer sein als die Gesamtzahl.',
    en: 'Requests that ask at least once for this kind of data. A request with several kinds counts in each; the sum can be larger than the total.',
  },
  channel: {
    de: 'Ersuchen nach dem Weg, auf dem sie kamen; entscheidend ist der Inhalt, nicht die Kopfzeile.',
    en: 'Requests by the channel they came by; the content decides, not the header.',
  },
  protection: {
    de: 'Ersuchen nach dem Schutz des Weges. ENCRYPTED: ESB, PGP, SMIME, WEB. CLEAR: PLAIN_MAIL, MIXED, FAX. PAPER: POST. UNKNOWN: OTHER.',
    en: 'Requests by how the channel protects them. ENCRYPTED: ESB, PGP, SMIME, WEB. CLEAR: PLAIN_MAIL, MIXED, FAX. PAPER: POST. UNKNOWN: OTHER.',
  },
  instrument: {
    de: 'Ersuchen nach dem Mittel, mit dem gefragt wird.',
    en: 'Requests by the instrument used to ask.',
  },
  urgency: {
    de: 'Ersuchen nach Dringlichkeit, wie sie bei Eingang festgehalten wurde.',
    en: 'Requests by urgency, as written down on receipt.',
  },
  rejectedFirst: {
    de: 'Ersuchen des Jahres, die bei der ersten Entscheidung abgelehnt wurden, gleich ob sie später berichtigt wurden.',
    en: 'Requests of the year that were rejected when first decided, whether or not they were corrected later.',
  },
  rejectedFormal: {
    de: 'Von den zuerst abgelehnten jene, die allein wegen des unzulässigen Weges abgelehnt wurden.',
    en: 'Of those first rejected, the ones rejected only because the channel was not admissible.',
  },
  rejectedCorrected: {
    de: 'Von den zuerst abgelehnten jene, die die Behörde bis zum Stand dieses Berichts berichtigt neu gestellt hat.',
    en: 'Of those first rejected, the ones that the authority filed again in corrected form by the date of this report.',
  },
  rejectedFinally: {
    de: 'Von den zuerst abgelehnten jene, die bis zum Stand dieses Berichts nicht berichtigt neu gestellt wurden.',
    en: 'Of those first rejected, the ones not filed again in corrected form by the date of this report.',
  },
  reason: {
    de: 'Zuerst abgelehnte Ersuchen, bei denen dieser Grund genannt wurde. Ein Ersuchen mit mehreren Gründen zählt bei jedem.',
    en: 'Requests first rejected for which this reason was given. A request with several reasons counts in each.',
  },
  outcome: {
    de: 'Was bis zum Stand dieses Berichts daraus wurde. NARROWED: nur ein Teil wurde zugelassen und herausgegeben. NO_DATA_HELD: zugelassen, doch es gab nichts. OPEN: ohne Entscheidung, oder zugelassen und noch nicht beantwortet.',
    en: 'What became of it by the date of this report. NARROWED: only a part was admitted and handed over. NO_DATA_HELD: admitted, but nothing was there. OPEN: without a verdict, or admitted and not answered yet.',
  },
  decided: {
    de: 'Ersuchen des Jahres, deren Eingang und Entscheidung mit Zeit festgehalten sind.',
    en: 'Requests of the year for which the times of receipt and verdict are written down.',
  },
  timeMedian: {
    de: 'Zeit vom Eingang bis zur Entscheidung: die Hälfte der entschiedenen Ersuchen brauchte höchstens so lange. Verfahren: nächster Rang, der Wert an der Stelle ⌈0,5·n⌉ der aufsteigend geordneten Zeiten.',
    en: 'Time from receipt to verdict: half of the decided requests took at most this long. Method: nearest rank, the value at place ⌈0.5·n⌉ of the times in rising order.',
  },
  timeP90: {
    de: 'Zeit vom Eingang bis zur Entscheidung: neun von zehn entschiedenen Ersuchen brauchten höchstens so lange. Verfahren: nächster Rang, der Wert an der Stelle ⌈0,9·n⌉ der aufsteigend geordneten Zeiten.',
    en: 'Time from receipt to verdict: nine of ten decided requests took at most this long. Method: nearest rank, the value at place ⌈0.9·n⌉ of the times in rising order.',
  },
  targets: {
    de: 'Summe der Personen oder Postfächer, um die es in den Ersuchen ging. Wer in mehreren Ersuchen vorkommt, kann mehrfach gezählt sein.',
    en: 'Sum of the people or mailboxes that the requests were about. Whoever occurs in several requests can be counted more than once.',
  },
  shareOfTotal: {
    de: 'Anteil dieser Zahl an allen Ersuchen des Jahres.',
    en: 'Share of this number in all requests of the year.',
  },
  shareOfRejected: {
    de: 'Anteil dieser Zahl an den zuerst abgelehnten Ersuchen des Jahres.',
    en: 'Share of this number in the requests of the year that were first rejected.',
  },
  table: {
    de: 'Ersuchen nach zwei Merkmalen zugleich. Zahlen von 1 bis 4 sind nicht genannt, dazu so viele andere, dass sie aus dieser Tafel nicht errechnet werden können. Ginge das nicht, oder sagten mehrere Tafeln zusammen eine solche Zahl, fehlt die ganze Tafel.',
    en: 'Requests by two properties at once. Numbers from 1 to 4 are not stated, and so many others that they cannot be computed from this table. Where that is not possible, or several tables together would say such a number, the whole table is missing.',
  },
};
