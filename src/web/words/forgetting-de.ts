// Wörter über endgültig Gelöschtes und das Schließen eines Postfachs.

import type { ForgettingWords } from './forgetting-en.ts';

export const forgettingDe: ForgettingWords = {
  deleted: 'Endgültig gelöscht',
  deletedNone: 'Nichts endgültig Gelöschtes lässt sich noch zurückholen.',
  deletedLead: (count, day) =>
    `${count === 1 ? '1 Nachricht lässt' : `${count} Nachrichten lassen`} sich zurückholen; die erste bis ${day}.`,
  bringBack: 'Zurückholen',
  broughtBack: 'Sie sind wieder im Eingang.',
  eraseNow: 'Jetzt tilgen',
  eraseNowTitle: 'All das jetzt tilgen?',
  eraseNowText: 'Nichts davon lässt sich dann zurückholen.',
  erased: 'Getilgt.',
  close: 'Postfach schließen',
  closeLead: 'Für alle, die gehen. Ihre Adresse bekommt nie jemand anderes.',
  closeTitle: 'Dieses Postfach schließen?',
  closeText: (until, gone) =>
    `Ab sofort nimmt es keine Nachrichten an, und niemand meldet sich an. Bis ${until} öffnen Sie es wieder, indem Sie sich anmelden. Bis zum ${gone} ist es aus jeder Kopie auf diesem Server getilgt.`,
};
