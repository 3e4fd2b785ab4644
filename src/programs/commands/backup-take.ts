// `siegel backup take`: copies the house, restores the copy beside, and only then lets it count.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeBackup } from './describe-backup.ts';

export const run: Run = (call) =>
  ask(call, 'backup.take', {}, (taken) => ({
    json: taken,
    text: `${describeBackup(taken)}\n${(taken.writtenBytes / 1e6).toFixed(1)} MB were new; copied in ${seconds(taken.copyMs)}, restored and checked in ${seconds(taken.proofMs)}.`,
  }));

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
