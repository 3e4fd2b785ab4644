// Around taking a letter back: who asks twice hears the same twice, and what a letter that no longer waits answers.

import type { AccountId, SubmissionId } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { LiveStore } from '#vault/live/live-store.ts';
import type { CancelRefusal } from '../outbox.ts';
import type { QueueRows } from './neighbours.ts';

type Answer = Promise<Result<void, CancelRefusal>>;

/** Questions for the same letter while the first is open share its answer. */
export class OpenQuestions {
  readonly #open = new Map<string, Answer>();

  ask(key: string, work: () => Answer): Answer {
    const asked = this.#open.get(key);
    if (asked !== undefined) return asked;
    const answer = work().finally(() => this.#open.delete(key));
    this.#open.set(key, answer);
    return answer;
  }
}

/** It does not wait: left, or taken back a moment ago, or by somebody who never heard the answer; that its slot alone can tell. */
export async function whyNotWaiting(
  { rows, live }: { readonly rows: Pick<QueueRows, 'known'>; readonly live: Pick<LiveStore, 'findEnded'> },
  accountId: AccountId,
  submissionId: SubmissionId,
): Answer {
  try {
    const known = await rows.known([{ accountId, submissionId }]);
    if (!known.has(submissionId)) return err({ kind: 'unknown' });
    const end = (await live.findEnded(new Set([submissionId]))).get(submissionId);
    return end?.state === 'canceled' && end.accountId === accountId ? ok(undefined) : err({ kind: 'left' });
  } catch {
    return err({ kind: 'unavailable' });
  }
}
