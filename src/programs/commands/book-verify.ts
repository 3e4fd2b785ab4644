// `siegel book verify`: reads the whole book and checks every entry, batch and head.

import { err } from '#base/result.ts';
import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'book.verify', {}, (found) => {
    if (found.problems.length > 0)
      return err({ kind: 'refused', reason: 'damaged', sentence: found.problems.join('\n') });
    return { json: found, text: `${found.entries} entries: every level, batch, name and head is right.` };
  });
