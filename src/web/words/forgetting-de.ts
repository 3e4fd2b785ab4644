// Wörter über endgültig Gelöschtes und das Schließen eines Postfachs.

import type { ForgettingWords } from './forgetting-en.ts';

const messages = (count: number): string => (count === 1 ? '1 Nachricht' : `${count} Nachrichten`);

export const forgettingDe: ForgettingWords = {
  deleteTitle: (count) =>
    count === 1 ? 'Diese Nachricht endgültig löschen?' : `${messages(count)} endgültig löschen?`,
  deleteText: (until, gone) =>
    `Bis ${until} lässt sich Gelöschtes zurückholen: Es steht oben im Papierkorb. Bis zum ${gone} ist es aus jeder Kopie auf diesem Server getilgt.`,
  deleteButton: (count) => `${messages(count)} löschen`,
  destroyAsk: 'Jetzt vernichten, ohne Rückweg',
  destroyText: (gone) =>
    `Nichts davon lässt sich dann zurückholen. Von Entwürfen gehen auch frühere Fassungen. Binnen eines Tages ist es getilgt, bis zum ${gone} auch aus jeder Sicherung auf diesem Server.`,
  destroyButton: (count) => `${messages(count)} vernichten`,
  destroyNow: 'Jetzt vernichten',
  destroyTitle: (count) => (count === 1 ? 'Diese Nachricht jetzt vernichten?' : `${messages(count)} jetzt vernichten?`),
  deleted: 'Endgültig gelöscht',
  deletedLead: (count, day) =>
    count === 1
      ? `1 endgültig gelöschte Nachricht lässt sich bis ${day} zurückholen.`
      : `${count} endgültig gelöschte Nachrichten lassen sich zurückholen; die erste bis ${day}.`,
  bringBack: 'Zurückholen',
  broughtBack: 'Wieder im Posteingang.',
  close: 'Postfach schließen',
  closeLead: 'Für alle, die gehen. Ihre Adresse bekommt nie jemand anderes.',
  closeTitle: 'Dieses Postfach schließen?',
  closeText: (until, gone) =>
    `Ab sofort nimmt es keine Nachrichten an, und niemand meldet sich an. Bis ${until} öffnen Sie es wieder, indem Sie sich anmelden. Bis zum ${gone} ist es aus jeder Kopie auf diesem Server getilgt. Gemeinsame Postfächer bleiben bei den anderen, die sie halten; sie können Sie wieder hinzufügen.`,
  closeLastHolder:
    'Nichts wurde geschlossen: Eines Ihrer gemeinsamen Postfächer öffnet sonst niemand. Fügen Sie oben jemanden hinzu, der es übernimmt; oder bitten Sie den Betreiber, es zuerst zu schließen.',
};
