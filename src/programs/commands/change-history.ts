// `siegel change history`: all changes, the newest first, with predicted and actual seconds.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { shownLine } from './describe-change.ts';

export const run: Run = (call) =>
  ask(call, 'change.history', {}, ({ changes }) => ({
    json: { changes },
    text: changes.length === 0 ? 'There was no change yet.' : changes.map(shownLine).join('\n'),
  }));
