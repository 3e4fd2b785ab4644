// `siegel restore account`: letters of single accounts out of a backup, while everybody goes on.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) => {
  const { letter, folder, backup } = call.options;
  const params = {
    addresses: (call.operands[0] ?? '').split(',').map((address) => address.trim()),
    ...(letter === undefined ? {} : { letter }),
    ...(folder === undefined ? {} : { folder }),
    ...(backup === undefined ? {} : { backup }),
    apply: call.switches.has('apply'),
  };
  return ask(call, 'restore.account', params, (told) => ({
    json: told,
    text: [
      told.plan,
      ...told.refused.map(({ account, why }) => `Account ${account}: ${why}`),
      told.isApplied ? 'Done.' : 'Nothing has changed yet. Run it again with --apply to do it.',
    ].join('\n'),
    isBad: told.refused.length > 0,
  }));
};
