// `siegel group list`: the addresses that several accounts read, and whose accounts those are.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'group.list', {}, ({ groups }) => ({
    json: { groups },
    text:
      groups.length === 0
        ? 'There are no groups.'
        : groups.map(({ address, members }) => `${address}: ${members.join(', ')}`).join('\n'),
  }));
