// The words of the contacts, in German.

import type { ContactsWords } from './contacts-en.ts';

export const contactsDe: ContactsWords = {
  title: 'Kontakte',
  search: 'Kontakte durchsuchen',
  add: 'Neuer Kontakt',
  edit: 'Bearbeiten',
  remove: 'Entfernen',
  removeTitle: (name) => `${name} entfernen?`,
  removeText:
    'Der Kontakt wird auf allen Ihren Geräten aus dem Adressbuch entfernt, und mit ihm, was von seinen Schlüsseln bekannt ist.',
  none: 'Noch keine Kontakte.',
  noneFound: (text) => `Kein Kontakt passt zu „${text}“.`,
  nobody: 'Wählen Sie jemanden aus der Liste.',
  name: 'Name',
  addresses: 'Adressen',
  addressesHelp: 'Mehrere durch Kommas getrennt.',
  addressWrong: (address) => `„${address}“ ist keine Adresse.`,
  phones: 'Telefonnummern',
  organisation: 'Organisation',
  note: 'Notiz',
  keys: 'Schlüssel',
  noKey: 'Kein Schlüssel bekannt. Nachrichten an diesen Menschen werden erst dort versiegelt, wo sie ankommen.',
  fingerprint: 'Fingerabdruck',
  verified: 'Von Ihnen verglichen',
  firstUse: 'Seit dem ersten Mal benutzt, nicht verglichen',
  formerKey: 'Früherer Schlüssel, nicht mehr benutzt',
  seen: (first, last) => `Zuerst gesehen am ${first}, zuletzt am ${last}.`,
  sources: {
    house: 'Aus diesem Haus.',
    wkd: 'Aus dem Verzeichnis der Domain.',
    autocrypt: 'Aus dem Kopf einer Nachricht.',
    letter: 'Einer Nachricht angehängt.',
    file: 'Aus einer eingelesenen Datei.',
  },
  compared: 'Ich habe ihn verglichen, er stimmt',
  comparedDone: 'Der Schlüssel gilt als verglichen.',
  import: 'Einlesen',
  export: 'Alle ausgeben',
  exportName: 'kontakte.vcf',
  imported: (added, joined, skipped) =>
    [
      added === 1 ? '1 Kontakt hinzugefügt' : `${added} Kontakte hinzugefügt`,
      joined > 0 ? `${joined} mit bekannten zusammengeführt` : '',
      skipped > 0 ? `${skipped} ausgelassen, weil weder Name noch Adresse zu gebrauchen war` : '',
    ]
      .filter((part) => part !== '')
      .join(', ') + '.',
  notUnderstood: 'Diese Datei ist weder vCard noch eine CSV mit Adressen. Nichts wurde geändert.',
};
