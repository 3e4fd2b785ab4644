// A store that fills up is shared: one account alone, with large letters that nobody takes or that are due in a month, stops nobody else's.

import type { AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { LiveStore } from '#vault/live/live-store.ts';

/** Whether the account may put another letter in; always while there is plenty of room. */
export function hasShare(live: Pick<LiveStore, 'letters' | 'bytes'>, accountId: AccountId): boolean {
  const { lettersMax, bytesMax, sharedFrom, accountShare } = limits.live;
  const letters = live.letters();
  if (letters.length < lettersMax * sharedFrom && live.bytes < bytesMax * sharedFrom) return true;
  const own = letters.filter((letter) => letter.accountId === accountId);
  const bytes = own.reduce((sum, { place }) => sum + place.length, 0);
  return own.length < lettersMax * accountShare && bytes < bytesMax * accountShare;
}
