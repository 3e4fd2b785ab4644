// `siegel statement draft`: what two people are to sign, written to the byte.

import { writeFile } from 'node:fs/promises';
import { err, ok, type Result } from '#base/result.ts';
import { parseStatement } from '#office/desk/statement/statement.ts';
import { statementTemplate } from '#office/desk/statement/template.ts';
import { ask } from '../../ask.ts';
import type { CommandRefusal, Outcome, Run } from '../../command.ts';
import { misused, readText, refused } from './read-text.ts';

export const run: Run = async (call) => {
  const { until, fact, out, says } = call.options;
  if (until === undefined || fact === undefined || out === undefined)
    return misused(
      '--until DAY, --fact TEXT and --out FILE are needed: until when it counts, something public of today, where it is written.',
    );
  const wanted = says === undefined ? ok(statementTemplate) : await readSays(says);
  if (!wanted.ok) return wanted;
  return ask(
    call,
    'statement.draft',
    { wish: { until, fact, says: wanted.value } },
    async ({ statement }): Promise<Outcome> => {
      const parsed = parseStatement(statement);
      if (!parsed.ok) return refused('not-a-statement', 'The program answered with something that is no statement.');
      try {
        await writeFile(out, statement, { flag: 'wx' });
      } catch {
        return refused('cannot-write', `${out} cannot be written: the folder must be there, and the file must not.`);
      }
      const { de, en } = parsed.value.says;
      const next = [
        `Written to ${out}. Sign it only if every sentence is true today: gpg --detach-sign --armor ${out}`,
        `An officer and a lawyer both; then: siegel statement publish ${out} SIGNATURE SIGNATURE --apply`,
      ];
      return ok({ json: parsed.value, text: [...de, '', ...en, '', ...next].join('\n') });
    },
  );
};

async function readSays(path: string): Promise<Result<unknown, CommandRefusal>> {
  const text = await readText(path);
  if (!text.ok) return err(text.error);
  try {
    return ok(JSON.parse(text.value));
  } catch {
    return refused('not-json', `${path} is no JSON: siegel statement template shows how it looks.`);
  }
}
