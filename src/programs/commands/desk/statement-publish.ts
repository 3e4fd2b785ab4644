// `siegel statement publish FILE SIGNATURE…`: the file that two people signed goes into the register and onto /transparency/statement.

import { ok } from '#base/result.ts';
import { parseStatement } from '#office/desk/statement/statement.ts';
import { ask } from '../../ask.ts';
import type { Run } from '../../command.ts';
import { readSigned, refused } from './read-text.ts';

export const run: Run = async (call) => {
  const read = await readSigned(call.operands);
  if (!read.ok) return read;
  const { path, text, signatures } = read.value;
  const parsed = parseStatement(text);
  if (!parsed.ok) return refused('not-a-statement', `${path} is no statement as siegel statement draft wrote it.`);
  const plan = `Everybody reads it on /transparency/statement from now on; it is out of date after ${parsed.value.until}.`;
  if (!call.switches.has('apply'))
    return ok({ json: { plan, isApplied: false }, text: `${plan}\nNothing was changed yet: add --apply.` });
  return ask(call, 'statement.publish', { statement: text, signatures: [...signatures] }, (put) => ({
    json: { plan, ...put, isApplied: true },
    text: `Published. Fresh until ${put.until}.\nHead  ${put.head}`,
  }));
};
