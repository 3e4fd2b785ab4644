// The frame of a letter in German, and what the ways are called.

import type { LetterWords } from './letter-words.ts';

export const letterWordsDe: LetterWords = {
  subject: {
    REJECTION: (filing) => `Ihr Ersuchen ${filing}: zurückgewiesen`,
    CORRECTION: (filing) => `Ihr Ersuchen ${filing}: bitte ergänzen`,
  },
  greeting: 'Sehr geehrte Damen und Herren',
  received: (day, filing) => `Ihr Ersuchen ist am ${day} bei uns eingegangen. Es hat bei uns die Nummer ${filing}.`,
  byTwo: 'Zwei Personen haben es geprüft, eine für den Datenschutz und eine anwaltlich.',
  opening: {
    REJECTION: 'Wir weisen es zurück, aus diesen Gründen:',
    CORRECTION: 'Wir können es noch nicht weiter bearbeiten, aus diesen Gründen:',
  },
  norm: (cites) => `Vorschrift: ${cites}.`,
  noNorm: 'Unsere Regeln nennen dazu keine Vorschrift.',
  inForce: (from, until) =>
    until === null ? `gilt seit ${from ?? ''}` : from === null ? `galt bis ${until}` : `galt vom ${from} bis ${until}`,
  again: {
    REJECTION: 'Sie können das Ersuchen berichtigen und erneut stellen. Zulässig sind diese Wege:',
    CORRECTION: 'Bitte berichtigen oder ergänzen Sie das Ersuchen. Zulässig sind diese Wege:',
  },
  number: (filing) => `Bitte nennen Sie dabei die Nummer ${filing}.`,
  noWay: 'Zurzeit steht Ihnen ohne Rückfrage kein Weg offen. Bitte fragen Sie unter der unten stehenden Adresse nach.',
  silence: 'Aus diesem Schreiben folgt nicht, ob uns Daten vorliegen, um die es in dem Ersuchen geht.',
  closing: 'Mit freundlichen Grüßen',
  ways: {
    ESB: () => 'das elektronische Verfahren der Behörden (E-Mail-ESB)',
    PGP: (address) => `mit OpenPGP verschlüsselte E-Mail an ${address}`,
    SMIME: (address) => `mit S/MIME verschlüsselte E-Mail an ${address}`,
    POST: () => 'Brief mit der Post',
    FAX: () => 'Fax',
    PLAIN_MAIL: (address) => `E-Mail an ${address}`,
    MIXED: () => 'teilweise verschlüsselte E-Mail',
    WEB: () => 'das verschlüsselte Formular auf unseren Seiten',
    OTHER: () => 'ein anderer Weg',
  },
};
