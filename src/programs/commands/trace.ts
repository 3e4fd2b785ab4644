// `siegel trace ID`: what happened to a letter, by the id its sender was given.

import { err } from '#base/result.ts';
import { isId } from '#base/ids.ts';
import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = async (call) => {
  const id = (call.operands[0] ?? '').replace(/^id=/, '');
  if (!isId(id))
    return err({
      kind: 'misused',
      sentence: 'ID is the 26 letters and digits behind “id=” in the reply to the sender.',
    });
  return ask(call, 'trace', { id }, ({ steps }) => ({
    json: { id, steps },
    text: steps.map(({ atMs, step }) => `${new Date(atMs).toISOString()}  ${step}`).join('\n'),
  }));
};
