// `siegel request look NUMBER`: the second look. First the copy that is sealed to the roster, then the exact statement to be signed, then the signed one back.

import { writeFile } from 'node:fs/promises';
import { lookFaults } from '#formats/desk/model.ts';
import { ok } from '#base/result.ts';
import { ask } from '../../ask.ts';
import type { Call, Outcome, Run } from '../../command.ts';
import { describeChanged } from './describe-request.ts';
import { misused, readText, refused } from './read-text.ts';
import { saveCopy } from './save-copy.ts';

export const run: Run = (call) => {
  const { statement, signature, copy } = call.options;
  if (copy !== undefined) return fetchCopy(call, copy);
  if (statement !== undefined && signature !== undefined) return handIn(call, statement, signature);
  if (statement !== undefined || signature !== undefined)
    return Promise.resolve(misused('--statement and --signature belong together.'));
  return prepare(call);
};

async function fetchCopy(call: Call, path: string): Promise<Outcome> {
  const saved = await saveCopy(call, call.operands[0] ?? '', 'LOOK', path);
  if (!saved.ok) return saved;
  return ok({
    json: { ...saved.value },
    text: `Written to ${path}. Open it: gpg --decrypt ${path} | tar -x -C FOLDER`,
  });
}

async function handIn(call: Call, statementPath: string, signaturePath: string): Promise<Outcome> {
  const [statement, signature] = [await readText(statementPath), await readText(signaturePath)];
  if (!statement.ok) return statement;
  if (!signature.ok) return signature;
  if (!statement.value.includes(`"filing":"${call.operands[0] ?? ''}"`))
    return refused('other-filing', `${statementPath} is not about ${call.operands[0] ?? ''}.`);
  return ask(call, 'request.look', { statement: statement.value, signature: signature.value }, describeChanged);
}

async function prepare(call: Call): Promise<Outcome> {
  const { by, out, disagree } = call.options;
  if (by === undefined || out === undefined)
    return misused(
      'give --copy to fetch it, --by and --out for a statement, or --statement and --signature to hand it in.',
    );
  const fault = disagree === undefined ? null : lookFaults.find((one) => one === disagree.toUpperCase());
  if (fault === undefined) return misused(`--disagree is one of ${lookFaults.join(', ')}.`);
  const params = { filing: call.operands[0] ?? '', by, fault };
  return ask(call, 'request.look-statement', params, async ({ statement }): Promise<Outcome> => {
    try {
      await writeFile(out, statement, { flag: 'wx' });
    } catch {
      return refused('cannot-write', `${out} cannot be written: the folder must be there, and the file must not.`);
    }
    const next = `Sign it: gpg --detach-sign --armor ${out}\nThen: siegel request look ${params.filing} --statement ${out} --signature ${out}.asc`;
    return ok({ json: { statement, file: out }, text: `${statement}\n\n${next}` });
  });
}
