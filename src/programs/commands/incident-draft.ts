// `siegel incident draft`: the post-mortem as far as records can write it, as Markdown.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { withIncidentNumber } from './incident-number.ts';

export const run: Run = (call) =>
  withIncidentNumber(call, (number) =>
    ask(call, 'incident.draft', { number }, (draft) => ({ json: draft, text: draft.markdown.trimEnd() })),
  );
