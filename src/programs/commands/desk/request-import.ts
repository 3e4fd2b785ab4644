// `siegel request import FILE.csv`: a register kept elsewhere; every line is checked before any is taken, and all are taken or none.

import { createReadStream } from 'node:fs';
import { ok } from '#base/result.ts';
import { readRegister, type ReadRegister } from '#office/desk/intake/read-register.ts';
import { ask } from '../../ask.ts';
import type { Run } from '../../command.ts';
import { askOperator } from '../../operator-socket.ts';
import { refused } from './read-text.ts';

export const run: Run = async (call) => {
  const [path = ''] = call.operands;
  const shown = await askOperator(call.config.dataDir, 'desk.show', {}, () => undefined);
  if (!shown.ok) return refused(shown.error.kind, shown.error.sentence);
  const { policy } = shown.value;
  if (policy === null) return refused('no-policy', 'No policy is in force: siegel desk policy brings one.');
  const norms = new Set(policy.norms.map((norm) => norm.split(':')[0] ?? ''));
  let read: ReadRegister;
  try {
    read = await readRegister(createReadStream(path), { norms, country: policy.country, nowMs: shown.value.nowMs });
  } catch {
    return refused('no-such-file', `${path} cannot be read.`);
  }
  const { filings, faults, faultCount } = read;
  if (faultCount > 0) {
    const more = faultCount > faults.length ? [`… and ${faultCount - faults.length} more.`] : [];
    const lines = faults.map(({ line, what }) => `line ${line}: ${what}`);
    return refused('bad-file', ['Nothing was taken:', ...lines, ...more].join('\n'));
  }
  const rejected = filings.filter(({ past }) => past.reasons.length > 0).length;
  const corrections = filings.filter(({ correctsNth }) => correctsNth !== null).length;
  const plan = `${filings.length} filings come into the register, ${rejected} of them rejected, ${corrections} that put one right. They stay in it.`;
  if (!call.switches.has('apply'))
    return ok({ json: { plan, isApplied: false }, text: `${plan}\nNothing was changed yet: add --apply.` });
  return ask(
    call,
    'request.import',
    { filings: filings.map(({ past, ...of }) => ({ ...of, past: { ...past, reasons: [...past.reasons] } })) },
    (done) => ({
      json: { plan, ...done, isApplied: true },
      text: `${done.filings} filings, ${done.first} to ${done.last}.\nHead  ${done.head}`,
    }),
  );
};
