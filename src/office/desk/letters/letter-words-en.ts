// The frame of a letter in English, and what the ways are called.

import type { LetterWords } from './letter-words.ts';

export const letterWordsEn: LetterWords = {
  subject: {
    REJECTION: (filing) => `Your request ${filing}: rejected`,
    CORRECTION: (filing) => `Your request ${filing}: please complete it`,
  },
  greeting: 'To whom it may concern',
  received: (day, filing) => `Your request reached us on ${day}. Its number with us is ${filing}.`,
  byTwo: 'Our data protection officer and a lawyer have examined it.',
  opening: {
    REJECTION: 'We reject it, for these reasons:',
    CORRECTION: 'We cannot go on with it yet, for these reasons:',
  },
  norm: (cites) => `Provision: ${cites}.`,
  noNorm: 'Our rules name no provision for this.',
  inForce: (from, until) =>
    until === null
      ? `applicable since ${from ?? ''}`
      : from === null
        ? `applicable until ${until}`
        : `applicable from ${from} to ${until}`,
  again: {
    REJECTION: 'You may correct the request and file it again. These ways are admissible:',
    CORRECTION: 'Please correct or complete the request. These ways are admissible:',
  },
  number: (filing) => `Please name the number ${filing}.`,
  noWay: 'At present no way is open to you without asking us first. Please ask at the address below.',
  silence: 'Nothing follows from this letter as to whether we hold any data that the request is about.',
  closing: 'Yours faithfully',
  ways: {
    ESB: () => "the authorities' electronic procedure (E-Mail-ESB)",
    PGP: (address) => `e-mail encrypted with OpenPGP to ${address}`,
    SMIME: (address) => `e-mail encrypted with S/MIME to ${address}`,
    POST: () => 'letter by post',
    FAX: () => 'fax',
    PLAIN_MAIL: (address) => `e-mail to ${address}`,
    MIXED: () => 'partly encrypted e-mail',
    WEB: () => 'the encrypted form on our pages',
    OTHER: () => 'another way',
  },
};
