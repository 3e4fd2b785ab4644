// Reads ahead while the database works: records of a replay in batches large enough to be written whole columns at a time.

import { limits } from '#base/limits.ts';
import type { KeyRecord } from '../journal/journal.ts';

type Batches = AsyncIterable<readonly KeyRecord[]>;

/** Some batches are read while the consumer still applies the one before. */
export async function* inLargeBatches(
  source: Batches,
  batchRecords: number = limits.database.replayBatchRecords,
): AsyncGenerator<readonly KeyRecord[]> {
  const iterator = gather(source, batchRecords)[Symbol.asyncIterator]();
  const ahead: Promise<IteratorResult<readonly KeyRecord[]>>[] = [];
  const readAhead = (): void => {
    while (ahead.length < limits.database.replayBatchesAhead) {
      const next = iterator.next();
      // if the consumer stops here, nobody awaits the reads that are under way
      next.catch(() => undefined);
      ahead.push(next);
    }
  };
  try {
    for (;;) {
      readAhead();
      const result = await ahead.shift();
      if (result === undefined || result.done === true) return;
      readAhead();
      yield result.value;
    }
  } finally {
    await Promise.allSettled(ahead);
    await iterator.return?.(undefined);
  }
}

async function* gather(source: Batches, batchRecords: number): AsyncGenerator<readonly KeyRecord[]> {
  let gathered: KeyRecord[] = [];
  for await (const records of source) {
    gathered.push(...records);
    if (gathered.length < batchRecords) continue;
    yield gathered;
    gathered = [];
  }
  if (gathered.length > 0) yield gathered;
}
