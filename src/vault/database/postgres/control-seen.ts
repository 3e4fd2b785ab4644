// Whether somebody worked on a stopped cluster: its control file is remembered at each stop of ours and compared at the next start (docs/guide/break-glass.md).

import { copyFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const CONTROL = join('cluster', 'global', 'pg_control');
/** The control file as it was when we last stopped it. */
export const SEEN = 'control.seen';
/** We are ending it: until that is over the file above is of before. */
export const ENDING = 'control.ending';
/** DBState in pg_control.h: stopped in order. What a crash leaves says something else, and a single-user run in order says this. */
const STATE_OFFSET = 16;
const SHUT_DOWN = 1;

export async function beginEnding(folder: string): Promise<void> {
  await writeFile(join(folder, ENDING), '').catch(() => undefined); // the folder may be gone
}

/** On a full disk nothing is remembered, and the next start takes no sign from it. */
export async function finishEnding(folder: string): Promise<void> {
  try {
    const beside = join(folder, `${SEEN}.new`);
    await copyFile(join(folder, CONTROL), beside);
    await rename(beside, join(folder, SEEN));
    await rm(join(folder, ENDING), { force: true });
  } catch {
    // ENDING stays
  }
}

/**
 * Ask while it is stopped. True: it was started and stopped in order since our last stop, by another hand. What nobody
 * remembers (a new cluster, a copy) is no sign; nor is what a crash left.
 */
export async function wasTouched(folder: string): Promise<boolean> {
  const read = (name: string): Promise<Buffer | undefined> => readFile(join(folder, name)).catch(() => undefined);
  const [control, seen, ending] = await Promise.all([read(CONTROL), read(SEEN), read(ENDING)]);
  if (control === undefined || seen === undefined || ending !== undefined) return false;
  return control.readInt32LE(STATE_OFFSET) === SHUT_DOWN && !control.equals(seen);
}
