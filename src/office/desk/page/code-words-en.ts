// What the codes of the register are called in English, alone and within a sentence.

import type {
  AuthorityClass,
  Channel,
  DeskRole,
  Instrument,
  Kind,
  Origin,
  Outcome,
  Urgency,
} from '#formats/desk/model.ts';
import type { Protection } from '../report/count-year.ts';

export interface CodeWords {
  readonly origin: Readonly<Record<Origin, string>>;
  readonly authority: Readonly<Record<AuthorityClass, string>>;
  readonly kind: Readonly<Record<Kind, string>>;
  readonly instrument: Readonly<Record<Instrument, string>>;
  readonly urgency: Readonly<Record<Urgency, string>>;
  readonly channel: Readonly<Record<Channel, string>>;
  readonly protection: Readonly<Record<Protection, string>>;
  readonly outcome: Readonly<Record<Outcome | 'OPEN', string>>;
  readonly role: Readonly<Record<DeskRole, string>>;
  /** After a number, as in "130 from this country". */
  readonly phrases: Readonly<Record<'origin' | 'authority' | 'channel', (code: string, count: number) => string>>;
}

type Phrases = Readonly<Record<string, readonly [one: string, many: string]>>;

/** One or many; a code without a phrase says itself. */
export function phraseOf(phrases: Phrases): (code: string, count: number) => string {
  return (code, count) => phrases[code]?.[count === 1 ? 0 : 1] ?? code;
}

const origin: Phrases = {
  HOME: ['from this country', 'from this country'],
  EU: ['from another state of the European Union', 'from other states of the European Union'],
  OTHER: ['from another country', 'from other countries'],
} satisfies Record<Origin, readonly [string, string]>;

const authority: Phrases = {
  PROSECUTION: ['from a public prosecutor', 'from public prosecutors'],
  POLICE: ['from the police', 'from the police'],
  COURT: ['from a court', 'from courts'],
  INTELLIGENCE: ['from an intelligence service', 'from intelligence services'],
  CUSTOMS_TAX: ['from a customs or tax authority', 'from customs or tax authorities'],
  OTHER: ['from another authority', 'from other authorities'],
} satisfies Record<AuthorityClass, readonly [string, string]>;

const channel: Phrases = {
  ESB: ['by the authorities’ e-mail procedure', 'by the authorities’ e-mail procedure'],
  PGP: ['encrypted with OpenPGP', 'encrypted with OpenPGP'],
  SMIME: ['encrypted with S/MIME', 'encrypted with S/MIME'],
  POST: ['by letter post', 'by letter post'],
  FAX: ['by fax', 'by fax'],
  PLAIN_MAIL: ['as unencrypted mail', 'as unencrypted mail'],
  MIXED: ['partly encrypted', 'partly encrypted'],
  WEB: ['through the encrypted form', 'through the encrypted form'],
  OTHER: ['in another way', 'in another way'],
} satisfies Record<Channel, readonly [string, string]>;

export const codeWordsEn: CodeWords = {
  origin: { HOME: 'This country', EU: 'Other states of the European Union', OTHER: 'Other countries' },
  authority: {
    PROSECUTION: 'Public prosecutors',
    POLICE: 'Police',
    COURT: 'Courts',
    INTELLIGENCE: 'Intelligence services',
    CUSTOMS_TAX: 'Customs and tax authorities',
    OTHER: 'Other authorities',
  },
  kind: {
    SUBSCRIBER: 'Subscriber data',
    SEIZURE: 'Seizure of a mailbox',
    TRAFFIC: 'Traffic data',
    INTERCEPTION: 'Interception',
    PRESERVATION: 'Preservation',
    OTHER: 'Other',
  },
  instrument: {
    REQUEST: 'Request',
    PROSECUTOR_ORDER: 'Order of a prosecutor',
    COURT_ORDER: 'Order of a court',
    EU_PRODUCTION_ORDER: 'European production order',
    EU_PRESERVATION_ORDER: 'European preservation order',
    MUTUAL_ASSISTANCE: 'Mutual legal assistance',
    OTHER: 'Other',
  },
  urgency: { NORMAL: 'Normal', EMERGENCY: 'Emergency' },
  channel: {
    ESB: 'Authorities’ e-mail procedure',
    PGP: 'OpenPGP',
    SMIME: 'S/MIME',
    POST: 'Letter post',
    FAX: 'Fax',
    PLAIN_MAIL: 'Unencrypted mail',
    MIXED: 'Partly encrypted mail',
    WEB: 'Encrypted form',
    OTHER: 'Other',
  },
  protection: {
    ENCRYPTED: 'Encrypted',
    CLEAR: 'Clear text',
    PAPER: 'Paper',
    UNKNOWN: 'Not known',
  },
  outcome: {
    REJECTED_FORMAL: 'Rejected because of the channel alone',
    REJECTED: 'Rejected',
    NARROWED: 'Admitted in part',
    DISCLOSED: 'Answered with data',
    NO_DATA_HELD: 'Admitted, no data held',
    OPEN: 'Still open',
  },
  role: { OFFICER: 'data protection officer', LAWYER: 'lawyer', CLERK: 'clerk' },
  phrases: { origin: phraseOf(origin), authority: phraseOf(authority), channel: phraseOf(channel) },
};
