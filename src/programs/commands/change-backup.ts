// `siegel change backup`: a backup that is fresh enough, or a new one.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { readNumber, shownChange } from './describe-change.ts';

export const run: Run = async (call) => {
  const number = readNumber(call);
  return number.ok ? ask(call, 'change.backup', { number: number.value }, shownChange) : number;
};
