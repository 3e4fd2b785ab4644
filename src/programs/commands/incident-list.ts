// `siegel incident list`: what went wrong in this house, oldest first.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { incidentLine } from './describe-incident.ts';

export const run: Run = (call) =>
  ask(call, 'incident.list', {}, (listed) => {
    const lines = listed.incidents.map(incidentLine);
    return { json: listed, text: lines.length === 0 ? 'There was none.' : lines.join('\n') };
  });
