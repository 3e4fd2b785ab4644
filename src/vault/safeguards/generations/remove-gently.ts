// Removes a folder of large files while others write: a gigabyte given back in one go holds up every flush of the disk meanwhile.

import { constants } from 'node:fs';
import { open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** A letter's own flush waits behind so much at most; what is still to be written of a file is not written for its end. */
const STEP_BYTES = 16 * 2 ** 20;
const PAUSE_MS = 10;

/** Nothing is said of what is not there or cannot be shortened; what cannot be removed throws, as `rm` does. */
export async function removeGently(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isFile()) await shorten(join(entry.parentPath, entry.name));
  await rm(folder, { recursive: true, force: true });
}

/** A file with another name elsewhere is somebody else's too, and keeps its bytes. */
async function shorten(path: string): Promise<void> {
  const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW).catch(() => undefined);
  try {
    const facts = await file?.stat();
    if (file === undefined || facts === undefined || facts.nlink !== 1) return;
    for (let size = facts.size; size > STEP_BYTES;) {
      size -= STEP_BYTES;
      await file.truncate(size);
      await wait(PAUSE_MS);
    }
  } catch {
    return; // a failing disk: the removal says so
  } finally {
    await file?.close();
  }
}
