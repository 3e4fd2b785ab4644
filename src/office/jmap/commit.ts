// Brings changes of the caller's account through the commit door; reads see them when it answers.

import { idToBytes } from '#base/ids.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import type { Actor } from '#vault/journal/record.ts';
import type { Command } from '#vault/journal/commands.ts';
import { refusedChange } from './change-door.ts';
import type { Call } from './method.ts';

const AT_ONCE = 32;

export function commit(call: Call, command: Command): Promise<Result<void, MethodError>> {
  return commitAll(call, [command]);
}

/**
 * Commands that do not depend on each other: they share the journal's syncs. After a refusal no further one is begun; when
 * some were kept before it, the client is told that only part happened.
 */
export async function commitAll(call: Call, commands: readonly Command[]): Promise<Result<void, MethodError>> {
  const { accountId, sessionId, house } = call;
  const actor: Actor = { kind: 'session', id: idToBytes(sessionId) };
  let kept = 0;
  for (let at = 0; at < commands.length; at += AT_ONCE) {
    const batch = commands.slice(at, at + AT_ONCE);
    const done = await Promise.all(
      batch.map((command) => house.door.commit<never>(accountId, actor, async () => ok(command))),
    );
    kept += done.filter((result) => result.ok).length;
    const refused = done.find((result) => !result.ok);
    if (refused === undefined || refused.ok) continue;
    return err(kept === 0 ? refusedChange(refused.error) : { kind: 'serverPartialFail' });
  }
  return ok(undefined);
}
