// `siegel request show NUMBER`: what is known of it, what happened when, and its case files as they were sealed.

import { ok } from '#base/result.ts';
import { ask } from '../../ask.ts';
import type { Outcome, Run } from '../../command.ts';
import { writeCaseFiles } from './write-case-files.ts';

interface Row {
  readonly caseFiles: readonly string[];
}

export const run: Run = (call) => {
  const [filing = ''] = call.operands;
  const folder = call.options['case-files'];
  return ask(call, 'request.show', { filing }, async (shown): Promise<Outcome> => {
    const row = JSON.parse(shown.row) as Row & Readonly<Record<string, unknown>>;
    const given = folder === undefined ? ok([]) : await writeCaseFiles(call, folder, row.caseFiles);
    if (!given.ok) return given;
    const written = given.value;
    const facts = Object.entries(row).map(([name, value]) => `${name.padEnd(12)} ${textOf(value)}`);
    const events = shown.events.map(
      ({ nth, atMs, kind }) => `  ${new Date(atMs).toISOString()}  ${kind}  (entry ${nth})`,
    );
    const clocks = shown.deadlines.map(
      ({ kind, norm, dueMs, state }) =>
        `${kind} until ${new Date(dueMs).toISOString()} (${norm ?? 'the day the authority named'}): ${state}`,
    );
    const files = written.map((path) => `Written to ${path}. Open it with: gpg --decrypt ${path}`);
    return ok({
      json: { row, deadlines: shown.deadlines, events: shown.events, files: written },
      text: [...facts, ...clocks, '', ...events, ...files].join('\n'),
    });
  });
};

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
