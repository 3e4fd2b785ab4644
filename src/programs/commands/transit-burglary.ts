// `siegel transit burglary`: a marked document through a room of its own, and what a burglar would find of it afterwards.

import { createLog } from '#base/log/log.ts';
import { err, ok } from '#base/result.ts';
import type { Run } from '../command.ts';
import { chooseIdentity } from '../drop-privileges.ts';
import { tryBurglary, type Burglary } from '../transit/burglary.ts';
import { readStorePlace, type StorePlace } from '../transit/open-store-place.ts';

export const run: Run = async ({ config }) => {
  const store = readStorePlace(config);
  if (!store.ok) return err({ kind: 'refused', reason: store.error.kind, sentence: store.error.sentence });
  const place = { ...config, store: asRoot(store.value, config.runAs) };
  const tried = await tryBurglary(place, createLog(config.log));
  if (!tried.ok) return tried;
  const { inStore, onDisk, filesSearched, inMemory, inLivingMemory, outside, control } = tried.value;
  const inServer = (outside?.inMemory ?? 0) + (outside?.onDisk?.hits ?? 0);
  const hits = inStore + onDisk + inLivingMemory + inMemory + inServer;
  const isBlind = control.onDisk === 0 || control.inMemory === 0 || control.unwiped === 0 || isStoreUnseen(tried.value);
  return ok({
    json: { hits, ...tried.value },
    isBad: hits > 0 || isBlind,
    text: [
      `${hits} hits: ${inStore} in the store, ${onDisk} on disk (${filesSearched} files changed meanwhile), ${inLivingMemory} in the memory of the room after the work, ${inMemory} once its process was replaced, as it is after an idle hour.`,
      ...(outside === undefined ? [] : [describeOutside(outside)]),
      `The same search where the mark does lie: ${control.onDisk} file, ${control.inMemory} places in the memory that sent it, ${control.unwiped} in a room that does not wipe itself${describeOpen(control.outside)}.${isBlind ? ' It should have found all of them.' : ''}`,
    ].join('\n'),
  });
};

/** Root may look at the store of the user that the program becomes. */
function asRoot(store: StorePlace | undefined, runAs: string | undefined): StorePlace | undefined {
  const identity = chooseIdentity(runAs);
  if (store?.kind !== 'socket' || !identity.ok || identity.value.identity === undefined) return store;
  return { ...store, ownerUid: identity.value.identity.uid };
}

/** The room put nothing there, or the search passes over what lies there. */
function isStoreUnseen({ outside, control }: Burglary): boolean {
  if (outside === undefined) return false;
  const { left = 0, marked = 0, inMemory } = control.outside ?? {};
  return outside.puts === 0 || left < 2 || marked < 1 || inMemory === 0;
}

function describeOutside({
  keys,
  unread,
  left,
  marked,
  puts,
  inMemory,
  onDisk,
}: NonNullable<Burglary['outside']>): string {
  const others = unread === 0 ? '' : ` (${unread} of others, whose values are not ours to read)`;
  const memory = inMemory === undefined ? 'its memory was not looked at' : `${inMemory} places in its memory`;
  const disk =
    onDisk === undefined
      ? 'its folder was not looked at'
      : `${onDisk.hits} of ${onDisk.files} files that changed in its folder`;
  const where =
    inMemory === undefined || onDisk === undefined ? ' Root sees both where the store has a private socket.' : '';
  return `The store outside took ${puts} objects. Of ${keys} keys there now${others}, ${left} are left of the room and ${marked} hold the mark; ${memory}, ${disk}.${where}`;
}

function describeOpen(open: Burglary['control']['outside']): string {
  if (open === undefined) return '';
  const memory = open.inMemory === undefined ? '' : ` and ${open.inMemory} places in the store’s memory`;
  return `, ${open.left} objects left in the store, ${open.marked} of them not sealed${memory}`;
}
