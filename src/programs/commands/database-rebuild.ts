// `siegel database rebuild`: makes the database anew from the journal alone.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'database.rebuild', { apply: call.switches.has('apply') }, (rebuilt) => ({
    json: rebuilt,
    text: rebuilt.isApplied
      ? `${rebuilt.plan}\nDone: ${rebuilt.accounts} accounts and ${rebuilt.letters} letters out of ${rebuilt.records} records.`
      : `${rebuilt.plan}\nNothing has changed yet. Run it again with --apply to do it.`,
  }));
