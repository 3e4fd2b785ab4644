// The words of the public page /check in English.

import { receiptEn } from './receipt-en.ts';

export const checkEn = {
  productName: 'Siegel',
  language: 'Language',
  title: 'Check a receipt',
  lead: 'A receipt says what this house promised, signed, and where the promise lies in its book. It is checked in this browser: the file is sent nowhere, and once the page is here it also works without a connection.',
  drop: 'Drop a receipt here',
  choose: 'Choose a file',
  withHead: 'Together with a head of the book that you kept, it also shows whether the book was rewritten since.',
  paste: 'Paste the text of a receipt',
  pasteLabel: 'Text of the receipt',
  pasteCheck: 'Check',
  results: 'Result',
  headKept: (size: string, time: string) =>
    `Head kept: ${size} entries, ${time}. It is compared with each receipt below.`,
  headOnly: 'Now add a receipt.',
  tooMany: (max: number) => `Only the first ${max} files were looked at.`,
  clear: 'Clear',
  trust: 'What this house answers for',
  signIn: 'Sign in',
  receipt: receiptEn,
};

export type CheckWords = typeof checkEn;
