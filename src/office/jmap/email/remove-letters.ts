// Removes letters as one command: hidden at once, erased after the time of undo.

import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import type { LetterRow } from '#vault/database/read-letters.ts';
import type { ChangeRun } from '../change-run.ts';
import type { Call } from '../method.ts';

export async function removeLetters(
  run: ChangeRun,
  call: Call,
  doomed: readonly LetterRow[],
): Promise<Result<void, MethodError>> {
  if (doomed.length === 0) return ok(undefined);
  const ids = doomed.map(({ id }) => id);
  for (const id of ids) call.house.uploads.dropDraft(call.accountId, id);
  const purgeMs = call.house.clock.nowMs() + limits.letters.undoMs;
  const freedBytes = doomed.reduce((sum, row) => sum + row.sizeBytes, 0);
  return run.commit({ kind: 'lettersRemoved', effect: { ids, purgeMs, freedBytes } });
}
