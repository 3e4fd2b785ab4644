// The room's process with a tiny workshop, for tests of everything around it: the real door, controller, store and locks.

import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { serveRoom } from '#programs/transit/room.ts';
import { reversed } from '#post/transit/door/dialogues/test-room.ts';

/** By then the program knows what is at work. */
const TAKES_AFTER_MS = 300;
const taken: Uint8Array[] = [];

/** A document's own words say what happens to it: `wait 200`, `die now`, `take 300` (megabytes), `write /a/file`. */
serveRoom(async () => ({
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
    signal.throwIfAborted();
    for (const { name } of order.files) onProgress({ file: name, step: 'done', page: 1, pages: 1 });
    return reversed(order);
  },
}));
