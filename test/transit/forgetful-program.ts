// A process that makes many words, grows old with them, forgets a few of them and wipes: what is left of them between those it keeps is looked for from outside.

import { setTimeout as wait } from 'node:timers/promises';
import { collector, createIdleWipe, keepBuffersApart } from '#programs/transit/idle-wipe.ts';

const WORDS = 20_000;
/** Few enough that the collector leaves the pages where they are: one that is mostly free it moves, and then nothing is left to look for. */
const FORGOTTEN_OF = 10;
const WIPED_MS = 600;

/** Turned round, so that this program's own text is not found. */
function grown(word: string, at: number): string {
  return Buffer.from(`${Array.from(word).toReversed().join('')} ${at}`).toString('latin1');
}

keepBuffersApart();
const held: { words: string[]; others: string[] } = { words: [], others: [] };
for (let at = 0; at < WORDS; at++) {
  if (at % FORGOTTEN_OF === 0) held.others.push(grown('drow-nettogrof', at));
  else held.words.push(grown('drow-tpek', at));
}
const kept = held.words.length;
// the collector moves what it meets twice to the old ones
for (let times = 0; times < 2; times++) collector()?.();
held.others = [];

const wipe = createIdleWipe({ collect: collector(), rinse: async () => undefined });
await wipe.after(Promise.resolve());
await wait(WIPED_MS);
process.send?.(held.words.length);
// until whoever looks has looked
process.once('disconnect', () => process.exit(held.words.length === kept ? 0 : 1));
