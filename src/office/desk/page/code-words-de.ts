// What the codes of the register are called in German, alone and within a sentence.

import type { AuthorityClass, Channel, Origin } from '#formats/desk/model.ts';
import { phraseOf, type CodeWords } from './code-words-en.ts';

const origin = {
  HOME: ['aus dem Inland', 'aus dem Inland'],
  EU: ['aus einem anderen Staat der Europäischen Union', 'aus anderen Staaten der Europäischen Union'],
  OTHER: ['aus einem anderen Land', 'aus anderen Ländern'],
} as const satisfies Record<Origin, readonly [string, string]>;

const authority = {
  PROSECUTION: ['von einer Staatsanwaltschaft', 'von Staatsanwaltschaften'],
  POLICE: ['von der Polizei', 'von der Polizei'],
  COURT: ['von einem Gericht', 'von Gerichten'],
  INTELLIGENCE: ['von einem Nachrichtendienst', 'von Nachrichtendiensten'],
  CUSTOMS_TAX: ['von einer Zoll- oder Steuerbehörde', 'von Zoll- oder Steuerbehörden'],
  OTHER: ['von einer anderen Behörde', 'von anderen Behörden'],
} as const satisfies Record<AuthorityClass, readonly [string, string]>;

const channel = {
  ESB: ['über das E-Mail-Verfahren der Behörden', 'über das E-Mail-Verfahren der Behörden'],
  PGP: ['mit OpenPGP verschlüsselt', 'mit OpenPGP verschlüsselt'],
  SMIME: ['mit S/MIME verschlüsselt', 'mit S/MIME verschlüsselt'],
  POST: ['mit der Briefpost', 'mit der Briefpost'],
  FAX: ['per Fax', 'per Fax'],
  PLAIN_MAIL: ['als unverschlüsselte Mail', 'als unverschlüsselte Mail'],
  MIXED: ['teilweise verschlüsselt', 'teilweise verschlüsselt'],
  WEB: ['über das verschlüsselte Formular', 'über das verschlüsselte Formular'],
  OTHER: ['auf anderem Weg', 'auf anderem Weg'],
} as const satisfies Record<Channel, readonly [string, string]>;

export const codeWordsDe: CodeWords = {
  origin: { HOME: 'Inland', EU: 'Andere Staaten der Europäischen Union', OTHER: 'Andere Länder' },
  authority: {
    PROSECUTION: 'Staats\u00ADanwaltschaften',
    POLICE: 'Polizei',
    COURT: 'Gerichte',
    INTELLIGENCE: 'Nachrichtendienste',
    CUSTOMS_TAX: 'Zoll- und Steuerbehörden',
    OTHER: 'Andere Behörden',
  },
  kind: {
    SUBSCRIBER: 'Bestandsdaten',
    SEIZURE: 'Postfach\u00ADbeschlagnahme',
    TRAFFIC: 'Verkehrsdaten',
    INTERCEPTION: 'Telekommunikations\u00ADüberwachung',
    PRESERVATION: 'Sicherung von Daten',
    OTHER: 'Anderes',
  },
  instrument: {
    REQUEST: 'Auskunftsersuchen',
    PROSECUTOR_ORDER: 'Anordnung der Staatsanwaltschaft',
    COURT_ORDER: 'Gerichtlicher Beschluss',
    EU_PRODUCTION_ORDER: 'Europäische Herausgabeanordnung',
    EU_PRESERVATION_ORDER: 'Europäische Sicherungsanordnung',
    MUTUAL_ASSISTANCE: 'Rechtshilfe',
    OTHER: 'Anderes',
  },
  urgency: { NORMAL: 'Üblich', EMERGENCY: 'Eilfall' },
  channel: {
    ESB: 'E-Mail-Verfahren der Behörden',
    PGP: 'OpenPGP',
    SMIME: 'S/MIME',
    POST: 'Briefpost',
    FAX: 'Fax',
    PLAIN_MAIL: 'Unver\u00ADschlüsselte Mail',
    MIXED: 'Teilweise ver\u00ADschlüsselte Mail',
    WEB: 'Verschlüs\u00ADseltes Formular',
    OTHER: 'Anderer Weg',
  },
  protection: {
    ENCRYPTED: 'Verschlüsselt',
    CLEAR: 'Klartext',
    PAPER: 'Papier',
    UNKNOWN: 'Nicht bekannt',
  },
  outcome: {
    REJECTED_FORMAL: 'Allein wegen des Weges abgelehnt',
    REJECTED: 'Abgelehnt',
    NARROWED: 'Zum Teil zugelassen',
    DISCLOSED: 'Mit Daten beantwortet',
    NO_DATA_HELD: 'Zugelassen, keine Daten vorhanden',
    OPEN: 'Noch offen',
  },
  role: { OFFICER: 'Datenschutz', LAWYER: 'Rechtsprüfung', CLERK: 'Geschäftsstelle' },
  phrases: { origin: phraseOf(origin), authority: phraseOf(authority), channel: phraseOf(channel) },
};
