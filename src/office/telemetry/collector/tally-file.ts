// The counters' one file: written whole beside it, synced, put in its place, and the folder synced; never half of it, never an older one.

import { open, readFile, rename, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';
import { EMPTY_TALLY, formatTally, parseTally, type Tally } from './tally.ts';

export const TALLY_FILE = 'counters.json';

export interface TallyFile extends AsyncDisposable {
  readonly first: Tally;
  /** Resolves when it is on the disk; rejects when it cannot be. */
  write(tally: Tally): Promise<void>;
}

export type TallyRefusal = { readonly kind: 'unreadable' | 'damaged' };

export async function openTallyFile(folder: string): Promise<Result<TallyFile, TallyRefusal>> {
  const path = join(folder, TALLY_FILE);
  const first = await readTally(path);
  if (!first.ok) return first;
  let directory: FileHandle;
  try {
    directory = await open(folder, 'r');
  } catch {
    return err({ kind: 'unreadable' });
  }
  return ok({
    first: first.value,
    async write(tally) {
      const file = await open(`${path}.new`, 'w', 0o600);
      try {
        await file.writeFile(formatTally(tally));
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
      await directory.sync();
    },
    [Symbol.asyncDispose]: () => directory.close(),
  });
}

async function readTally(path: string): Promise<Result<Tally, TallyRefusal>> {
  try {
    const tally = parseTally(await readFile(path, 'utf8'));
    return tally === undefined ? err({ kind: 'damaged' }) : ok(tally);
  } catch (cause) {
    const isAbsent = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return isAbsent ? ok(EMPTY_TALLY) : err({ kind: 'unreadable' });
  }
}
