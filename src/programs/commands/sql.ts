// `siegel sql`: asks the database. What reads is free; what writes is shown, never carried out, and becomes the file of a plan.

import { writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { err, ok } from '#base/result.ts';
import { ask } from '../ask.ts';
import type { Call, Done, Outcome, Run } from '../command.ts';
import type { ResultOf } from '../operator-methods.ts';

const PROMPT = 'siegel sql> ';

export const run: Run = async (call) => {
  const [statement] = call.operands;
  if (statement !== undefined) return askOne(call, statement);
  return call.terminal.isTty && process.stdin.isTTY ? converse(call) : askOne(call, await call.terminal.readInput());
};

async function askOne(call: Call, sql: string): Promise<Outcome> {
  let found: ResultOf<'sql.ask'> | undefined;
  const outcome = await ask(call, 'sql.ask', { sql }, (answer) => {
    found = answer;
    return show(answer, call.options['plan']);
  });
  if (found?.kind !== 'changes' || !outcome.ok) return outcome;
  const path = call.options['plan'];
  if (path === undefined) return outcome;
  try {
    await writeFile(path, `${found.statements.map((one) => `${one.sql};`).join('\n')}\n`, { flag: 'wx' });
  } catch {
    return err({
      kind: 'refused',
      reason: 'file',
      sentence: `${path} is there already, or cannot be written. Name another file.`,
    });
  }
  return outcome;
}

/** A line console: a statement ends with its semicolon; \q or Ctrl-D ends the console. */
async function converse(call: Call): Promise<Outcome> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, prompt: PROMPT });
  call.terminal.note(
    'What reads is carried out; what writes is only shown. A statement ends with ; and \\q ends this.',
  );
  let asked = 0;
  let gathered = '';
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() === '\\q') break;
    gathered += `${line}\n`;
    if (line.trimEnd().endsWith(';')) {
      const outcome = await askOne(call, gathered);
      if (outcome.ok) call.terminal.print(call.json ? JSON.stringify(outcome.value.json) : outcome.value.text);
      else call.terminal.note(outcome.error.sentence);
      asked += 1;
      gathered = '';
    }
    lines.setPrompt(gathered.trim() === '' ? PROMPT : '        ... ');
    lines.prompt();
  }
  lines.close();
  return ok({ json: { asked }, text: '' });
}

function show(answer: ResultOf<'sql.ask'>, planFile: string | undefined): Done {
  return { json: answer, text: answer.kind === 'rows' ? table(answer) : describe(answer, planFile) };
}

function table({ columns, rows, isCut }: Extract<ResultOf<'sql.ask'>, { kind: 'rows' }>): string {
  const cells = [columns, ...rows.map((row) => row.map((cell) => (cell === null ? '' : String(cell))))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const [head, ...body] = lines;
  const end = `${rows.length} row${rows.length === 1 ? '' : 's'}${isCut ? ', and more: say LIMIT and OFFSET' : ''}`;
  return [...(columns.length === 0 ? [] : [head, '-'.repeat(head?.length ?? 0), ...body]), end].join('\n');
}

function describe(
  { statements }: Extract<ResultOf<'sql.ask'>, { kind: 'changes' }>,
  planFile: string | undefined,
): string {
  const lines = statements.flatMap(({ sql, tables, hasWhere, expected }) => [
    `  ${sql}`,
    `    ${tables.length === 0 ? 'no table by name' : tables.join(', ')}${expected === null ? '' : `; about ${expected} rows`}${hasWhere ? '' : '; EVERY row: it has no WHERE'}`,
  ]);
  const next =
    planFile === undefined
      ? 'Make it a plan that can be rehearsed, approved and undone: siegel sql --plan FILE "…", then siegel change plan --sql FILE'
      : `It is in ${planFile}. Next: siegel change plan --sql ${planFile}`;
  return ['This changes what is kept, so it was not carried out:', ...lines, next].join('\n');
}
