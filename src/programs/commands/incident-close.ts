// `siegel incident close`: counts once more, says that it is over, and tells each who was affected.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describePlanned } from './describe-incident.ts';
import { withIncidentNumber } from './incident-number.ts';

export const run: Run = (call) =>
  withIncidentNumber(call, (number) => {
    const text = call.operands[1] ?? '';
    const params = { number, text, isLost: call.switches.has('lost'), apply: call.switches.has('apply') };
    return ask(call, 'incident.close', params, (done) => ({ json: done, text: describePlanned(done) }));
  });
