// `siegel account list`: closed mailboxes with their two dates, and how old the copies are that may hold what was deleted.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import type { ResultOf } from '../operator-methods.ts';

export const run: Run = (call) => ask(call, 'account.list', {}, (found) => ({ json: found, text: describe(found) }));

function describe({ closed, copies }: ResultOf<'account.list'>): string {
  const accounts =
    closed.length === 0
      ? ['No mailbox is closed.']
      : closed.map(
          ({ address, reopenUntilMs, goneMs }) =>
            `${address}  can be reopened until ${day(reopenUntilMs)}, gone from every copy from ${day(goneMs)} on`,
        );
  const kept = copies.map(
    ({ kind, copies: count, oldestDays, ageMaxDays, isOver }) =>
      `${kind}: ${count}${oldestDays === null ? '' : `, the oldest ${oldestDays} days old`} (at most ${ageMaxDays})${isOver ? '  TOO OLD' : ''}`,
  );
  return [...accounts, '', 'Copies that may hold what was deleted:', ...kept].join('\n');
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
