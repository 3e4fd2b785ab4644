// `siegel request review NUMBER` and `request refuse NUMBER`: first the exact statement to be signed, then the signed one back.

import { writeFile } from 'node:fs/promises';
import { ok } from '#base/result.ts';
import { reasons, verdicts, type Reason } from '#formats/desk/model.ts';
import { ask } from '../../ask.ts';
import type { Call, Outcome, Run } from '../../command.ts';
import { describeChanged } from './describe-request.ts';
import { misused, readText, refused } from './read-text.ts';

export const run: Run = (call) => {
  const { statement, signature } = call.options;
  if (statement !== undefined && signature !== undefined) return handIn(call, statement, signature);
  if (statement !== undefined || signature !== undefined)
    return Promise.resolve(misused('--statement and --signature belong together.'));
  return prepare(call);
};

async function handIn(call: Call, statementPath: string, signaturePath: string): Promise<Outcome> {
  const statement = await readText(statementPath);
  const signature = await readText(signaturePath);
  if (!statement.ok) return statement;
  if (!signature.ok) return signature;
  if (!statement.value.includes(`"filing":"${call.operands[0] ?? ''}"`))
    return refused('other-filing', `${statementPath} is not about ${call.operands[0] ?? ''}.`);
  return ask(call, 'request.review', { statement: statement.value, signature: signature.value }, describeChanged);
}

async function prepare(call: Call): Promise<Outcome> {
  const { by, out, reasons: given, items } = call.options;
  if (by === undefined || out === undefined)
    return misused('give --by and --out for a statement, or --statement and --signature to hand it in.');
  // `refuse` has no --verdict: it says REJECT
  const wanted = (call.options['verdict'] ?? 'REJECT').toUpperCase();
  const verdict = verdicts.find((one) => one === wanted);
  if (verdict === undefined) return misused(`--verdict is one of ${verdicts.join(', ')}.`);
  const named: Reason[] = [];
  for (const word of partsOf(given)) {
    const reason = reasons.find((one) => one === word.toUpperCase());
    if (reason === undefined) return misused(`${word} is no reason. One or more of ${reasons.join(', ')}.`);
    named.push(reason);
  }
  const positions = items === undefined ? null : partsOf(items).map(Number);
  if (positions?.some((position) => !Number.isInteger(position) || position < 0) === true)
    return misused('--items are positions from 0, divided by commas.');
  const params = { filing: call.operands[0] ?? '', by, verdict, reasons: named, items: positions };
  return ask(call, 'request.statement', params, async ({ statement }): Promise<Outcome> => {
    try {
      await writeFile(out, statement, { flag: 'wx' });
    } catch {
      return refused('cannot-write', `${out} cannot be written: the folder must be there, and the file must not.`);
    }
    const next = `Sign it: gpg --detach-sign --armor ${out}\nThen: siegel request review ${params.filing} --statement ${out} --signature ${out}.asc`;
    return ok({ json: { statement, file: out }, text: `${statement}\n\n${next}` });
  });
}

function partsOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(/[\s,]+/).filter((part) => part !== '');
}
