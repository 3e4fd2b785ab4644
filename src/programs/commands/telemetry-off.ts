// `siegel telemetry off`: nothing is sent any more, and what was noted of it is wiped.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'telemetry.choose', { choice: { choice: 'off' } }, (told) => ({
    json: told,
    text: 'Off: nothing is sent any more. What was noted of earlier reports is wiped.',
  }));
