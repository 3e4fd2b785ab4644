// `siegel request list`: one line for each request.

import { states } from '#formats/desk/model.ts';
import { ask } from '../../ask.ts';
import type { Run } from '../../command.ts';
import { misused } from './read-text.ts';

export const run: Run = async (call) => {
  const { year: yearText, state: stateText } = call.options;
  const year = yearText === undefined ? null : Number(yearText);
  if (year !== null && !Number.isInteger(year)) return misused(`--year ${yearText} is no year.`);
  const state = stateText === undefined ? null : states.find((one) => one === stateText.toUpperCase());
  if (state === undefined) return misused(`--state is one of ${states.join(', ')}.`);
  return ask(call, 'request.list', { year, state }, (shown) => {
    const lines = shown.filings.map(({ filing, received, state: stands, channel, kinds, outcome, dueMs, isOverdue }) =>
      [
        filing.padEnd(10),
        received,
        channel.padEnd(10),
        stands.padEnd(15),
        kinds.join(', '),
        outcome ?? '',
        dueText(dueMs, isOverdue),
      ]
        .join('  ')
        .trimEnd(),
    );
    const more = shown.more ? ['There are more: give --year or --state.'] : [];
    return { json: shown, text: lines.length === 0 ? 'No requests.' : [...lines, ...more].join('\n') };
  });
};

function dueText(dueMs: number | null, isOverdue: boolean): string {
  if (dueMs === null) return '';
  return `${isOverdue ? 'OVERDUE since' : 'due'} ${new Date(dueMs).toISOString().slice(0, 16)}Z`;
}
