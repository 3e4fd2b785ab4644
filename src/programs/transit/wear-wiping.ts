// `siegel transit start` takes results out of the room and hands them over: it wears the same wiping as the room's process, however it was started.

import { ownEnvironment } from '#base/config/read.ts';
import { WIPING_ENVIRONMENT, WIPING_FLAGS } from './start-process.ts';

/** Begins this program anew in its own place (same process, same bounds, same words) unless it overwrites already what it frees. */
export function wearWiping(): void {
  const isWorn = WIPING_FLAGS.every((flag) => process.execArgv.includes(flag));
  if (isWorn || process.execve === undefined) return;
  const words = [process.execPath, ...process.execArgv, ...WIPING_FLAGS, ...process.argv.slice(1)];
  process.execve(process.execPath, words, ownEnvironment(WIPING_ENVIRONMENT));
}
