// `siegel statement show`: the standing statement as everybody reads it, and whether it is out of date.

import { parseStatement } from '#office/desk/statement/statement.ts';
import { ask } from '../../ask.ts';
import type { Run } from '../../command.ts';

export const run: Run = (call) =>
  ask(call, 'statement.show', {}, ({ published }) => {
    if (published === null) return { json: { published }, text: 'There is no standing statement.' };
    const { statement, signers, until, isOver } = published;
    const parsed = parseStatement(statement);
    const sentences = parsed.ok ? parsed.value.says.en : [];
    const state = isOver
      ? `Out of date: it was good until ${until}. Two people renew it, if it is still true: siegel statement draft`
      : `Fresh until ${until}.`;
    const names = signers.map(({ name, role }) => `${name} (${role})`).join(', ');
    return {
      json: { published },
      text: [state, `Signed by ${names === '' ? 'nobody who may' : names}.`, '', ...sentences].join('\n'),
    };
  });
