// What exists here and the most that can be handed over, for each kind of request. The page, the guide, the jobs and their test all read this one table.

import type { Kind } from '#formats/desk/model.ts';

export interface Spoken {
  readonly en: string;
  readonly de: string;
}

export interface MatrixField {
  /** As it stands in a package, without the numbers of a list: "letters.sha256". */
  readonly name: string;
  readonly says: Spoken;
}

export interface MatrixRow {
  readonly exists: Spoken;
  readonly most: Spoken;
  /** None: there is no job, and nothing is handed over. */
  readonly fields: readonly MatrixField[];
}

const field = (name: string, en: string, de: string): MatrixField => ({ name, says: { en, de } });

export const disclosureMatrix = {
  SUBSCRIBER: {
    exists: {
      en: 'What a person gave at sign-up: an address. Later perhaps more addresses and aliases. The day the mailbox was made and the day it was closed. No name, no street, no telephone number, no recovery address, no network address. This house keeps no record of contracts, tariffs or payments.',
      de: 'Was eine Person bei der Anmeldung angab: eine Adresse. Später vielleicht weitere Adressen und Aliasse. Der Tag, an dem das Postfach entstand, und der Tag, an dem es geschlossen wurde. Kein Name, keine Anschrift, keine Telefonnummer, keine Ersatzadresse, keine Netzadresse. Dieses Haus führt keine Verträge, Tarife oder Zahlungen.',
    },
    most: { en: 'All of this.', de: 'All dies.' },
    fields: [
      field('addresses', 'Addresses in use', 'Adressen in Gebrauch'),
      field('aliases', 'Aliases in use', 'Aliasse in Gebrauch'),
      field('givenUp', 'Addresses and aliases given up', 'Aufgegebene Adressen und Aliasse'),
      field('createdOn', 'Day the mailbox was made', 'Tag, an dem das Postfach entstand'),
      field('closedOn', 'Day the mailbox was closed', 'Tag, an dem das Postfach geschlossen wurde'),
    ],
  },
  SEIZURE: {
    exists: {
      en: 'The letters of the mailbox, each sealed to the key of its person. The house cannot open them. Names of folders, drafts of the page, contacts and settings are sealed as well; no job reads them.',
      de: 'Die Briefe des Postfachs, jeder mit dem Schlüssel seiner Person versiegelt. Das Haus kann sie nicht öffnen. Namen von Ordnern, Entwürfe der Seite, Kontakte und Einstellungen sind ebenfalls versiegelt; kein Auftrag liest sie.',
    },
    most: {
      en: 'The sealed letters as they lie here, with size and time. Only who has the keys of the mailbox can open them.',
      de: 'Die versiegelten Briefe, wie sie hier liegen, mit Größe und Zeit. Öffnen kann sie nur, wer die Schlüssel des Postfachs hat.',
    },
    fields: [
      field('letters.file', 'Name of the sealed letter in the package', 'Name des versiegelten Briefs im Paket'),
      field('letters.bytes', 'Size of the sealed letter', 'Größe des versiegelten Briefs'),
      field('letters.sha256', 'Checksum of the sealed letter', 'Prüfsumme des versiegelten Briefs'),
      field('letters.receivedAt', 'When it arrived', 'Wann er ankam'),
      field('letters.expiresAt', 'When it expires, where it does', 'Wann er abläuft, falls er abläuft'),
    ],
  },
  TRAFFIC: {
    exists: {
      en: 'The envelope and the text of letters that have not left yet; what has left is erased here. Of it remain the own address it was sent from, the times and the number of recipients, never who they were. When sessions began and end, without network addresses. No job reads these remains.',
      de: 'Umschlag und Text von Briefen, die noch nicht hinausgegangen sind; was hinausging, ist hier gelöscht. Davon bleiben die eigene Absenderadresse, die Zeiten und die Zahl der Empfänger, nie wer sie waren. Beginn und Ende von Sitzungen, ohne Netzadressen. Kein Auftrag liest diese Reste.',
    },
    most: {
      en: 'The envelope of letters that wait to leave, without recipients who have theirs already. Not the text.',
      de: 'Der Umschlag von Briefen, die noch warten, ohne Empfänger, die ihren schon haben. Nicht der Text.',
    },
    fields: [
      field('waiting.sender', 'Own address it is sent from', 'Eigene Absenderadresse'),
      field('waiting.recipients', 'Recipients who do not have it yet', 'Empfänger, die ihn noch nicht haben'),
      field('waiting.queuedAt', 'When it was handed in', 'Wann er aufgegeben wurde'),
      field('waiting.dueAt', 'When it is tried next', 'Wann er das nächste Mal hinausgeht'),
    ],
  },
  INTERCEPTION: {
    exists: {
      en: 'Nothing. This house has no facility for interception: no part of it keeps, copies or passes on later letters for somebody else.',
      de: 'Nichts. Dieses Haus hat keine Einrichtung zur Überwachung: Kein Teil davon hebt spätere Briefe für andere auf, kopiert sie oder leitet sie weiter.',
    },
    most: { en: 'Nothing.', de: 'Nichts.' },
    fields: [],
  },
  PRESERVATION: {
    exists: {
      en: 'The same as with the kinds above. Nothing here can keep a person from deleting what is theirs.',
      de: 'Dasselbe wie bei den Arten oben. Nichts hier kann eine Person daran hindern zu löschen, was ihr gehört.',
    },
    most: {
      en: 'Nothing is handed over, and no job keeps anything aside.',
      de: 'Es wird nichts übergeben, und kein Auftrag legt etwas beiseite.',
    },
    fields: [],
  },
  OTHER: {
    exists: { en: 'Nothing beyond the kinds above.', de: 'Nichts über die Arten oben hinaus.' },
    most: {
      en: 'Nothing: there is no job. People answer by letter.',
      de: 'Nichts: Es gibt keinen Auftrag. Menschen antworten mit einem Brief.',
    },
    fields: [],
  },
} as const satisfies Readonly<Record<Kind, MatrixRow>>;

/** What no request of any kind is given. */
export const neverHandedOver: readonly Spoken[] = [
  {
    en: 'Passwords: the house does not know them. What it keeps to check them and the sealed keys of a mailbox are read by no job; they would need an order of their own, and nothing is built for that.',
    de: 'Passwörter: Das Haus kennt sie nicht. Was es zu ihrer Prüfung aufbewahrt und die versiegelten Schlüssel eines Postfachs liest kein Auftrag; dafür bräuchte es eine eigene Anordnung, und gebaut ist dafür nichts.',
  },
  {
    en: 'The text of a letter that waits to leave, although the running machine could read it.',
    de: 'Der Text eines Briefs, der noch wartet, obwohl die laufende Maschine ihn lesen könnte.',
  },
  { en: 'Letters that come later.', de: 'Briefe, die später kommen.' },
];

export function fieldNamesOf(kind: Kind): readonly string[] {
  return disclosureMatrix[kind].fields.map(({ name }) => name);
}

/** "letters.sha256" of {letters: [{sha256}]}: each once, in order of appearance. */
export function pathsOf(value: unknown, before = ''): readonly string[] {
  const isList = Array.isArray(value);
  const members: readonly (readonly [string, unknown])[] = isList
    ? value.map((one: unknown) => [before, one] as const)
    : Object.entries(typeof value === 'object' && value !== null ? value : {}).map(
        ([name, one]) => [before === '' ? name : `${before}.${name}`, one] as const,
      );
  if (members.length === 0) return [before];
  return [...new Set(members.flatMap(([path, one]) => pathsOf(one, path)))];
}
