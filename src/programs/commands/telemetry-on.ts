// `siegel telemetry on LIST`: agrees to the list that `siegel telemetry show` names by its hash, and to no other.

import { err } from '#base/result.ts';
import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { stateOf } from './telemetry-text.ts';

export const run: Run = async (call) => {
  const [hash = ''] = call.operands;
  if (!/^[0-9a-f]{64}$/.test(hash))
    return err({
      kind: 'misused',
      sentence: 'LIST is the hash of 64 digits that siegel telemetry show prints: look at the list, then agree to it.',
    });
  const choice = { choice: 'on', hash, isDirect: call.switches.has('direct') } as const;
  return ask(call, 'telemetry.choose', { choice }, (told) => ({ json: told, text: stateOf(told) }));
};
