// The words of the public page /check in German.

import type { CheckWords } from './check-en.ts';
import { receiptDe } from './receipt-de.ts';

export const checkDe: CheckWords = {
  productName: 'Siegel',
  language: 'Sprache',
  title: 'Einen Beleg prüfen',
  lead: 'Ein Beleg sagt, was dieses Haus zugesagt hat, signiert, und wo die Zusage in seinem Buch liegt. Geprüft wird in diesem Browser: Die Datei wird nirgendwohin gesendet, und wenn die Seite einmal da ist, geht es auch ohne Verbindung.',
  drop: 'Einen Beleg hier ablegen, oder die Antwort, mit der Dokumente zurückkamen',
  choose: 'Datei wählen',
  withHead:
    'Zusammen mit einem Kopf des Buchs, den Sie aufbewahrt haben, zeigt sich auch, ob das Buch seitdem umgeschrieben wurde.',
  paste: 'Den Text eines Belegs oder einer Antwort einfügen',
  pasteLabel: 'Text des Belegs oder der Antwort',
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
  erasure: {
    titles: {
      house: 'Gelöscht, sagt dieses Haus',
      unknown: 'Signiert, mit einem Schlüssel, den niemand verglichen hat',
      refused: 'Kein guter Beleg über eine Löschung',
    },
    says: (documents, compared) => {
      const all = documents === 1 ? 'Ein Dokument ging' : `${documents} Dokumente gingen`;
      const named =
        compared === undefined
          ? ''
          : compared === documents
            ? ' Es sind die aus dieser Antwort: Jedes Salz und jeder Hash stimmen überein.'
            : ` Was Sie gebracht haben, nennt ${compared} davon: Jedes Salz und jeder Hash stimmen überein.`;
      return `${all} durch den Arbeitsspeicher, und nichts davon blieb.${named}`;
    },
    means:
      'Die Nummer der Arbeit wurde bei diesem Haus erfragt; sonst hat nichts von dem, was Sie gebracht haben, diesen Browser verlassen. Der Beleg beweist, dass dies damals gesagt wurde und sich nicht zurücknehmen lässt, nicht, dass die Maschine ehrlich war.',
    toNobody: 'An niemanden: Es wurde trotzdem gelöscht',
    objects: (erased, created) => `${erased} von ${created}, und der Schlüssel, der sie versiegelte`,
    faults: {
      notFound:
        'Dieses Haus hat keinen Beleg zu dieser Arbeit. Er entsteht, sobald die Antwort angenommen ist: Versuchen Sie es in einer Minute noch einmal.',
      elsewhere: 'Ein anderes Haus hat an diesen Dokumenten gearbeitet. Sein Beleg liegt hier:',
      notAsked: 'Dieses Haus ließ sich nicht nach dem Beleg fragen. Versuchen Sie es mit Verbindung noch einmal.',
      notSigned: 'Die Signatur passt nicht zu dem, was der Beleg sagt.',
      notTheHouses: 'Dieses Haus sagt über diese Arbeit etwas anderes als die Datei.',
      otherDocuments: 'Der Beleg spricht von anderen Dokumenten als denen aus dieser Antwort.',
      notErased: 'Der Beleg sagt selbst, dass nicht alles gelöscht wurde.',
    },
  },
};
