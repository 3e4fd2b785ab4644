// Email/changes and Thread/changes: a thread is its letter and never changes (RFC 8621 §§3.2, 4.3).

import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import { MAIL } from '#formats/jmap/capabilities.ts';
import { splitChanges, type Changes } from '#formats/jmap/changes.ts';
import type { MethodError } from '#formats/jmap/errors.ts';
import { changesShape, readArguments } from '#formats/jmap/standard-arguments.ts';
import { readLetterChanges } from '#vault/database/read-letters.ts';
import { atOneMoment } from '#vault/database/read-states.ts';
import { reading, type Call, type Members } from '../method.ts';
import { changesSince, requireStates } from '../states.ts';

type Told = Result<Changes & { readonly oldState: string }, MethodError>;

async function letterChanges(args: Members, call: Call): Promise<Told> {
  const read = readArguments(changesShape, args);
  if (!read.ok) return read;
  const { sinceState, maxChanges } = read.value;
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    const since = changesSince(sinceState, states.era, states.emailModseq, states.emailFloor);
    if (!since.ok) return since;
    const max = Math.min(maxChanges ?? Infinity, limits.jmap.changesMax);
    const rows = await readLetterChanges(db, call.accountId, since.value, max + 1);
    const changes = splitChanges(rows, since.value, states.emailModseq, max);
    return ok({ oldState: sinceState, ...changes });
  });
}

export const emailChanges = reading('Email/changes', MAIL, letterChanges);

export const threadChanges = reading('Thread/changes', MAIL, async (args, call) => {
  const changes = await letterChanges(args, call);
  return changes.ok ? ok({ ...changes.value, updated: [] }) : changes;
});
