// `siegel invite create`: a link with which one person can create a mailbox.

import { err } from '#base/result.ts';
import { ask } from '../ask.ts';
import type { Run } from '../command.ts';
import type { ParamsOf } from '../operator-methods.ts';

type Role = ParamsOf<'invite.create'>['role'];
const ROLES: readonly Role[] = ['member', 'operator', 'second', 'clerk', 'officer', 'lawyer'];

export const run: Run = async (call) => {
  const role = ROLES.find((candidate) => candidate === (call.options['role'] ?? 'member'));
  if (role === undefined) return err({ kind: 'misused', sentence: `--role must be one of ${ROLES.join(', ')}.` });
  return ask(call, 'invite.create', { role }, (invite) => ({
    json: invite,
    text: `${invite.url}\nThis link works once. Whoever opens it first creates the mailbox.`,
  }));
};
