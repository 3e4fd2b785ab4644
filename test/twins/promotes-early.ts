// The twin of "journalled before it is answered": the same program, except that a promoted credential is answered first and kept a moment later.

import { setTimeout as wait } from 'node:timers/promises';
import { ok } from '#base/result.ts';
import type { KeyRecord } from '#vault/journal/journal.ts';
import { startTwin } from './commits.ts';

await startTwin((door) => {
  let last: KeyRecord | undefined;
  return {
    async commit(accountId, actor, decide) {
      const early = Promise.withResolvers<void>();
      const kept = door.commit(accountId, actor, async (reader) => {
        const decided = await decide(reader);
        if (last === undefined || !decided.ok || decided.value.kind !== 'credentialPromoted') return decided;
        early.resolve();
        await wait(150);
        return decided;
      });
      await Promise.race([kept, early.promise]);
      if (last !== undefined && (await isPending(kept))) return ok({ record: last });
      const result = await kept;
      if (result.ok) last = result.value.record;
      return result;
    },
  };
});

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const nothing = Symbol('nothing');
  return (await Promise.race([promise, wait(0, nothing)])) === nothing;
}
