// `siegel address alias`: letters to an address arrive at an account.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) => {
  const params = { address: call.operands[0] ?? '', owner: call.options['for'] ?? '' };
  return ask(call, 'address.alias', params, ({ address }) => ({
    json: { address },
    text: `Letters to ${address} now arrive at the account of ${params.owner}.`,
  }));
};
