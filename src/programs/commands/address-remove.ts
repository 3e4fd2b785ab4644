// `siegel address remove`: shows what would change, and with --apply takes an address out of use.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) => {
  const params = { address: call.operands[0] ?? '', apply: call.switches.has('apply') };
  return ask(call, 'address.remove', params, ({ plan, isApplied }) => ({
    json: { address: params.address, plan, isApplied },
    text: isApplied ? `${plan}\nDone.` : `${plan}\nNothing has changed yet. Run it again with --apply to do it.`,
  }));
};
