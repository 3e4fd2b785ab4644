// For tests: fills an empty database from the journal alone; the program itself follows it beside a living one (generations/follow-journal.ts).

import { err, ok, type Result } from '#base/result.ts';
import { ApplyQueue, type QueueOptions } from './apply-queue.ts';
import { prepareDatabase, type DatabaseRefusal } from './check-database.ts';
import { openForFilling } from './late-indexes.ts';

export type RebuildRefusal = DatabaseRefusal | { readonly kind: 'notEmpty' } | { readonly kind: 'unavailable' };

/** Replays everything that is durable, then has PostgreSQL count what is where. `heldBack`: letters whose rows failed. */
export async function rebuildDatabase(
  options: QueueOptions,
): Promise<Result<{ readonly appliedSeq: number; readonly heldBack: number }, RebuildRefusal>> {
  const { database, journal, instanceId } = options;
  const expected = { instanceId, journal: journal.journal, durableSeq: journal.durableSeq };
  {
    await using session = await database.connect();
    const prepared = await prepareDatabase(database, session, expected);
    if (!prepared.ok) return prepared;
    if (prepared.value > 0) return err({ kind: 'notEmpty' });
  }
  await using filling = await openForFilling(database, expected);
  const queue = new ApplyQueue(options);
  const { state, refusal, appliedSeq, heldBack } = await queue.start();
  await queue.close();
  if (refusal !== undefined) return err(refusal);
  if (state !== 'up') return err({ kind: 'unavailable' });
  await filling?.finish();
  await using owner = await database.connectAs('owner');
  await owner.script('ANALYZE');
  return ok({ appliedSeq, heldBack });
}
