// `siegel desk policy POLICY SIGNATURE…`: checked here, put into force by the program, which checks it again from what the machine trusts.

import { ok } from '#base/result.ts';
import { parsePolicy, policyDigest } from '#formats/desk/parse-policy.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { ask } from '../../ask.ts';
import type { Run } from '../../command.ts';
import { readText, refused } from './read-text.ts';

export const run: Run = async (call) => {
  const [path = '', ...signaturePaths] = call.operands;
  const text = await readText(path);
  if (!text.ok) return text;
  const signatures: string[] = [];
  for (const one of signaturePaths) {
    const signature = await readText(one);
    if (!signature.ok) return signature;
    signatures.push(signature.value);
  }
  const policy = await parsePolicy(text.value);
  if (!policy.ok) return refused('policy', `${path}: ${policy.error.place} ${policy.error.what}.`);
  const canonical = canonicalJson(policy.value);
  if (text.value !== canonical)
    return refused(
      'not-canonical',
      `${path} is not written as it is signed: siegel desk prepare ${path} --out FILE does that.`,
    );
  const { dated, roster } = policy.value;
  const plan = `From now on the policy of ${dated} is in force (${policyDigest(policy.value)}): ${roster.map(({ name, role }) => `${name} (${role})`).join(', ')}.`;
  if (!call.switches.has('apply'))
    return ok({ json: { plan, canonical, isApplied: false }, text: `${plan}\nNothing was changed yet: add --apply.` });
  return ask(call, 'desk.policy', { text: canonical, signatures }, (put) => ({
    json: { plan, ...put, isApplied: true },
    text: `In force since now: the policy of ${put.dated}.\nHead  ${put.head}`,
  }));
};
