// `siegel drill`: replays what went wrong elsewhere on scratch houses of this machine, and keeps the result.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { replayLine } from '../drill/describe-drill.ts';

export const run: Run = (call) =>
  ask(call, 'drill.run', { full: call.switches.has('full') }, (drill) => ({
    json: drill,
    text: [...drill.replays.map(replayLine), summary(drill)].join('\n'),
    isBad: !drill.passed,
  }));

function summary(drill: {
  readonly passed: boolean;
  readonly seconds: number;
  readonly replays: readonly unknown[];
  readonly receipt: string | null;
}): string {
  const { passed, seconds, replays, receipt } = drill;
  const words = `${passed ? 'Passed' : 'NOT PASSED'}: ${replays.length} replays in ${Math.round(seconds)} s`;
  return receipt === null
    ? `${words}; no receipt, the book takes none just now.`
    : `${words}. The receipt is in the book, and in drill.json in the data folder.`;
}
