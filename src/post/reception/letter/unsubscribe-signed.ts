// Whether a letter's sender stands for its one-click unsubscribing: a DKIM signature that passed covers both fields (RFC 8058 §4).

import type { LetterView } from '#formats/message/letter-view.ts';
import type { DkimResult } from '../authentication/verify-dkim.ts';

const FIELDS = ['list-unsubscribe', 'list-unsubscribe-post'] as const;

/** Each field once: of two, a reader could be shown the one that nobody signed. */
export function isUnsubscribeSigned(
  view: Pick<LetterView, 'findFields'>,
  dkim: readonly Pick<DkimResult, 'status' | 'signedFields'>[],
): boolean {
  if (FIELDS.some((name) => view.findFields(name).length !== 1)) return false;
  return dkim.some(
    ({ status, signedFields }) => status === 'pass' && FIELDS.every((name) => signedFields.includes(name)),
  );
}
