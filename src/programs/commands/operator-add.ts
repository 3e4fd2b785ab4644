// `siegel operator add`: the first one is named at once, each further one by a change that others approve.

import { readFile } from 'node:fs/promises';
import { err } from '#base/result.ts';
import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import { describeChange } from './describe-change.ts';

export const run: Run = async (call) => {
  const name = call.operands[0] ?? '';
  const file = call.options['ssh-key'] ?? '';
  const { account, role = 'operator' } = call.options;
  if (role !== 'operator' && role !== 'second')
    return err({ kind: 'misused', sentence: 'ROLE must be operator or second.' });
  const sshKey = await readFile(file, 'utf8').catch(() => undefined);
  if (sshKey === undefined) return err({ kind: 'misused', sentence: `${file} cannot be read.` });
  if (sshKey.includes('PRIVATE KEY'))
    return err({
      kind: 'refused',
      sentence: `${file} holds a private key, which was not sent anywhere. Give the .pub file beside it.`,
    });
  const params = { name, sshKey, role, ...(account !== undefined && { account }) } as const;
  return ask(call, 'operator.add', params, ({ change }) => ({
    json: { change },
    text:
      change === null
        ? `${name} is the first operator. Next: siegel operator sign ${name} --procedure FILE.sig`
        : describeChange(change),
  }));
};
