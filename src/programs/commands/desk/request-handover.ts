// `siegel request handover NUMBER`: the package as it is sealed to the authority, once two people have looked and agree.

import { ok } from '#base/result.ts';
import type { Run } from '../../command.ts';
import { misused } from './read-text.ts';
import { saveCopy } from './save-copy.ts';

export const run: Run = async (call) => {
  const { out } = call.options;
  const [filing = ''] = call.operands;
  if (out === undefined) return misused('--out is missing: where to write it.');
  const saved = await saveCopy(call, filing, 'HANDOVER', out);
  if (!saved.ok) return saved;
  const next = `Send it to the authority, note the letter (siegel request answer ${filing} --kind ANSWER …), then siegel request close ${filing}: the package here is dropped.`;
  return ok({ json: { ...saved.value }, text: `Written to ${out}, sealed to the authority alone.\n${next}` });
};
