// `siegel change verify`: letters, indexes and a letter through the door, once more.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { readNumber, shownChange } from './describe-change.ts';

export const run: Run = async (call) => {
  const number = readNumber(call);
  return number.ok ? ask(call, 'change.verify', { number: number.value }, shownChange) : number;
};
