// `siegel account close`: shows what would happen, and with --apply closes a mailbox: hidden at once, erased after its grace.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) => {
  const address = call.operands[0] ?? '';
  const params = { address, apply: call.switches.has('apply') };
  return ask(call, 'account.close', params, ({ plan, isApplied }) => ({
    json: { address, plan, isApplied },
    text: isApplied ? `${plan}\nDone.` : `${plan}\nNothing has changed yet. Run it again with --apply to do it.`,
  }));
};
