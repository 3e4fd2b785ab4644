// `siegel generation release`: a database that was fenced for work on its files starts again.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'generation.release', { apply: call.switches.has('apply') }, ({ plan, isApplied }) => ({
    json: { plan, isApplied },
    text: isApplied ? `${plan}\nDone.` : `${plan}\nNothing has changed yet. Run it again with --apply to do it.`,
  }));
