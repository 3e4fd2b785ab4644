// A small text that outlives a restart: written beside, synced, then renamed over the old one.

import { join } from 'node:path';
import { limits } from '#base/limits.ts';
import type { Disk } from '../journal/disk.ts';

const NAME = 'state.json';
const FRESH = 'state.fresh';

export interface StateFile {
  /** Undefined when nothing was written yet. */
  read(): Promise<string | undefined>;
  /** Resolves when it is on the medium. */
  write(text: string): Promise<void>;
}

/** In the folder of the live store, which exists. */
export function createStateFile(disk: Disk, directory: string): StateFile {
  let last: Promise<void> = Promise.resolve();
  const write = async (text: string): Promise<void> => {
    await disk.remove(join(directory, FRESH));
    const file = await disk.create(join(directory, FRESH));
    try {
      await file.write([Buffer.from(text, 'utf8')], 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await disk.rename(join(directory, FRESH), join(directory, NAME));
    await disk.syncDirectory(directory);
  };
  return {
    async read() {
      if (!(await disk.list(directory)).includes(NAME)) return undefined;
      const file = await disk.open(join(directory, NAME), 'read');
      try {
        return (await file.read(0, limits.live.stateBytes)).toString('utf8');
      } finally {
        await file.close();
      }
    },
    write(text) {
      last = last.then(
        () => write(text),
        () => write(text),
      );
      return last;
    },
  };
}
