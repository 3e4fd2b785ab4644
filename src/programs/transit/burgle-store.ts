// The part of a burglary that concerns a store outside the room: what lies there after the work, and what the same search finds where an object was left and another was not sealed.

import { randomBytes } from 'node:crypto';
import { systemClock } from '#base/clock.ts';
import { newId, type TransitJobId } from '#base/ids.ts';
import type { Log } from '#base/log/log.ts';
import { err, ok, type Result } from '#base/result.ts';
import { JobBox } from '#post/transit/store/job-box.ts';
import type { CommandRefusal } from '../command.ts';
import { keysOf, openLine, openStore } from './open-store.ts';
import type { StorePlace } from './open-store-place.ts';
import { formsOf } from './search-memory.ts';
import { countPuts, searchStore, type StoreHaul } from './search-store.ts';
import { describeRoomRefusal } from './start-sentences.ts';

export interface BurgledStore extends StoreHaul {
  /** Objects that were put there meanwhile: those of the work at least, or the room did not use it. */
  readonly puts: number;
}

/** A connection of the burglar’s own, with the room’s login. */
export interface StoreBurglar extends AsyncDisposable {
  /** All that is there now. */
  look(): Promise<Result<BurgledStore, CommandRefusal>>;
  /** The same search where one object is left, and another beside it was never sealed; both are erased afterwards. */
  lookAtOpen(): Promise<Result<StoreHaul, CommandRefusal>>;
}

const COPIES = 50;
const CONTROL_MS = 60_000;
const NOT_SEARCHED = {
  kind: 'refused',
  reason: 'store',
  sentence:
    'the store could not be searched: it stopped to answer, or holds more keys than documents ever are. Give the room a server of its own, and try again.',
} as const;

export async function openStoreBurglar(
  place: StorePlace,
  log: Log,
  { key, mark }: { readonly key: Uint8Array; readonly mark: string },
): Promise<Result<StoreBurglar, CommandRefusal>> {
  const opened = await openLine(place, { log });
  if (!opened.ok)
    return err({ kind: 'refused', reason: opened.error.kind, sentence: describeRoomRefusal(opened.error) });
  const { line } = opened.value;
  const sinceMs = Date.now();
  const isLocal = place.kind === 'socket';
  const putsBefore = await countPuts(line.ask);
  const search = (prefix: string, forms: readonly Buffer[]): ReturnType<typeof searchStore> =>
    searchStore({ ask: line.ask, isLocal, prefix, forms, sinceMs });
  return ok({
    async look() {
      const haul = await search(keysOf(key), formsOf(mark));
      return haul === undefined ? err(NOT_SEARCHED) : ok({ ...haul, puts: (await countPuts(line.ask)) - putsBefore });
    },
    async lookAtOpen() {
      const own = { key: randomBytes(key.length), mark: `Open ${randomBytes(24).toString('hex')}` };
      const control = await openStore(place, { clock: systemClock, log, key: own.key });
      if (!control.ok) return err(NOT_SEARCHED);
      await using store = control.value.store;
      const plain = Buffer.from(own.mark.repeat(COPIES));
      await new JobBox(store, systemClock, newId<TransitJobId>()).put('left', plain);
      await store.put(newId<TransitJobId>(), 'open', plain, CONTROL_MS);
      const haul = await search(keysOf(own.key), formsOf(own.mark));
      return haul === undefined ? err(NOT_SEARCHED) : ok(haul);
    },
    [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
  });
}
