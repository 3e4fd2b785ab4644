// Leaving a list with the one POST its letter names (RFC 8058 §3.2): no cookie, no login, nothing but the link and these words.

import { limits } from '#base/limits.ts';
import type { Outgoing } from '#base/outgoing/outgoing.ts';
import { err, ok, type Result } from '#base/result.ts';
import { ofDoor, type OutsideRefusal } from './outside-refusals.ts';

const WORDS = new TextEncoder().encode('List-Unsubscribe=One-Click');

/** Only the page knows whether the letter's signature covers the link: the server cannot open the letter. */
export async function unsubscribe(
  outgoing: Pick<Outgoing, 'request'>,
  url: string,
): Promise<Result<void, OutsideRefusal>> {
  const answer = await outgoing.request('unsubscribe', {
    url,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: WORDS,
    bytesMax: limits.outside.unsubscribeAnswerBytes,
    timeoutMs: limits.outside.unsubscribeWaitMs,
  });
  if (!answer.ok) return err(ofDoor(answer.error));
  const { status } = answer.value;
  return status >= 200 && status < 300 ? ok(undefined) : err({ kind: 'refusedThere' });
}
