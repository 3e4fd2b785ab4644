// The catalogue of reasons in German. Nothing in it speaks of whom a request is about.

import type { Reason } from '#formats/desk/model.ts';
import type { ReasonWords } from './reason-words.ts';

export const reasonWordsDe: Readonly<Record<Reason, ReasonWords>> = {
  INADMISSIBLE_CHANNEL: {
    label: 'Unzulässiger Weg',
    sentence: 'Das Ersuchen kam auf einem Weg, der nicht zulässig ist.',
    missing: 'Es fehlt ein Weg, der schützt, was darin steht.',
    correct: 'Senden Sie es noch einmal auf einem der unten genannten Wege.',
  },
  NO_LEGAL_BASIS: {
    label: 'Keine Rechtsgrundlage',
    sentence: 'Das Ersuchen nennt keine Vorschrift, auf die es sich stützt.',
    missing: 'Es fehlt die Rechtsgrundlage mit Paragraf und Gesetz.',
    correct: 'Nennen Sie für jede Art von Daten die Vorschrift, die das Ersuchen erlaubt.',
  },
  WRONG_OR_REPEALED_NORM: {
    label: 'Falsche oder aufgehobene Vorschrift',
    sentence: 'Die genannte Vorschrift passt nicht zum Ersuchen oder gilt nicht mehr.',
    missing: 'Es fehlt eine Vorschrift, die am Tag des Ersuchens galt und dazu passt.',
    correct: 'Nennen Sie die Vorschrift in geltender Fassung und stützen Sie das Ersuchen darauf.',
  },
  NO_COURT_ORDER: {
    label: 'Keine gerichtliche Anordnung',
    sentence:
      'Was verlangt wird, bedarf der Anordnung eines Gerichts, in Eilfällen der Stelle, die das Gesetz dafür nennt.',
    missing: 'Es fehlt diese Anordnung.',
    correct: 'Senden Sie die Anordnung vollständig und so, wie sie erlassen wurde.',
  },
  ORDER_EXPIRED: {
    label: 'Anordnung abgelaufen',
    sentence: 'Die Zeit, für die die Anordnung erlassen wurde, ist vorbei.',
    missing: 'Es fehlt eine Anordnung, die noch gilt.',
    correct: 'Lassen Sie die Anordnung verlängern oder neu erlassen und senden Sie sie.',
  },
  WRONG_ADDRESSEE: {
    label: 'Falscher Adressat',
    sentence: 'Das Ersuchen richtet sich nicht an uns oder betrifft einen Dienst, den wir nicht betreiben.',
    missing: 'Es fehlt, dass es sich an uns richtet und einen unserer Dienste betrifft.',
    correct: 'Richten Sie es an den zuständigen Anbieter oder nennen Sie unseren Dienst.',
  },
  UNKNOWN_TARGET_FORM: {
    label: 'Bezeichnung nicht zuzuordnen',
    sentence: 'Das Ersuchen bezeichnet, was es betrifft, in einer Form, die sich hier nicht zuordnen lässt.',
    missing: 'Es fehlt eine vollständige und eindeutige Bezeichnung.',
    correct: 'Nennen Sie vollständige E-Mail-Adressen in genauer Schreibweise und die Zeit, um die es geht.',
  },
  OVERBROAD: {
    label: 'Zu weit',
    sentence: 'Das Ersuchen geht weiter, als die genannte Vorschrift erlaubt.',
    missing: 'Es fehlt eine Grenze nach Zeit, Art oder Zahl.',
    correct: 'Beschränken Sie es auf das Erforderliche und nennen Sie den Zeitraum und die Arten von Daten.',
  },
  DATA_CLASS_NOT_COVERED: {
    label: 'Art der Daten nicht erfasst',
    sentence: 'Die genannte Vorschrift erfasst die Art von Daten nicht, die verlangt wird.',
    missing: 'Es fehlt eine Vorschrift oder Anordnung für diese Art von Daten.',
    correct: 'Nennen Sie die Vorschrift für diese Art von Daten, mit der Anordnung, wo eine nötig ist.',
  },
  NOT_COMPETENT: {
    label: 'Stelle nicht zuständig',
    sentence: 'Es ist nicht zu erkennen, dass die ersuchende Stelle für dieses Ersuchen zuständig ist.',
    missing: 'Es fehlt die Regel, aus der sich die Zuständigkeit ergibt.',
    correct: 'Nennen Sie diese Regel oder lassen Sie das Ersuchen von der zuständigen Stelle senden.',
  },
  NOT_VIA_MUTUAL_ASSISTANCE: {
    label: 'Nicht über die Rechtshilfe',
    sentence:
      'Das Ersuchen kommt aus dem Ausland und weder über die Rechtshilfe noch auf einem anderen Weg, der uns bindet.',
    missing: 'Es fehlt das Ersuchen einer Behörde, die uns hier verpflichten kann.',
    correct: 'Gehen Sie den Weg der Rechtshilfe oder senden Sie eine Anordnung, die unmittelbar für uns gilt.',
  },
  NO_SECURE_REPLY_CHANNEL: {
    label: 'Kein sicherer Antwortweg',
    sentence: 'Das Ersuchen nennt keinen sicheren Weg, auf dem wir antworten könnten.',
    missing: 'Es fehlt ein Schlüssel oder ein gesicherter Weg für die Antwort.',
    correct:
      'Fügen Sie Ihren OpenPGP-Schlüssel oder Ihr S/MIME-Zertifikat bei oder nennen Sie einen gesicherten elektronischen Weg.',
  },
  UNAUTHENTICATED: {
    label: 'Absender nicht belegt',
    sentence: 'Es lässt sich nicht prüfen, ob das Ersuchen von der Behörde kommt, die es nennt.',
    missing: 'Es fehlt ein Beleg der Herkunft.',
    correct:
      'Unterschreiben Sie elektronisch oder senden Sie es von einer Adresse der Behörde, mit Namen und Telefonnummer der Dienststelle.',
  },
  INCOMPLETE: {
    label: 'Unvollständig',
    sentence: 'Dem Ersuchen fehlen Angaben, ohne die es sich nicht prüfen lässt.',
    missing: 'Es fehlen Seiten, das Aktenzeichen, die Unterschrift, der Zeitraum oder die Vorschrift.',
    correct: 'Senden Sie es vollständig.',
  },
  LANGUAGE: {
    label: 'Sprache',
    sentence: 'Das Ersuchen ist in einer Sprache, in der wir es nicht prüfen können.',
    missing: 'Es fehlt eine Übersetzung.',
    correct: 'Fügen Sie eine Übersetzung ins Deutsche oder Englische bei.',
  },
};
