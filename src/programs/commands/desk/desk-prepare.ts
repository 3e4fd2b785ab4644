// `siegel desk prepare POLICY --out FILE`: the policy checked, and its canonical bytes (RFC 8785), which two people sign.

import { writeFile } from 'node:fs/promises';
import { ok } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { parsePolicy, policyDigest } from '#formats/desk/parse-policy.ts';
import type { Run } from '../../command.ts';
import { readText, refused } from './read-text.ts';

export const run: Run = async (call) => {
  const [path = ''] = call.operands;
  const { out = '' } = call.options;
  const text = await readText(path);
  if (!text.ok) return text;
  const policy = await parsePolicy(text.value);
  if (!policy.ok) return refused('policy', `${path}: ${policy.error.place} ${policy.error.what}.`);
  try {
    await writeFile(out, canonicalJson(policy.value), { flag: 'wx' });
  } catch {
    return refused('cannot-write', `${out} cannot be written: the folder must be there, and the file must not.`);
  }
  const sha256 = policyDigest(policy.value);
  const next = `Two sign it: gpg --detach-sign --armor ${out}\nThen: siegel desk policy ${out} SIGNATURE SIGNATURE --apply`;
  return ok({ json: { file: out, sha256 }, text: `${out}\nSHA-256  ${sha256}\n\n${next}` });
};
