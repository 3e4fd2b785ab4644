// `siegel change apply`: looks whether everything is there, and with --apply does it; what fails its proof is taken back.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeChange, readNumber } from './describe-change.ts';

export const run: Run = async (call) => {
  const number = readNumber(call);
  if (!number.ok) return number;
  return ask(
    call,
    'change.apply',
    { number: number.value, apply: call.switches.has('apply') },
    ({ change, isApplied }) => ({
      json: { change, isApplied },
      text: isApplied
        ? describeChange(change)
        : `${describeChange(change)}\nEverything is there. Nothing has changed yet. Run it again with --apply to do it.`,
      isBad: isApplied && change.standing !== 'verified',
    }),
  );
};
