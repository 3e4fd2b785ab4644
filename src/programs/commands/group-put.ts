// `siegel group put`: shows who would read an address, and with --apply makes the group or gives it these members.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) => {
  const members = (call.options['member'] ?? '').split(',').map((one) => one.trim());
  const address = call.operands[0] ?? '';
  const params = { address, members: members.filter((one) => one !== ''), apply: call.switches.has('apply') };
  return ask(call, 'group.put', params, ({ plan, isApplied }) => ({
    json: { address, plan, isApplied },
    text: isApplied ? `${plan}\nDone.` : `${plan}\nNothing has changed yet. Run it again with --apply to do it.`,
  }));
};
