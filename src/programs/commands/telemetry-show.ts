// `siegel telemetry show`: what would be sent, in its exact bytes, and everything that ever was.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeTelemetry } from './telemetry-text.ts';

export const run: Run = (call) =>
  ask(call, 'telemetry.show', {}, (told) => ({ json: told, text: describeTelemetry(told) }));
