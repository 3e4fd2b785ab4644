// `siegel operator list`: who answers for changes, with which key, and which procedure each has signed.

import { ask } from '../ask.ts';
import type { Run } from '../command.ts';

const PROCEDURES = {
  current: 'signed the procedure as it is now',
  older: 'signed an older procedure',
  unsigned: 'has not signed the procedure',
} as const;

export const run: Run = (call) =>
  ask(call, 'operator.list', {}, (listed) => ({
    json: listed,
    text:
      listed.operators.length === 0
        ? 'No operator is named yet. The first: siegel operator add NAME --ssh-key FILE.pub'
        : listed.operators
            .map(
              ({ name, role, fingerprint, hasMailbox, procedure, hasStanding }) =>
                `${name} (${role})\n  ${fingerprint}\n  ${PROCEDURES[procedure]}; ${hasStanding ? 'standing approval for what only adds' : 'no standing approval'}; ${hasMailbox ? 'is told by letter' : 'has no mailbox here: is told nothing'}`,
            )
            .join('\n'),
  }));
