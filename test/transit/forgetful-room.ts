// A twin: the room with a store that erases nothing and says that it did.

import { ok } from '#base/result.ts';
import { openStore } from '#programs/transit/open-store.ts';
import { serveRoom } from '#programs/transit/room.ts';
import { openTinyWorkshop } from './tiny-workshop.ts';

const forgetful: typeof openStore = async (place, parts) => {
  const opened = await openStore(place, parts);
  if (!opened.ok) return opened;
  const { store, checked } = opened.value;
  return ok({
    checked,
    store: {
      put: (job, name, sealed, ttlMs) => store.put(job, name, sealed, ttlMs),
      get: (job, name) => store.get(job, name),
      drop: async () => true,
      names: async () => [],
      size: async () => ({ objects: 0, bytes: 0 }),
      room: () => store.room(),
      sweep: async () => 0,
      [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    },
  });
};

serveRoom(openTinyWorkshop, forgetful);
