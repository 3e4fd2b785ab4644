// What the automatic answer says, in both languages; every letter of a day gets the same words.

import type { Classified } from '../classify/facts.ts';
import type { Language } from '../letters/reason-words.ts';

export interface AnswerWords {
  readonly subject: string;
  readonly greeting: string;
  readonly arrived: string;
  readonly came: Readonly<Record<Classified['channel'], string>>;
  /** `why`: a sentence of the policy. */
  readonly way: (why: string) => string;
  readonly norm: (cite: string) => string;
  readonly open: string;
  readonly noWay: string;
  readonly keys: (file: string, address: string) => string;
  readonly form: (address: string) => string;
  readonly person: string;
  readonly emergency: string;
  readonly others: string;
  readonly silence: string;
}

export const KEYS_FILE = 'keys.asc';

export const answerWords: Readonly<Record<Language, AnswerWords>> = {
  de: {
    subject: 'Automatische Antwort: Ihr Brief ist angekommen',
    greeting: 'Sehr geehrte Damen und Herren,',
    arrived: 'Ihre E-Mail ist angekommen. Diese Antwort schreibt ein Programm; sie entscheidet nichts.',
    came: {
      PLAIN_MAIL: 'Sie war nicht verschlüsselt.',
      MIXED: 'Sie war nicht ganz verschlüsselt.',
      PGP: 'Sie war mit OpenPGP verschlüsselt.',
      SMIME: 'Sie war mit S/MIME verschlüsselt.',
    },
    way: (why) => `${why} Ist Ihre E-Mail ein Ersuchen einer Behörde, so ist sie auf diesem Weg nicht zulässig.`,
    norm: (cite) => `Vorschrift: ${cite}.`,
    open: 'Bitte stellen Sie das Ersuchen auf einem dieser Wege noch einmal:',
    noWay: 'Bitte fragen Sie unter der unten stehenden Adresse, auf welchem Weg Sie es stellen können.',
    keys: (file, address) =>
      `Unsere öffentlichen Schlüssel (OpenPGP) liegen bei: ${file}. Verschlüsseln Sie an alle. Ob es unsere sind, prüfen Sie unter ${address}.`,
    form: (address) => `Das verschlüsselte Formular: ${address}`,
    person: 'Auch ohne das liest ein Mensch Ihre E-Mail.',
    emergency:
      'Besteht Gefahr für Leib, Leben oder Freiheit eines Menschen, so schreiben Sie das deutlich: Darüber entscheidet immer ein Mensch, auf welchem Weg es auch kam.',
    others: 'Ist Ihre E-Mail kein Ersuchen einer Behörde, so brauchen Sie nichts zu tun.',
    silence: 'Aus dieser Antwort folgt nicht, ob es hier ein Postfach oder Daten gibt, um die es Ihnen geht.',
  },
  en: {
    subject: 'Automatic answer: your letter has arrived',
    greeting: 'Dear Sir or Madam,',
    arrived: 'Your e-mail has arrived. A program writes this answer; it decides nothing.',
    came: {
      PLAIN_MAIL: 'It was not encrypted.',
      MIXED: 'It was not encrypted as a whole.',
      PGP: 'It was encrypted with OpenPGP.',
      SMIME: 'It was encrypted with S/MIME.',
    },
    way: (why) => `${why} If it is the request of an authority, it cannot be made admissibly in this way.`,
    norm: (cite) => `Provision: ${cite}.`,
    open: 'Please make the request once more in one of these ways:',
    noWay: 'Please ask at the address below in which way you can make it.',
    keys: (file, address) =>
      `Our public keys (OpenPGP) are attached: ${file}. Encrypt to all of them. Whether they are ours can be checked at ${address}.`,
    form: (address) => `The encrypted form: ${address}`,
    person: 'Without that, too, a person reads your e-mail.',
    emergency:
      'If life, limb or liberty of a person is in danger, say so clearly: a person always decides on that, in whatever way it came.',
    others: 'If your e-mail is not the request of an authority, you need not do anything.',
    silence: 'This answer does not say whether there is a mailbox or any data here that you are concerned with.',
  },
};
