// Pictures from elsewhere and leaving lists, in German; loaded with the first letter that is opened.

import type { OutsideWords } from './outside-en.ts';

export const outsideDe: OutsideWords = {
  picturesOutside: (count) => (count === 1 ? '1 Bild bleibt draußen' : `${count} Bilder bleiben draußen`),
  trackersBlocked: (count) => (count === 1 ? '1 Zählpixel blockiert' : `${count} Zählpixel blockiert`),
  show: 'Zeigen',
  showing: 'Wird geholt',
  why: 'Wer erfährt davon?',
  picturesMissing: (count) => (count === 1 ? '1 Bild kam nicht' : `${count} Bilder kamen nicht`),
  tooMany: 'Dieser Server hat in einer Stunde viele Bilder für Sie geholt. Bitte später erneut versuchen.',
  signedOut: 'Ihre Sitzung ist beendet. Bitte neu anmelden und erneut versuchen.',
  again: 'Erneut versuchen',
  unsubscribe: 'Abbestellen',
  oneClickTitle: 'Diesen Verteiler verlassen',
  oneClickText: (host) =>
    `Dieser Server sagt ${host}, dass Sie den Verteiler verlassen. Der Absender hat den Verweis unterschrieben; er kann Sie ihm gegenüber benennen.`,
  leaving: 'Einen Moment',
  left: (host) => `${host} weiß, dass Sie den Verteiler verlassen.`,
  notLeft: (host) => `${host} hat es nicht angenommen. Es wurde nichts geändert; bitte später erneut versuchen.`,
  byLetterTitle: 'Verteiler per Nachricht verlassen',
  byLetterText: (address) =>
    `Den Verteiler verlässt eine Nachricht von Ihnen an ${address}. Sie sehen sie, bevor sie gesendet wird.`,
  write: 'Schreiben',
  byPageTitle: 'Verteiler auf seiner Seite verlassen',
  byPageText: (host) =>
    `${host} öffnet sich in einem neuen Tab und sieht Ihre Netzadresse; der Verweis kann Sie dort benennen. Für ihn bürgt nur diese Nachricht.`,
  openPage: 'Seite öffnen',
};
