// `siegel change rehearse`: the plan and its undo on the shadow.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { readNumber, shownChange } from './describe-change.ts';

export const run: Run = async (call) => {
  const number = readNumber(call);
  return number.ok ? ask(call, 'change.rehearse', { number: number.value }, shownChange) : number;
};
