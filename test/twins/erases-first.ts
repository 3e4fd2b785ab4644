// The twin of "the old credential is erased last": the same program, except that its place is emptied before the new one is written.

import { setTimeout as wait } from 'node:timers/promises';
import { idFromBytes, type SessionId } from '#base/ids.ts';
import { ok } from '#base/result.ts';
import type { CommandOf } from '#vault/journal/commands.ts';
import { startTwin } from './commits.ts';

/** Longer than anybody waits with the kill. */
const UNTIL_KILLED_MS = 20_000;

type Credential = CommandOf<'credentialPending'>['effect']['credential'];

await startTwin((door) => ({
  async commit(accountId, actor, decide) {
    const emptied: Credential[] = [];
    const first = await door.commit(accountId, actor, async (reader) => {
      const decided = await decide(reader);
      if (!decided.ok || decided.value.kind !== 'credentialPending') return decided;
      const credential = empty(decided.value.effect.credential);
      emptied.push(credential);
      return ok({ kind: 'credentialPending', effect: { credential } });
    });
    const [place] = emptied;
    if (place === undefined || !first.ok) return first;
    const keepSessions = actor.kind === 'session' ? [idFromBytes<SessionId>(actor.id)] : [];
    const effect = { version: place.version, keepSessions };
    await door.commit(accountId, actor, async () => ok({ kind: 'credentialPromoted', effect }));
    await wait(UNTIL_KILLED_MS);
    return door.commit(accountId, actor, decide);
  },
}));

/** Of the same size, opened by nothing. */
function empty(credential: Credential): Credential {
  const record = Buffer.from(credential.record, 'base64url');
  record.fill(0, 32);
  return { ...credential, version: credential.version + 1_000, record: record.toString('base64url') };
}
