// A room for documents as the doors of a house see it in tests: optimise@siegel.test, and what a letter to it is told.

import { err, ok } from '#base/result.ts';
import { formatAddress } from '#formats/smtp/address.ts';
import type { LetterPlace } from '../letter-place.ts';
import type { WireRefusal } from '../conduct.ts';

export interface TestDocuments extends LetterPlace {
  /** Letters that went there, as text, newest last. */
  readonly letters: readonly { readonly plainText: string; readonly isSignedIn: boolean }[];
}

/** mallory@ is registered nowhere. */
export function openTestDocuments(refusal: WireRefusal | undefined): TestDocuments {
  const letters: { plainText: string; isSignedIn: boolean }[] = [];
  return {
    letters,
    knows({ local }) {
      if (local === 'optimise+gold') return 'unknown';
      return local === 'optimise' || local === 'optimise+g4' ? 'place' : undefined;
    },
    alone: 'transitMixed',
    async refuseSender({ sender, isSignedIn }) {
      if (sender === undefined) return 'transitNoSender';
      return !isSignedIn && formatAddress(sender).startsWith('mallory@') ? 'transitUnregistered' : undefined;
    },
    async take({ plainLetter, giveBack }, isSignedIn) {
      letters.push({ plainText: Buffer.from(plainLetter).toString('latin1'), isSignedIn });
      giveBack?.();
      return refusal === undefined ? ok('processed, returned, erased; receipt=x') : err(refusal);
    },
  };
}
