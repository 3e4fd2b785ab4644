// `siegel request show NUMBER`: what is known of it, what happened when, and its case files as they were sealed.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ok } from '#base/result.ts';
import { ask } from '../../ask.ts';
import type { Call, Outcome, Run } from '../../command.ts';
import { askOperator } from '../../operator-socket.ts';
import { refused } from './read-text.ts';

interface Row {
  readonly caseFiles: readonly string[];
}

export const run: Run = (call) => {
  const [filing = ''] = call.operands;
  const folder = call.options['case-files'];
  return ask(call, 'request.show', { filing }, async (shown): Promise<Outcome> => {
    const row = JSON.parse(shown.row) as Row & Readonly<Record<string, unknown>>;
    const written = folder === undefined ? [] : await writeFiles(call, folder, row.caseFiles);
    if (!Array.isArray(written)) return written;
    const facts = Object.entries(row).map(([name, value]) => `${name.padEnd(12)} ${textOf(value)}`);
    const events = shown.events.map(
      ({ nth, atMs, kind }) => `  ${new Date(atMs).toISOString()}  ${kind}  (entry ${nth})`,
    );
    const files = written.map((path) => `Written to ${path}. Open it with: gpg --decrypt ${path}`);
    return ok({
      json: { row, events: shown.events, files: written },
      text: [...facts, '', ...events, ...files].join('\n'),
    });
  });
};

async function writeFiles(call: Call, folder: string, files: readonly string[]): Promise<string[] | Outcome> {
  const paths: string[] = [];
  for (const file of files) {
    const answer = await askOperator(call.config.dataDir, 'request.file-of', { file }, () => undefined);
    if (!answer.ok) return refused(answer.error.kind, answer.error.sentence);
    const path = join(folder, `${file.slice(0, 16)}.pgp`);
    try {
      await writeFile(path, Buffer.from(answer.value.sealed, 'base64url'), { mode: 0o600, flag: 'wx' });
    } catch {
      return refused('cannot-write', `${path} cannot be written: the folder must be there, and the file must not.`);
    }
    paths.push(path);
  }
  return paths;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
