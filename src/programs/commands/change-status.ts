// `siegel change status`: one change in full, or all that are not over.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeChange, readNumber } from './describe-change.ts';

export const run: Run = async (call) => {
  const number = call.operands.length === 0 ? undefined : readNumber(call);
  if (number !== undefined && !number.ok) return number;
  const params = number === undefined ? {} : { number: number.value };
  return ask(call, 'change.status', params, ({ changes }) => ({
    json: { changes },
    text:
      changes.length === 0
        ? 'No change is under way or waits. See: siegel change history'
        : changes.map(describeChange).join('\n\n'),
  }));
};
