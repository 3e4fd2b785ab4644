// A letter of another server, before anything was decided about its contents.

import type { Result } from '#base/result.ts';
import type { WireLetter } from '../../wire/conduct.ts';
import type { Recipient } from '../neighbours.ts';

export type { LetterSource } from '../../wire/conduct.ts';

export interface IncomingLetter extends Omit<WireLetter<never>, 'accepted'> {
  readonly recipients: readonly Recipient[];
}

export type LetterRefusal = {
  readonly kind: 'loop' | 'dmarcReject' | 'filterRefuse' | 'filterLater' | 'notSealed' | 'diskFull' | 'journalFailed';
};

/** Answers once the letter is safe, or says why it is not taken. Never rejects for anything the letter contains. */
export type TakeLetter = (letter: IncomingLetter) => Promise<Result<void, LetterRefusal>>;
