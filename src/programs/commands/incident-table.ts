// The commands about incidents.

import type { Command, CommandOption, Operand } from '../command.ts';

const apply: CommandOption = { prose: 'carry the plan out instead of only showing it' };
const number: Operand = { name: 'N', prose: 'its number, as “incident list” shows it' };
const text: Operand = { name: 'TEXT', prose: 'one sentence, read by everybody; it names nobody' };

export const incidentCommands: readonly Command[] = [
  {
    noun: 'incident',
    verb: 'open',
    summary: 'Note what happened and to whom, tell each of them, and show it on /status',
    operands: [{ name: 'TITLE', prose: 'one sentence that says what happened; it names nobody' }],
    options: {
      'from-ledger': { prose: 'the ledger says whose letters differ, and how many' },
      account: { value: 'ADDRESSES', prose: 'an address of each who is affected, divided by commas' },
      apply,
    },
    load: () => import('./incident-open.ts'),
  },
  {
    noun: 'incident',
    verb: 'update',
    summary: 'Say on /status how it goes on',
    operands: [number, text],
    options: { apply },
    load: () => import('./incident-update.ts'),
  },
  {
    noun: 'incident',
    verb: 'close',
    summary: 'Count once more, say that it is over, and tell each who was affected',
    operands: [number, text],
    options: { lost: { prose: 'say that letters the ledger still misses are lost' }, apply },
    load: () => import('./incident-close.ts'),
  },
  {
    noun: 'incident',
    verb: 'list',
    summary: 'Show what went wrong in this house',
    load: () => import('./incident-list.ts'),
  },
  {
    noun: 'incident',
    verb: 'show',
    summary: 'Show one with who is affected, how far they are, and what was done when',
    operands: [number],
    load: () => import('./incident-show.ts'),
  },
  {
    noun: 'incident',
    verb: 'draft',
    summary: 'Write the draft of a post-mortem as Markdown',
    operands: [number],
    load: () => import('./incident-draft.ts'),
  },
];
