// Mailbox/changes, with updatedProperties when only numbers of letters changed (RFC 8621 §2.2).

import { limits } from '#base/limits.ts';
import { ok } from '#base/result.ts';
import { MAIL } from '#formats/jmap/capabilities.ts';
import { splitChanges } from '#formats/jmap/changes.ts';
import { changesShape, readArguments } from '#formats/jmap/standard-arguments.ts';
import { readMailboxChanges } from '#vault/database/read-mailboxes.ts';
import { atOneMoment } from '#vault/database/read-states.ts';
import { reading } from '../method.ts';
import { changesSince, requireStates } from '../states.ts';
import { countProperties } from './mailbox-view.ts';

export const mailboxChanges = reading('Mailbox/changes', MAIL, async (args, call) => {
  const read = readArguments(changesShape, args);
  if (!read.ok) return read;
  const { sinceState, maxChanges } = read.value;
  return atOneMoment(call.house.reader, async (db) => {
    const states = await requireStates(call, db);
    const since = changesSince(sinceState, states.era, states.mailboxModseq);
    if (!since.ok) return since;
    const rows = await readMailboxChanges(db, call.accountId, since.value);
    const max = maxChanges ?? limits.jmap.changesMax;
    const changes = splitChanges(rows.slice(0, max + 1), since.value, states.mailboxModseq, max);
    const updated = new Set(changes.updated);
    const onlyCounts = updated.size > 0 && rows.every((row) => row.onlyCounts || !updated.has(row.id));
    return ok({ oldState: sinceState, ...changes, updatedProperties: onlyCounts ? countProperties : null });
  });
});
