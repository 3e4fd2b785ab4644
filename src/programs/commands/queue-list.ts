// `siegel queue list`: what waits to leave and what is held, by id.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = (call) =>
  ask(call, 'queue.list', {}, (queue) => {
    const { waiting, inFlight, held, accounts, letters } = queue;
    const lines = [
      `${waiting} letters wait, ${inFlight} of them are under way.`,
      ...(held === null ? [] : [`All are held (${held}). Release them: siegel queue release --apply`]),
      ...accounts.map(
        (one) => `  account ${one.account}  ${one.waiting} letters${one.held === null ? '' : `  held (${one.held})`}`,
      ),
      ...letters.map(
        (one) =>
          `  letter ${one.id}  due ${new Date(one.dueMs).toISOString()}  tries ${one.attempts}  recipients ${one.recipients}`,
      ),
    ];
    return { json: queue, text: lines.join('\n') };
  });
