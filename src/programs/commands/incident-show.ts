// `siegel incident show`: one incident with who is affected, how far they are, and what was done when.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeIncident } from './describe-incident.ts';
import { withIncidentNumber } from './incident-number.ts';

export const run: Run = (call) =>
  withIncidentNumber(call, (number) =>
    ask(call, 'incident.show', { number }, (shown) => ({ json: shown, text: describeIncident(shown) })),
  );
