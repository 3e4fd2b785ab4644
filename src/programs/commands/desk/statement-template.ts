// `siegel statement template`: the sentences to begin with, for an editor.

import { ok } from '#base/result.ts';
import { statementTemplate } from '#office/desk/statement/template.ts';
import type { Run } from '../../command.ts';

export const run: Run = async () =>
  ok({ json: statementTemplate, text: JSON.stringify(statementTemplate, undefined, 2) });
