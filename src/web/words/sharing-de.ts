// The words of Settings, shared mailboxes, in German.

import type { SharingWords } from './sharing-en.ts';

export const sharingDe: SharingWords = {
  title: 'Gemeinsame Postfächer',
  lead: 'Postfächer, die mehrere Menschen dieses Hauses öffnen, jeder mit eigenem Schlüssel. Der Server hat keinen davon.',
  none: 'Keine.',
  make: 'Gemeinsames Postfach anlegen',
  makeVerb: 'Anlegen',
  makeLead:
    'Zuerst halten Sie es allein. Die anderen finden das Angebot in ihren Einstellungen; mit einem Passwort meldet sich dort niemand an.',
  name: 'Name',
  nameHelp: 'Steht als Absender über seinen Nachrichten; kann leer bleiben.',
  newAddress: 'Adresse',
  code: 'Einladung',
  codeHelp: 'Ein Postfach braucht eine Einladung wie ein Mensch: Der Betreiber stellt sie aus. Link oder Code.',
  codeUnknown:
    'Diese Einladung gilt nicht: Sie ist verbraucht, zu alt oder war nie eine. Bitten Sie den Betreiber um eine neue.',
  addressTaken: 'Diese Adresse ist vergeben oder war es. Wählen Sie eine andere.',
  addressInvalid: 'Das kann keine Adresse sein. Vor dem @: Buchstaben, Ziffern, Punkte und Bindestriche.',
  otherDomain: (domain) =>
    `Neue Postfächer dieses Hauses liegen unter ${domain}. Schreiben Sie nur den Teil vor dem @.`,
  tooManyHeld: 'Mehr Postfächer kann ein Mensch nicht halten.',
  noConnection: 'Keine Verbindung. Nichts wurde angelegt; versuchen Sie es noch einmal.',
  people: 'Wer es neben Ihnen öffnet',
  peopleHelp: 'Menschen dieses Hauses; weitere können später dazukommen.',
  choose: 'Auswählen',
  leaveOut: 'Weglassen',
  made: (address) => `${address} ist da, und Sie halten es.`,
  madeWithout: (address, people) =>
    `${address} ist da, und Sie halten es. Nicht angeboten werden konnte es: ${people}.`,
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
  left: 'gegangen; die Schlüssel sind noch die, die dieser Mensch kennt',
  newKeys: 'Schlüssel wechseln',
  renewed: 'Das Postfach hat neue Schlüssel.',
  leave: 'Verlassen',
  decline: 'Ablehnen',
  leaveTitle: (address) => `${address} verlassen?`,
  leaveText:
    'Ihr Zugang endet sofort. Sobald jemand von den anderen das Postfach öffnet, bekommt es neue Schlüssel: Was danach ankommt, öffnen Ihre nicht mehr. Nur wer es noch hält, kann Sie wieder hinzufügen.',
  leftDone: (address) => `Sie öffnen ${address} nicht mehr.`,
  lastHolder:
    'Sonst öffnet niemand dieses Postfach: Ohne Sie wäre es für immer zu. Fügen Sie jemanden hinzu, der es übernimmt, und verlassen Sie es dann.',
  altered: 'Was der Server von diesem Postfach zeigt, passt nicht zu seinen Schlüsseln. Nichts wurde geöffnet.',
};
