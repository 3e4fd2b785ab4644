// Fills an empty database from the journal alone: the same rows as if it had always been there.

import { err, ok, type Result } from '#base/result.ts';
import { ApplyQueue, type QueueOptions } from './apply-queue.ts';
import { prepareDatabase, type DatabaseRefusal } from './check-database.ts';
import { openForFilling } from './late-indexes.ts';

export interface RebuildProgress {
  readonly appliedSeq: number;
  readonly totalSeq: number;
}

export type RebuildRefusal = DatabaseRefusal | { readonly kind: 'notEmpty' } | { readonly kind: 'unavailable' };

/** Replays everything that is durable, then has PostgreSQL count what is where. `heldBack`: letters whose rows failed. */
export async function rebuildDatabase(
  options: QueueOptions,
  onProgress: (progress: RebuildProgress) => void = () => {},
): Promise<Result<{ readonly appliedSeq: number; readonly heldBack: number }, RebuildRefusal>> {
  const { database, journal, instanceId } = options;
  const totalSeq = journal.durableSeq;
  const expected = { instanceId, journal: journal.journal, durableSeq: totalSeq };
  {
    await using session = await database.connect();
    const prepared = await prepareDatabase(database, session, expected);
    if (!prepared.ok) return prepared;
    if (prepared.value > 0) return err({ kind: 'notEmpty' });
  }
  await using filling = await openForFilling(database, expected);
  const queue = new ApplyQueue(options);
  queue.onApplied((_, records) => onProgress({ appliedSeq: records.at(-1)?.header.seq ?? 0, totalSeq }));
  const { state, refusal, appliedSeq, heldBack } = await queue.start();
  await queue.close();
  if (refusal !== undefined) return err(refusal);
  if (state !== 'up') return err({ kind: 'unavailable' });
  await filling?.finish();
  await using owner = await database.connectAs('owner');
  await owner.script('ANALYZE');
  return ok({ appliedSeq, heldBack });
}
