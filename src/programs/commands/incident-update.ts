// `siegel incident update`: a sentence for everybody to read on /status.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describePlanned } from './describe-incident.ts';
import { withIncidentNumber } from './incident-number.ts';

export const run: Run = (call) =>
  withIncidentNumber(call, (number) => {
    const params = { number, text: call.operands[1] ?? '', apply: call.switches.has('apply') };
    return ask(call, 'incident.update', params, (done) => ({ json: done, text: describePlanned(done) }));
  });
