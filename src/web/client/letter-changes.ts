// Flags, places and removal of letters, many at once, in as many calls as the server takes.

import type { LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import type { Backend, ChangeRefusal, LetterPatch } from '../backend.ts';
import type { Members } from './jmap-client.ts';
import { chunks } from './mail-reads.ts';
import { setDone } from './mailbox-folders.ts';
import type { OpenSession } from './open-session.ts';

type Done = Promise<Result<undefined, ChangeRefusal>>;

export function createLetterChanges({ jmap }: OpenSession): Pick<Backend, 'change' | 'destroy'> {
  async function each(ids: readonly LetterId[], args: (chunk: readonly LetterId[]) => Members): Done {
    for (const chunk of chunks(ids, limits.jmap.objectsInSet)) {
      const answer = await jmap.run([['Email/set', args(chunk)]]);
      if (!answer.ok) return answer;
      for (const list of ['notUpdated', 'notDestroyed'] as const) {
        const done = setDone(answer.value[0], list);
        if (!done.ok) return done;
      }
    }
    return ok(undefined);
  }
  return {
    change: (ids, patch) => {
      const update = patchOf(patch);
      return each(ids, (chunk) => ({ update: Object.fromEntries(chunk.map((id) => [id, update])) }));
    },
    destroy: (ids) => each(ids, (chunk) => ({ destroy: chunk })),
  };
}

/** RFC 8620 §5.3: `keywords/NAME` true or null, `mailboxIds` as a whole. */
function patchOf({ addKeywords = [], removeKeywords = [], mailboxIds }: LetterPatch): Members {
  const escaped = (keyword: string) => keyword.replaceAll('~', '~0').replaceAll('/', '~1');
  return {
    ...Object.fromEntries(addKeywords.map((keyword) => [`keywords/${escaped(keyword)}`, true])),
    ...Object.fromEntries(removeKeywords.map((keyword) => [`keywords/${escaped(keyword)}`, null])),
    ...(mailboxIds ? { mailboxIds: Object.fromEntries(mailboxIds.map((id) => [id, true])) } : {}),
  };
}
