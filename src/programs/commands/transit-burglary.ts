// `siegel transit burglary`: a marked document through a room of its own, and what a burglar would find of it afterwards.

import { createLog } from '#base/log/log.ts';
import { ok } from '#base/result.ts';
import type { Run } from '../command.ts';
import { tryBurglary } from '../transit/burglary.ts';

export const run: Run = async ({ config }) => {
  const tried = await tryBurglary(config, createLog(config.log));
  if (!tried.ok) return tried;
  const { inStore, onDisk, filesSearched, inMemory, inLivingMemory, control } = tried.value;
  const hits = inStore + onDisk + inLivingMemory + inMemory;
  const isBlind = control.onDisk === 0 || control.inMemory === 0 || control.unwiped === 0;
  return ok({
    json: { hits, ...tried.value },
    isBad: hits > 0 || isBlind,
    text: [
      `${hits} hits: ${inStore} in the store, ${onDisk} on disk (${filesSearched} files changed meanwhile), ${inLivingMemory} in the memory of the room after the work, ${inMemory} once its process was replaced, as it is after an idle hour.`,
      `The same search where the mark does lie: ${control.onDisk} file, ${control.inMemory} places in the memory that sent it, ${control.unwiped} in a room that does not wipe itself.${isBlind ? ' It should have found all three.' : ''}`,
    ].join('\n'),
  });
};
