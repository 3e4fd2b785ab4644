// The commit door as JMAP uses it, and its refusals as JMAP errors.

import type { Result } from '#base/result.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import type { CommitDoor, CommitRefusal } from '#vault/database/commit.ts';
import type { AppendRefusal } from '#vault/journal/journal.ts';

export type ChangeDoor = Pick<CommitDoor, 'commit' | 'keepLetter' | 'settled' | 'onApplied'>;

/** What a client is told when a change could not be kept. */
export function refusedChange(refusal: CommitRefusal): MethodError {
  if (refusal.kind === 'diskFull') {
    return { kind: 'serverUnavailable', description: 'The server has no room left; nothing was changed.' };
  }
  // journalled and not yet applied, or not journalled: the door cannot always tell
  return { kind: 'serverUnavailable', description: 'The change may still be made: read again before trying again.' };
}

/** What a client is told when its letter could not be kept; nothing of it was. */
export function refusedLetter(kept: Result<unknown, AppendRefusal>): MethodError {
  return refusedChange({ kind: !kept.ok && kept.error.kind === 'diskFull' ? 'diskFull' : 'unavailable' });
}
