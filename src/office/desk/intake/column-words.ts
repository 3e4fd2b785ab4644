// The names of columns and values in registers kept elsewhere, English and German; anything else is refused with what there is.

import { authorityClasses, channels, instruments, kinds, outcomes, reasons, urgencies } from '#formats/desk/model.ts';

export const columns = [
  'reference',
  'received',
  'class',
  'country',
  'channel',
  'instrument',
  'urgency',
  'kinds',
  'bases',
  'targets',
  'corrects',
  'outcome',
  'reasons',
  'decided',
] as const;
export type Column = (typeof columns)[number];

/** Without these there is no filing. */
export const neededColumns: readonly Column[] = ['reference', 'received', 'channel', 'kinds', 'outcome'];

const GERMAN_COLUMNS: Readonly<Record<string, Column>> = {
  aktenzeichen: 'reference',
  eingang: 'received',
  behörde: 'class',
  land: 'country',
  kanal: 'channel',
  weg: 'channel',
  instrument: 'instrument',
  dringlichkeit: 'urgency',
  art: 'kinds',
  arten: 'kinds',
  rechtsgrundlage: 'bases',
  betroffene: 'targets',
  korrigiert: 'corrects',
  ergebnis: 'outcome',
  gründe: 'reasons',
  entschieden: 'decided',
};

const GERMAN_VALUES: Readonly<Record<string, string>> = {
  staatsanwaltschaft: 'PROSECUTION',
  polizei: 'POLICE',
  gericht: 'COURT',
  nachrichtendienst: 'INTELLIGENCE',
  zoll: 'CUSTOMS_TAX',
  sonstige: 'OTHER',
  andere: 'OTHER',
  brief: 'POST',
  telefax: 'FAX',
  'e-mail': 'PLAIN_MAIL',
  klartext: 'PLAIN_MAIL',
  gemischt: 'MIXED',
  formular: 'WEB',
  auskunftsersuchen: 'REQUEST',
  'anordnung der staatsanwaltschaft': 'PROSECUTOR_ORDER',
  'gerichtlicher beschluss': 'COURT_ORDER',
  rechtshilfe: 'MUTUAL_ASSISTANCE',
  normal: 'NORMAL',
  eilfall: 'EMERGENCY',
  bestandsdaten: 'SUBSCRIBER',
  postfachbeschlagnahme: 'SEIZURE',
  verkehrsdaten: 'TRAFFIC',
  telekommunikationsüberwachung: 'INTERCEPTION',
  sicherung: 'PRESERVATION',
  formell_abgelehnt: 'REJECTED_FORMAL',
  abgelehnt: 'REJECTED',
  teilweise: 'NARROWED',
  erteilt: 'DISCLOSED',
  keine_daten: 'NO_DATA_HELD',
};

export const valuesOf = {
  class: authorityClasses,
  channel: channels,
  instrument: instruments,
  urgency: urgencies,
  kinds,
  outcome: outcomes,
  reasons,
} as const;

export function columnOf(name: string): Column | undefined {
  const word = name.trim().toLowerCase();
  return columns.find((column) => column === word) ?? GERMAN_COLUMNS[word];
}

export function valueOf<const T extends string>(words: readonly T[], text: string): T | undefined {
  const wanted = text
    .trim()
    .toUpperCase()
    .replaceAll(/[\s-]+/g, '_');
  const german = GERMAN_VALUES[text.trim().toLowerCase()];
  return words.find((word) => word === wanted || word === german);
}
