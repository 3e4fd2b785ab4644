// The words of Settings, shared mailboxes, in German.

import type { SharingWords } from './sharing-en.ts';

export const sharingDe: SharingWords = {
  title: 'Gemeinsame Postfächer',
  lead: 'Postfächer, die mehrere Menschen dieses Hauses öffnen, jeder mit eigenem Schlüssel. Der Server hat keinen davon.',
  none: 'Keine. „./siegel user share create“ legt eines an, mit einer Einladung des Betreibers.',
  offered: (address) => `${address} wird Ihnen angeboten.`,
  accept: 'Annehmen',
  accepted: (address) => `${address} steht jetzt neben Ihrem Postfach.`,
  open: 'Öffnen',
  own: 'Zurück zu meinem Postfach',
  shown: 'gerade offen',
  holders: (count) => (count === 1 ? '1 Person' : `${count} Personen`),
  you: 'Sie',
  add: 'Jemanden hinzufügen',
  addTitle: (address) => `Wer soll ${address} öffnen?`,
  addLead:
    'Wer dazukommt, kann alles darin lesen, Menschen hinzufügen und entfernen. Benutzt wird der Schlüssel, den Sie kennen.',
  address: 'Adresse in diesem Haus',
  addDone: (address) => `${address} angeboten. Das Angebot steht in den Einstellungen dort.`,
  noKey: 'Niemand in diesem Haus hat diese Adresse, oder mehrere lesen sie.',
  keyChanged:
    'Für diesen Menschen wird ein anderer Schlüssel gezeigt als der bekannte. Vergleichen Sie ihn zuerst: Schreiben Sie eine Nachricht.',
  tooMany: 'Mehr Menschen sind nicht möglich.',
  remove: 'Entfernen',
  removeTitle: (person) => `${person} entfernen?`,
  removeText:
    'Der Zugang endet sofort, und das Postfach bekommt neue Schlüssel: Was ab jetzt ankommt, lässt sich damit nicht öffnen. Was vorher zu lesen war, kann behalten worden sein.',
  removed: (person) => `${person} öffnet es nicht mehr. Das Postfach hat neue Schlüssel.`,
  altered: 'Was der Server von diesem Postfach zeigt, passt nicht zu seinen Schlüsseln. Nichts wurde geöffnet.',
};
