// `siegel backup list`: what lies at the place for backups, oldest first, and whether it is fresh enough.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeBackup } from './describe-backup.ts';

export const run: Run = (call) =>
  ask(call, 'backup.list', {}, (listed) => {
    const { place, backups, unreadable, isDue } = listed;
    const lines = [
      `Backups in ${place}`,
      ...backups.map(describeBackup),
      ...unreadable.map((id) => `${id}  cannot be read: damaged, or of another house`),
      ...(backups.length + unreadable.length === 0 ? ['There are none.'] : []),
      ...(isDue ? ['None that counts is fresh enough: siegel backup take'] : []),
    ];
    return { json: listed, text: lines.join('\n') };
  });
