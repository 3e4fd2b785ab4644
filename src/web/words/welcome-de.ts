// The three welcome messages in German; see welcome-en.ts.

import type { WelcomeWords } from './welcome-en.ts';

export const welcomeDe: WelcomeWords = {
  written: 'Von dieser Seite geschrieben, nirgends aufbewahrt',
  sender: 'Siegel',
  to: 'an Sie',
  sealed: {
    subject: 'Willkommen. Ihre Briefe sind versiegelt.',
    snippet: 'Was das heißt, und wer sie öffnen kann.',
    paragraphs: [
      'Dieses Postfach gehört Ihnen allein. Jeder Brief, der ankommt, wird mit Ihrem Schlüssel verschlossen, wie man einen Umschlag mit Wachs verschließt, und bleibt verschlossen. Nur Ihre Schlüssel öffnen ihn, hier in Ihrem Browser.',
      'Sehen können Sie das an jedem Brief: Sein rundes Siegel sagt, wie er kam, und ein Druck darauf zeigt, was die Betreiber dieses Servers von ihm sehen. Von Ihrem Postfach im Ganzen sehen sie dies:',
    ],
    after: 'Wenn Ihr erster Brief ankommt, machen diese drei Nachrichten ihm Platz.',
    more: 'Die ganze Tabelle',
  },
  safety: {
    subject: 'Damit Ihr Postfach Ihres bleibt',
    snippet: 'Ihre Wiederherstellungswörter und ein zweiter Schritt bei der Anmeldung.',
    paragraphs: [
      'Ein vergessenes Passwort kann Ihnen niemand zurückgeben. Stattdessen öffnen zwölf Wiederherstellungswörter das Postfach. Schreiben Sie sie auf Papier und bewahren Sie sie dort auf, wo Sie Wichtiges aufbewahren.',
      'Die Anmeldung kann außerdem nach einem Code aus einer Authenticator-App fragen. Dann öffnet ein gesehenes oder erratenes Passwort nichts. Beides ist in einer Minute eingerichtet.',
    ],
    missing: 'Sie haben noch keine Wiederherstellungswörter.',
    set: 'Ihre Wiederherstellungswörter sind eingerichtet. Neue können Sie jederzeit erzeugen.',
    button: 'Sicherheit öffnen',
  },
  try: {
    subject: 'Drei Dinge zum Ausprobieren',
    snippet: 'Die Sicht des Servers, die Tasten, die Suche.',
    paragraphs: ['Alles geht auch mit Finger oder Maus.'],
    things: {
      keys: {
        title: 'Ohne Maus arbeiten',
        text: 'Mit j und k gehen Sie durch die Liste, e archiviert, und eine Taste zeigt alle anderen.',
        button: 'Tasten zeigen',
      },
      server: {
        title: 'Sehen, was der Server sieht',
        text: 'Das Postfach als die Bytes, die dieser Server hat. Schauen Sie wieder hin, wenn Briefe da sind.',
        button: 'Sicht des Servers',
      },
      search: { title: 'Suchen', text: 'Nach Wörtern im Text, Namen und Wortanfängen.', button: 'Suchen' },
    },
    after: (address) => `Schreiben Sie dann einen ersten Brief an ${address}, von irgendeinem Ihrer Postfächer.`,
  },
};
