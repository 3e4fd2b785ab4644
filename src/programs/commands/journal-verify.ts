// `siegel journal verify`: reads the whole journal and checks every record, hash and chain.

import { err } from '#base/result.ts';
import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'journal.verify', {}, (found) => {
    if (found.problems.length > 0)
      return err({ kind: 'refused', reason: 'damaged', sentence: found.problems.join('\n') });
    return {
      json: found,
      text: `${found.records} records in ${found.journals} journal(s): every hash and chain is right.`,
    };
  });
