// `siegel operator remove`: plans that somebody does not answer for changes any more.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeChange } from './describe-change.ts';

export const run: Run = (call) =>
  ask(call, 'operator.remove', { name: call.operands[0] ?? '' }, ({ change }) => ({
    json: { change },
    text: describeChange(change),
  }));
