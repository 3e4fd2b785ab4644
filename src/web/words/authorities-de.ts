// The words of the public page /authorities in German.

import type { AuthoritiesWords } from './authorities-en.ts';

export const authoritiesDe: AuthoritiesWords = {
  productName: 'Siegel',
  language: 'Sprache',
  title: 'Für Behörden',
  lead: 'Hier erreichen Ersuchen von Behörden dieses Haus. Was Sie schreiben und anhängen, wird in Ihrem Browser an die Menschen verschlüsselt, die Ersuchen prüfen; der Server sieht, dass etwas gekommen ist und wie groß es ist, nichts vom Inhalt.',
  waiting: 'Die Schlüssel werden geholt …',
  closed:
    'Dieses Haus nimmt über diese Seite keine Ersuchen entgegen: Es ist noch niemand benannt, der sie öffnen darf. Bitte senden Sie einen Brief.',
  noAnswer: 'Das Haus antwortet nicht. Nichts wurde gesendet; versuchen Sie es in einer Minute wieder.',
  form: 'Ihr Ersuchen',
  authority: 'Behörde',
  authorityHelp: 'Name und Anschrift der ersuchenden Behörde.',
  reference: 'Aktenzeichen',
  referenceHelp: 'Ihres, damit unsere Antwort ankommt. Darf leer bleiben.',
  contact: 'Antwort an',
  contactHelp:
    'Adresse für eine verschlüsselte Antwort, mit einem Weg, Ihren Schlüssel zu prüfen, oder eine Postanschrift.',
  text: 'Ersuchen',
  textHelp:
    'Was verlangt wird, über wen, für welchen Zeitraum und auf welcher Rechtsgrundlage. Oder hängen Sie es unten an.',
  drop: 'Dokumente hier ablegen: den Beschluss, Ihren öffentlichen Schlüssel, Anlagen',
  choose: 'Dokumente wählen',
  remove: 'Entfernen',
  send: 'Verschlüsseln und senden',
  sending: 'Wird verschlüsselt und gesendet …',
  faults: {
    authority: 'Bitte sagen Sie, welche Behörde ersucht.',
    contact: 'Bitte sagen Sie, wohin die Antwort geht.',
    nothing: 'Bitte schreiben Sie das Ersuchen oder hängen Sie es an.',
    tooLong: 'Das ist zu lang für ein Feld dieses Formulars: Bitte hängen Sie es als Dokument an.',
    tooManyFiles: 'Das sind zu viele Dokumente: Bitte fassen Sie sie in einem Archiv zusammen.',
  },
  troubles: {
    tooLarge:
      'Zusammen ist das zu groß: 3 MB an Dokumenten sind sicher. Bitte senden Sie den Rest als zweites Ersuchen, das das erste nennt.',
    tooOften:
      'Zu viele Ersuchen aus Ihrem Netz innerhalb einer Minute. Nichts wurde gesendet; versuchen Sie es in einer Minute wieder.',
    later:
      'Gerade wird nichts angenommen. Nichts wurde gesendet; versuchen Sie es später wieder, oder senden Sie einen Brief.',
    noConnection: 'Es besteht keine Verbindung. Nichts wurde gesendet; was Sie geschrieben haben, steht noch hier.',
    otherKeys:
      'Die Schlüssel haben sich geändert, während Sie schrieben. Nichts wurde gesendet: Laden Sie diese Seite neu und senden Sie noch einmal.',
  },
  arrived: 'Ihr Ersuchen ist eingegangen',
  reference2: 'Kennung',
  arrivedMeans:
    'Zwei Menschen prüfen jedes Ersuchen. Diese Seite sagt nichts darüber, was daraus wird, und nicht, ob es hier eine Adresse gibt. Nennen Sie diese Kennung, wenn Sie wieder schreiben.',
  another: 'Noch ein Ersuchen senden',
  keys: 'Schlüssel der Prüfenden',
  keysMeans:
    'Alles, was hier gesendet wird, ist an alle diese Schlüssel verschlüsselt. Vergleichen Sie die Fingerabdrücke mit denen, die Sie auf anderem Weg erhalten haben.',
  keysFile: 'Alle Schlüssel als Datei, für verschlüsselte E-Mail',
  roles: { OFFICER: 'Datenschutzbeauftragte Person', LAWYER: 'Anwältin oder Anwalt', CLERK: 'Sachbearbeitung' },
  report: 'Transparenzbericht',
  trust: 'Wofür dieses Haus einsteht',
};
