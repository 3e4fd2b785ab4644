// The words of the public page /check in English.

import { receiptEn } from './receipt-en.ts';

export const checkEn = {
  productName: 'Siegel',
  language: 'Language',
  title: 'Check a receipt',
  lead: 'A receipt says what this house promised, signed, and where the promise lies in its book. It is checked in this browser: the file is sent nowhere, and once the page is here it also works without a connection.',
  drop: 'Drop a receipt here, or the answer that came with documents',
  choose: 'Choose a file',
  withHead: 'Together with a head of the book that you kept, it also shows whether the book was rewritten since.',
  paste: 'Paste the text of a receipt or of an answer',
  pasteLabel: 'Text of the receipt or the answer',
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
  erasure: {
    titles: {
      house: 'Erased, says this house',
      unknown: 'Signed, by a key that nobody compared',
      refused: 'No good receipt of an erasure',
    },
    says: (documents: number, compared: number | undefined) => {
      const all = documents === 1 ? 'One document went' : `${documents} documents went`;
      const named =
        compared === undefined
          ? ''
          : compared === documents
            ? ' They are those of this answer: every salt and every hash agrees.'
            : ` What you brought names ${compared} of them: every salt and every hash agrees.`;
      return `${all} through memory and nothing of it stayed.${named}`;
    },
    means:
      'The number of the work was asked for at this house; nothing else of what you brought left this browser. The receipt proves that this was said then and cannot be unsaid, not that the machine was honest.',
    toNobody: 'To nobody: it was erased all the same',
    objects: (erased: string, created: string) => `${erased} of ${created}, and the key that sealed them`,
    faults: {
      notFound: 'This house has no receipt of this work. It is made once the answer was taken: try again in a minute.',
      elsewhere: 'Another house worked on these documents. Its receipt is here:',
      notAsked: 'This house could not be asked for the receipt. Try again when there is a connection.',
      notSigned: 'The signature does not fit what the receipt says.',
      notTheHouses: 'This house says something else about this work than the file.',
      otherDocuments: 'The receipt is about other documents than those of this answer.',
      notErased: 'The receipt itself says that not everything was erased.',
    },
  },
};

export type CheckWords = typeof checkEn;
