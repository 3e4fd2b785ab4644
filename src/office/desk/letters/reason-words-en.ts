// The catalogue of reasons in English. Nothing in it speaks of whom a request is about.

import type { Reason } from '#formats/desk/model.ts';
import type { ReasonWords } from './reason-words.ts';

export const reasonWordsEn: Readonly<Record<Reason, ReasonWords>> = {
  INADMISSIBLE_CHANNEL: {
    label: 'Channel not admissible',
    sentence: 'The request came in a way that is not admissible.',
    missing: 'It lacks a way that protects what it says.',
    correct: 'Send it again in one of the ways named below.',
  },
  NO_LEGAL_BASIS: {
    label: 'No legal basis',
    sentence: 'The request names no provision that it rests on.',
    missing: 'It lacks the legal basis, with section and act.',
    correct: 'Name the provision that allows the request, for each kind of data.',
  },
  WRONG_OR_REPEALED_NORM: {
    label: 'Wrong or repealed provision',
    sentence: 'The provision named does not fit the request or is no longer in force.',
    missing: 'It lacks a provision that was in force on the day of the request and fits it.',
    correct: 'Name the provision as it is in force and base the request on it.',
  },
  NO_COURT_ORDER: {
    label: 'No court order',
    sentence: 'What is asked for needs the order of a court, or in urgent cases of the office that the law names.',
    missing: 'It lacks that order.',
    correct: 'Send the order, complete and as issued.',
  },
  ORDER_EXPIRED: {
    label: 'Order expired',
    sentence: 'The time for which the order was made has passed.',
    missing: 'It lacks an order that is in force.',
    correct: 'Have the order extended or made anew, and send it.',
  },
  WRONG_ADDRESSEE: {
    label: 'Wrong addressee',
    sentence: 'The request is not directed to us or concerns a service that we do not run.',
    missing: 'It lacks us as the addressee, or a service of ours that it concerns.',
    correct: 'Direct it to the provider concerned, or name our service.',
  },
  UNKNOWN_TARGET_FORM: {
    label: 'Designation cannot be assigned',
    sentence: 'The request designates what it concerns in a form that cannot be assigned here.',
    missing: 'It lacks a complete and unambiguous designation.',
    correct: 'Name complete e-mail addresses, written exactly, with the time they are about.',
  },
  OVERBROAD: {
    label: 'Too broad',
    sentence: 'The request goes further than the provision named allows.',
    missing: 'It lacks a limit in time, in kind or in number.',
    correct: 'Limit it to what is needed, and name the period and the kinds of data.',
  },
  DATA_CLASS_NOT_COVERED: {
    label: 'Kind of data not covered',
    sentence: 'The provision named does not cover the kind of data that is asked for.',
    missing: 'It lacks a provision or an order for this kind of data.',
    correct: 'Name the provision for this kind of data, with the order where one is needed.',
  },
  NOT_COMPETENT: {
    label: 'Office not competent',
    sentence: 'It cannot be seen that the requesting office is competent for this request.',
    missing: 'It lacks the rule by which the office is competent.',
    correct: 'Name that rule, or have the competent office send the request.',
  },
  NOT_VIA_MUTUAL_ASSISTANCE: {
    label: 'Not by mutual legal assistance',
    sentence: 'The request comes from abroad and not by way of mutual legal assistance or another way that binds us.',
    missing: 'It lacks the request of an authority that can bind us here.',
    correct: 'Take the way of mutual legal assistance, or an order that applies to us directly.',
  },
  NO_SECURE_REPLY_CHANNEL: {
    label: 'No secure way to answer',
    sentence: 'The request names no secure way in which we could answer.',
    missing: 'It lacks a key or a secured way for the answer.',
    correct: 'Enclose your OpenPGP key or S/MIME certificate, or name a secured electronic way.',
  },
  UNAUTHENTICATED: {
    label: 'Sender not proven',
    sentence: 'It cannot be verified that the request comes from the authority it names.',
    missing: 'It lacks a proof of origin.',
    correct:
      'Sign it electronically, or send it from an address of the authority with the name and telephone number of the office.',
  },
  INCOMPLETE: {
    label: 'Incomplete',
    sentence: 'The request lacks information without which it cannot be examined.',
    missing: 'It lacks pages, the file number, the signature, the period or the provision.',
    correct: 'Send it complete.',
  },
  LANGUAGE: {
    label: 'Language',
    sentence: 'The request is in a language in which we cannot examine it.',
    missing: 'It lacks a translation.',
    correct: 'Enclose a translation into German or English.',
  },
};
