// `siegel generation list`: the live database, those beside it, and copies that restores begin from.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'generation.list', {}, (found) => {
    const { live, fenced, generations, points } = found;
    const lines = generations.map(({ name, madeMs, source, retiredMs, reason, untilMs }) => {
      const state =
        name === live
          ? 'serves'
          : retiredMs === null
            ? 'is being filled'
            : `retired ${day(retiredMs)}, kept until ${day(untilMs)}: ${reason ?? ''}`;
      return `${name}  made ${day(madeMs)} from ${source}  ${state}`;
    });
    const copies = points.map(
      ({ name, madeMs, seq, untilMs }) =>
        `point ${name}  made ${day(madeMs)} at record ${seq}  kept until ${day(untilMs)}`,
    );
    return { json: found, text: [...(fenced === null ? [] : [`! ${fenced}`]), ...lines, ...copies].join('\n') };
  });

function day(ms: number | null): string {
  return ms === null ? 'never' : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
