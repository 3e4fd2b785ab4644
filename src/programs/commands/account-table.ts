// The commands about accounts that are closed.

import type { Command, CommandOption, Operand } from '../command.ts';

const apply: CommandOption = { prose: 'carry the plan out instead of only showing it' };
const address: Operand = { name: 'ADDRESS', prose: 'an address of the account' };

export const accountCommands: readonly Command[] = [
  {
    noun: 'account',
    verb: 'close',
    summary: 'Close a mailbox: hidden at once, 14 days to reopen it, then erased',
    operands: [address],
    options: { apply },
    load: () => import('./account-close.ts'),
  },
  {
    noun: 'account',
    verb: 'reopen',
    summary: 'Take the closure of a mailbox back within its 14 days',
    operands: [address],
    options: { apply },
    load: () => import('./account-reopen.ts'),
  },
  {
    noun: 'account',
    verb: 'list',
    summary: 'List closed mailboxes with their dates, and the copies that may hold what was deleted',
    load: () => import('./account-list.ts'),
  },
];
