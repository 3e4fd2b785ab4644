// The words of the public page /check in German.

import type { CheckWords } from './check-en.ts';
import { receiptDe } from './receipt-de.ts';

export const checkDe: CheckWords = {
  productName: 'Siegel',
  language: 'Sprache',
  title: 'Einen Beleg prüfen',
  lead: 'Ein Beleg sagt, was dieses Haus zugesagt hat, signiert, und wo die Zusage in seinem Buch liegt. Geprüft wird in diesem Browser: Die Datei wird nirgendwohin gesendet, und wenn die Seite einmal da ist, geht es auch ohne Verbindung.',
  drop: 'Beleg hier ablegen',
  choose: 'Datei wählen',
  withHead:
    'Zusammen mit einem Kopf des Buchs, den Sie aufbewahrt haben, zeigt sich auch, ob das Buch seitdem umgeschrieben wurde.',
  paste: 'Den Text eines Belegs einfügen',
  pasteLabel: 'Text des Belegs',
  pasteCheck: 'Prüfen',
  results: 'Ergebnis',
  headKept: (size, time) =>
    `Aufbewahrter Kopf: ${size} Einträge, ${time}. Er wird mit jedem Beleg darunter verglichen.`,
  headOnly: 'Legen Sie nun einen Beleg dazu.',
  tooMany: (max) => `Nur die ersten ${max} Dateien wurden angesehen.`,
  clear: 'Leeren',
  trust: 'Wofür dieses Haus einsteht',
  signIn: 'Anmelden',
  receipt: receiptDe,
};
