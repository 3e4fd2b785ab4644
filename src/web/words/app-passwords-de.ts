// The words of Settings, Security, app passwords, in German.

import type { Words } from './words.ts';

export const appPasswordsDe: Words['settings']['appPasswords'] = {
  title: 'App-Passwörter',
  lead: 'Für Mailprogramme, die in Ihrem Namen senden. Ein App-Passwort kann nur senden: Es öffnet keine Nachricht und keine Einstellung.',
  inClear:
    'Was ein Mailprogramm sendet, ist nicht versiegelt, wenn es hier ankommt: Der laufende Server kann es lesen, bis Ihre Kopie versiegelt und die Nachricht gegangen ist. Was Sie auf dieser Seite an Menschen mit Schlüssel schreiben, ist vorher versiegelt.',
  none: 'Noch keine.',
  add: 'Neues App-Passwort',
  name: 'Name',
  nameHelp: 'Für Sie selbst, etwa das Gerät. Er ist versiegelt.',
  make: 'Erzeugen',
  shownTitle: 'Ihr neues App-Passwort',
  shownLead: (address) =>
    `Geben Sie es im Mailprogramm als Passwort für den Postausgang ein, mit ${address} als Benutzernamen. Es wird nur jetzt gezeigt.`,
  shownDone: 'Schließen',
  unnamed: 'Ohne Namen',
  made: (when) => `erzeugt ${when}`,
  used: (when) => `zuletzt benutzt ${when}`,
  neverUsed: 'nie benutzt',
  remove: 'Löschen',
  removed: 'Das App-Passwort sendet nichts mehr.',
  endsWithPassword: 'Ein neues Passwort für Ihr Postfach beendet alle App-Passwörter.',
};
