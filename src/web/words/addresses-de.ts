// The words of Settings, addresses, in German.

import type { AddressesWords } from './addresses-en.ts';

export const addressesDe: AddressesWords = {
  title: 'Adressen',
  lead: 'Nachrichten an jede davon kommen hier an, und Sie können von jeder schreiben.',
  alias: 'Alias',
  add: 'Neuer Alias',
  name: 'Name',
  nameHelp: 'Der Teil vor dem @: Buchstaben, Ziffern, Punkte und Bindestriche.',
  domain: 'Domain',
  make: 'Hinzufügen',
  added: (address) => `Nachrichten an ${address} kommen jetzt hier an.`,
  taken: 'Diese Adresse ist vergeben oder war es. Wählen Sie einen anderen Namen.',
  invalid: 'Das kann nicht Ihre Adresse sein. Namen wie postmaster gehören dem Haus.',
  tooMany: 'Mehr Aliasse sind nicht möglich; auch aufgegebene zählen.',
  remove: 'Aufgeben',
  removeTitle: (address) => `${address} aufgeben?`,
  removeText:
    'Nachrichten dorthin werden ab jetzt abgelehnt. Niemand sonst bekommt die Adresse je; Sie können sie wieder aufnehmen.',
  removed: (address) => `${address} nimmt keine Nachrichten mehr an.`,
  senderTitle: 'Ihr Name',
  senderLead: 'Lesende sehen ihn neben Ihrer Adresse. Er steht in Ihren Nachrichten und sonst nirgends.',
  senderHelp: (address: string) => `Steht bei Nachrichten von ${address}. Darf leer bleiben.`,
  senderNone: 'Kein Name',
  senderChange: 'Ändern',
  senderSave: 'Speichern',
  senderSaved: 'Ihr Name ist gespeichert.',
};
