// `siegel operator sign`: keeps an operator's signature of the procedure, or of a standing approval; shows what to sign.

import { readFile, writeFile } from 'node:fs/promises';
import { err } from '#base/result.ts';
import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

export const run: Run = async (call) => {
  const name = call.operands[0] ?? '';
  const { procedure, standing, out } = call.options;
  if (procedure !== undefined && standing !== undefined)
    return err({ kind: 'misused', sentence: 'Give --procedure or --standing, one at a time.' });
  const what = procedure === undefined ? 'standing' : 'procedure';
  const isRevoked = call.switches.has('revoke');
  const file = procedure ?? standing;
  const signature = isRevoked ? '' : file === undefined ? undefined : await readFile(file, 'utf8').catch(() => null);
  if (signature === null) return err({ kind: 'misused', sentence: `${file ?? ''} cannot be read.` });
  return ask(
    call,
    'operator.sign',
    { name, what, ...(signature !== undefined && { signature }) },
    async ({ text, isSigned }) => {
      if (signature === undefined && out !== undefined) await writeFile(out, text, { flag: 'wx' });
      const shown =
        signature !== undefined
          ? isSigned
            ? `Kept: ${name} signed ${what === 'procedure' ? 'the procedure' : 'a standing approval for changes that only add'}.`
            : `${name} gives no standing approval any more.`
          : `${out === undefined ? `${text}\n` : ''}Sign it: ssh-keygen -Y sign -n siegel-standing -f ~/.ssh/id_ed25519 ${out ?? 'FILE'}\nThen: siegel operator sign ${name} --standing ${out ?? 'FILE'}.sig`;
      return { ok: true, value: { json: { text, isSigned }, text: shown } };
    },
  );
};
