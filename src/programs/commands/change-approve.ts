// `siegel change approve`: shows exactly what is signed and how, and takes signature files; keys stay with their people.

import { readFile, writeFile } from 'node:fs/promises';
import { err } from '#base/result.ts';
import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeChange, readNumber } from './describe-change.ts';

export const run: Run = async (call) => {
  const number = readNumber(call);
  if (!number.ok) return number;
  const files = (call.options['signature'] ?? '').split(',').filter((file) => file !== '');
  const signatures: string[] = [];
  for (const file of files) {
    try {
      signatures.push(await readFile(file, 'utf8'));
    } catch {
      return err({ kind: 'misused', sentence: `${file} cannot be read.` });
    }
  }
  const out = call.options['out'];
  const written: { failed?: boolean } = {};
  return ask(call, 'change.approve', { number: number.value, signatures }, async ({ change, plan }) => {
    if (out !== undefined) await writeFile(out, plan, { flag: 'wx' }).catch(() => (written.failed = true));
    if (written.failed === true)
      return err({ kind: 'refused', sentence: `${out ?? ''} cannot be written, or is there already.` });
    const file = out ?? `change-${number.value}.json`;
    const how =
      signatures.length > 0
        ? describeChange(change)
        : [
            ...(out === undefined
              ? ['Exactly these bytes are signed, without a line end behind them:', '', plan, '']
              : [`The bytes to sign are in ${out}.`, '']),
            'Each of those who answer for it looks at them on a machine of their own and runs:',
            `  ${out === undefined ? `siegel change approve ${number.value} --out ${file}\n  ` : ''}ssh-keygen -Y sign -n siegel-change -f ~/.ssh/id_ed25519 ${file}`,
            'Then:',
            `  siegel change approve ${number.value} --signature ${file}.sig`,
          ].join('\n');
    return { ok: true, value: { json: { change, plan }, text: how } };
  });
};
