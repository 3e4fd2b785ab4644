// One collector a folder: two would write each other's counters away. A file with the process's number, which a kill leaves behind.

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok, type Result } from '#base/result.ts';

const LOCK_FILE = 'running';

export interface LockRefusal {
  readonly kind: 'already-running';
  readonly sentence: string;
}

/** `shown`: the folder as its operator names it. */
export async function lockFolder(folder: string, shown: string): Promise<Result<AsyncDisposable, LockRefusal>> {
  const path = join(folder, LOCK_FILE);
  for (let tries = 0; tries < 2; tries++) {
    try {
      await writeFile(path, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return ok({ [Symbol.asyncDispose]: () => rm(path, { force: true }) });
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
    }
    if (await isHeld(path)) break;
    await rm(path, { force: true });
  }
  const sentence = `another collector runs on ${shown}. Stop it first, or give another folder with --collector-dir. If none runs, remove ${join(shown, LOCK_FILE)}.`;
  return err({ kind: 'already-running', sentence });
}

/** In a container every first process has the same number: our own is nobody else's. */
async function isHeld(path: string): Promise<boolean> {
  const pid = Number((await readFile(path, 'utf8').catch(() => '')).trim());
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ESRCH') return false;
  }
  // the number may be another program's by now
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return words === undefined || words.includes('collector');
}
