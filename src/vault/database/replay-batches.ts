// Reads ahead while the database works: records of a replay in batches large enough to be written whole columns at a time.

import { limits } from '#base/limits.ts';
import type { KeyRecord } from '../journal/journal.ts';

type Batches = AsyncIterable<readonly KeyRecord[]>;

/** The next batch is read while the consumer still applies the one before. */
export async function* inLargeBatches(source: Batches): AsyncGenerator<readonly KeyRecord[]> {
  const iterator = gather(source)[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (let result = await next; result.done !== true; result = await next) {
      next = iterator.next();
      // if the consumer stops here, nobody awaits the read that is under way
      next.catch(() => undefined);
      yield result.value;
    }
  } finally {
    await next.catch(() => undefined);
    await iterator.return?.(undefined);
  }
}

async function* gather(source: Batches): AsyncGenerator<readonly KeyRecord[]> {
  let gathered: KeyRecord[] = [];
  for await (const records of source) {
    gathered.push(...records);
    if (gathered.length < limits.database.replayBatchRecords) continue;
    yield gathered;
    gathered = [];
  }
  if (gathered.length > 0) yield gathered;
}
