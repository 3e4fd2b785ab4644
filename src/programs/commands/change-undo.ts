// `siegel change undo`: shows what is taken back, and with --apply does it; everything that arrived since is kept.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeChange, readNumber } from './describe-change.ts';

export const run: Run = async (call) => {
  const number = readNumber(call);
  if (!number.ok) return number;
  const { why } = call.options;
  const params = { number: number.value, apply: call.switches.has('apply'), ...(why !== undefined && { why }) };
  return ask(call, 'change.undo', params, ({ change, isApplied }) => ({
    json: { change, isApplied },
    text: isApplied
      ? describeChange(change)
      : `${describeChange(change)}\nIt would be taken back. Letters are taken meanwhile, people wait a moment, and sign in again. Run it again with --apply to do it.`,
  }));
};
