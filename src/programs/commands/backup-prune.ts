// `siegel backup prune`: lets go what is older than 30 days; the newest that counts stays.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'backup.prune', { apply: call.switches.has('apply') }, (pruned) => {
    const { plan, isApplied, backups, kept } = pruned;
    const keeps = kept === 0 ? '' : `\n${kept} stay until the time of their place is over.`;
    return {
      json: pruned,
      text: [
        plan,
        ...backups,
        isApplied ? `Done.${keeps}` : 'Nothing has changed yet. Run it again with --apply to do it.',
      ].join('\n'),
    };
  });
