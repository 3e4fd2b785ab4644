// The words of the room's pages without script, in German.

import type { TransitPagesWords } from './transit-pages-en.ts';

export const transitPagesDe: TransitPagesWords = {
  productName: 'Siegel',
  languages: 'Sprache',
  back: 'Zu den Dokumenten',
  check: {
    title: 'Was an der Maschine geprüft wurde',
    lead: 'Bevor der Raum ein Dokument annimmt, sucht er nach allem, wodurch Worte daraus liegen bleiben könnten. Das hat er gefunden.',
    shut: 'Der Raum ist geschlossen: Auf dieser Maschine könnten Worte eines Dokuments liegen bleiben. Was gefunden wurde und was zu tun ist:',
    none: 'Der Raum ist nicht offen, und nichts wurde geprüft. Wer die Maschine betreibt, findet den Grund mit siegel status.',
    accepted: 'Wer die Maschine betreibt, weiß das und hat trotzdem begonnen; jeder Beleg sagt es.',
    findings: {
      swap: {
        name: 'Arbeitsspeicher und Platte',
        met: 'Die Maschine lagert keinen Arbeitsspeicher auf eine Platte aus, oder nur verschlüsselt.',
        unmet:
          'Die Maschine darf Arbeitsspeicher auf eine Platte auslagern, wo Worte eines Dokuments liegen bleiben könnten.',
        whatToDo: 'Mit swapoff abschalten, oder verschlüsseln.',
      },
      cores: {
        name: 'Wenn ein Programm abbricht',
        met: 'Ein Programm, das abbricht, hinterlässt nichts.',
        unmet: 'Ein Programm, das abbricht, könnte seinen Speicher als Datei hinterlassen.',
        whatToDo: 'Den Raum mit ./siegel oder npm starten; beide verbieten das.',
      },
      'piped-cores': {
        name: 'Wer sammelt, was abbricht',
        met: 'Kein anderes Programm bekommt den Speicher eines Programms, das abbricht.',
        unmet: 'Die Maschine gibt den Speicher eines Programms, das abbricht, einem anderen Programm.',
        whatToDo:
          'kernel.core_pattern auf einen schlichten Namen wie core setzen, oder dafür sorgen, dass jenes Programm nichts behält.',
      },
      'temporary-folder': {
        name: 'Zwischendateien',
        met: 'Der Raum hat keinen Ordner für Zwischendateien, oder einen im Arbeitsspeicher.',
        unmet: 'Der Ordner für Zwischendateien liegt auf einer Platte.',
        whatToDo: 'Den Raum mit ./siegel oder npm starten; beide geben ihm keinen.',
      },
      'runtime-flags': {
        name: 'Aufzeichnung',
        met: 'Nichts ist eingeschaltet, das Arbeitsspeicher in eine Datei schriebe.',
        unmet: 'Der Raum wurde mit einer Option gestartet, die Arbeitsspeicher in eine Datei schreibt.',
        whatToDo: 'Ohne sie starten; auch NODE_OPTIONS ansehen.',
      },
      cache: {
        name: 'Von einem Start zum nächsten',
        met: 'Nichts wird von einem Start zum nächsten behalten.',
        unmet: 'Etwas wird von einem Start zum nächsten behalten.',
        whatToDo: 'Den Raum mit ./siegel oder npm starten; beide schalten es ab.',
      },
    },
    store: {
      name: 'Wo Dokumente warten',
      says: (version: string) =>
        `Auf einem Redis- oder Valkey-Server (${version}), versiegelt mit einem Schlüssel, den nur dieses Programm hat: Er schreibt nichts auf eine Platte, kopiert nichts und wirft nichts weg.`,
    },
    sandbox: {
      name: 'Was ein Dokument öffnet',
      bubblewrap:
        'Das System schließt es ein: Es erreicht kein Netz, kann keine Datei schreiben und endet mit seiner Arbeit.',
      none: 'Es darf keine Datei schreiben und endet mit seiner Arbeit. Das System selbst kann es hier nicht einschließen.',
    },
    office: {
      name: 'Office-Dokumente',
      ready: (version) =>
        `LibreOffice ${version} macht PDFs daraus. Das System schließt es ein: Es erreicht kein Netz, und was es schreibt, liegt in einem eigenen Arbeitsspeicher, der mit jedem Dokument endet.`,
      why: {
        notInstalled: 'LibreOffice ist nicht installiert: Sie gehen unverändert zurück.',
        noSandbox: 'LibreOffice lässt sich hier nicht einschließen: Sie gehen unverändert zurück.',
        swap: 'Was LibreOffice in seinen Speicher schreibt, könnte in die Auslagerung auf einer Platte geraten: Sie gehen unverändert zurück.',
      },
    },
    checkedAt: (time) => `Geprüft beim Start des Raums, ${time}.`,
    limits:
      'Während ein Dokument bearbeitet wird, liegt es im Arbeitsspeicher der Maschine; wer sie betreibt, könnte hineinsehen. Eine Prüfung sagt, was war, nicht, dass niemand hineinsah.',
  },
  receipt: {
    title: 'Beleg über eine Löschung',
    good: (documents, time) =>
      `${documents === 1 ? 'Ein Dokument wurde' : `${documents} Dokumente wurden`} im Arbeitsspeicher bearbeitet und gelöscht, ${time}.`,
    bad: 'Dieser Beleg ist nicht in sich richtig: Die Signatur stimmt nicht, oder etwas wurde nicht gelöscht.',
    came: 'Gekommen',
    went: 'Übergeben',
    taken: 'An niemanden: Es wurde trotzdem gelöscht.',
    erased: 'Gelöscht',
    objects: (erased, created, isKeyDestroyed) =>
      `${erased} von ${created} Stücken im Arbeitsspeicher und ${isKeyDestroyed ? 'der Schlüssel, der sie versiegelte' : 'NICHT der Schlüssel, der sie versiegelte'}.`,
    accepted: 'Trotzdem zugelassen',
    documents: 'Welche Dokumente',
    hashes:
      'Jedes steht hier als eine Zahl, die nur Ihre Antwort erklärt: SHA-256 über Salz, Hash vorher und Hash jetzt, wie sie dort stehen. Mit ihnen kann jeder sie nachrechnen; ohne sie sagt die Zahl nichts.',
    counted: (documents) =>
      `Das Buch dieses Hauses nennt mehr als 248 Dokumente einer Arbeit nicht einzeln, sondern nur ihre Zahl: ${documents}. Welche es waren, steht in der Antwort, mit der sie zurückkamen.`,
    checkAnswer: 'Diese Antwort prüfen: Mit ihr wird der Beleg wieder ganz',
    signedCounted:
      'Der Beleg ist mit dem Schlüssel unten signiert, und zwar über alle diese Dokumente: Ohne die Antwort lässt sich die Signatur hier nicht nachrechnen.',
    signature: 'Wer das sagt',
    signed:
      'Der Beleg ist mit dem Schlüssel unten signiert. Das beweist, dass dies damals gesagt wurde und sich nicht zurücknehmen lässt, nicht, dass die Maschine ehrlich war.',
    job: 'Nummer der Arbeit',
  },
};
