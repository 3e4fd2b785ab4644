// The twin of a worker: the same program with every bound of the room removed, to see what the bounds hold off.

import { limits } from '#base/limits.ts';

for (const key of Object.keys(limits.transit)) {
  // the frames of the pipe and the memory stay: they hold the test itself
  if (!/^(frame|worker|runtime|nameCharacters)/.test(key))
    Object.assign(limits.transit, { [key]: Number.MAX_SAFE_INTEGER });
}
await import('#programs/transit/worker.ts');
