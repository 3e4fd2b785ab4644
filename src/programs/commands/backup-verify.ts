// `siegel backup verify`: restores a backup beside again; what is not whole counts no more.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeBackup } from './describe-backup.ts';

export const run: Run = (call) => {
  const [id] = call.operands;
  return ask(call, 'backup.verify', id === undefined ? {} : { id }, (verified) => ({
    json: verified,
    text: describeBackup(verified),
  }));
};
