// `siegel address add`: a further address of an account's own.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) => {
  const params = { address: call.operands[0] ?? '', owner: call.options['for'] ?? '' };
  return ask(call, 'address.add', params, ({ address }) => ({
    json: { address },
    text: `${address} now belongs to the account of ${params.owner}.`,
  }));
};
