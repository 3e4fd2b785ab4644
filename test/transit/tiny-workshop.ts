// A tiny workshop, for tests of everything around it: a document's own words say what happens to it.

import { existsSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { RoomWorkshop } from '#programs/transit/room.ts';
import { reversed } from '#post/transit/door/dialogues/test-room.ts';

/** By then the program knows what is at work. */
const TAKES_AFTER_MS = 300;
const HELD_LOOK_MS = 20;
const taken: Uint8Array[] = [];

/** `wait 200`, `hold /a/file` (while it exists), `die now`, `take 300` (megabytes), `write /a/file`. */
export const openTinyWorkshop = async (): Promise<RoomWorkshop> => ({
  writePdf: undefined,
  optimise: async (order, { signal, onProgress }) => {
    const words = Buffer.concat(order.files.map(({ bytes }) => bytes)).toString('latin1');
    if (words.includes('die now')) process.abort();
    const megabytes = Number(/take (\d{1,4})/.exec(words)?.[1] ?? 0);
    if (megabytes > 0) await wait(TAKES_AFTER_MS);
    for (let at = 0; at < megabytes; at++) taken.push(new Uint8Array(2 ** 20).fill(1));
    taken.length = 0;
    const path = /write (\/\S+)/.exec(words)?.[1];
    if (path !== undefined) writeFileSync(path, words);
    const waitMs = Number(/wait (\d{1,5})/.exec(words)?.[1] ?? 0);
    if (waitMs > 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
    const isHeld = heldBy(/hold (\/\S+)/.exec(words)?.[1]);
    while (isHeld() && !signal.aborted) await wait(HELD_LOOK_MS);
    signal.throwIfAborted();
    for (const { name } of order.files) onProgress({ file: name, step: 'done', page: 1, pages: 1 });
    return reversed(order);
  },
});

function heldBy(path: string | undefined): () => boolean {
  return () => path !== undefined && existsSync(path);
}
