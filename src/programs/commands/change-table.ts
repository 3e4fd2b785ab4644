// The commands about changes and about those who answer for them.

import type { Command, CommandOption } from '../command.ts';

const apply: CommandOption = { prose: 'carry the plan out instead of only showing it' };
const n = { name: 'N', prose: 'the number of the change, as “change status” shows it' };

export const changeCommands: readonly Command[] = [
  {
    noun: 'change',
    verb: 'plan',
    summary: 'Plan a change: its class, what it does, how it is taken back; nothing is done yet',
    options: {
      sql: { value: 'FILE', prose: 'statements, read with PostgreSQL’s own grammar; - for standard input' },
      setting: { value: 'NAME=VALUE', prose: 'how long something is kept: attic-days=14; blank or 0 is refused' },
      restore: { prose: 'make all rows anew from the journal, without the commands chosen below, if any' },
      actor: {
        value: 'WHO',
        prose: 'leave out commands of session, rule, app, tool or operator, or of one: session:ID',
      },
      build: { value: 'HEX', prose: 'leave out commands of one build of the program' },
      from: { value: 'TIME', prose: 'leave out commands since, 2026-05-17T12:00:00Z' },
      to: { value: 'TIME', prose: 'leave out commands until' },
      seqs: { value: 'NUMBERS', prose: 'leave out these records: 41,45-52' },
      migration: { prose: 'the first migration of this program that is pending' },
    },
    load: () => import('./change-plan.ts'),
  },
  {
    noun: 'change',
    verb: 'backup',
    summary: 'Cover a change with a verified backup younger than 26 hours, or take one',
    operands: [n],
    load: () => import('./change-backup.ts'),
  },
  {
    noun: 'change',
    verb: 'rehearse',
    summary: 'Carry a change and its undo out beside, and measure rows, locks and seconds',
    operands: [n],
    load: () => import('./change-rehearse.ts'),
  },
  {
    noun: 'change',
    verb: 'approve',
    summary: 'Show exactly what is signed and how, and take signature files of ssh-keygen',
    operands: [n],
    options: {
      signature: { value: 'FILES', prose: 'signature files, divided by commas' },
      out: { value: 'FILE', prose: 'write the bytes to sign into a file that is not there yet' },
    },
    load: () => import('./change-approve.ts'),
  },
  {
    noun: 'change',
    verb: 'apply',
    summary: 'Apply an approved change and prove it; what fails is taken back by itself',
    operands: [n],
    options: { apply },
    load: () => import('./change-apply.ts'),
  },
  {
    noun: 'change',
    verb: 'verify',
    summary: 'Prove a change again: letters, indexes, a letter through the door',
    operands: [n],
    load: () => import('./change-verify.ts'),
  },
  {
    noun: 'change',
    verb: 'undo',
    summary: 'Take a change back; everything that arrived since is kept',
    operands: [n],
    options: { why: { value: 'WORDS', prose: 'why, for the history and the receipt' }, apply },
    load: () => import('./change-undo.ts'),
  },
  {
    noun: 'change',
    verb: 'status',
    summary: 'Show a change in full, or all that are not over',
    operands: [{ ...n, isOptional: true }],
    load: () => import('./change-status.ts'),
  },
  {
    noun: 'change',
    verb: 'history',
    summary: 'Show all changes, with what was predicted and what it was',
    load: () => import('./change-history.ts'),
  },
  {
    noun: 'operator',
    verb: 'add',
    summary: 'Name somebody who answers for changes; after the first one this is a change itself',
    operands: [{ name: 'NAME', prose: 'how others know them' }],
    options: {
      'ssh-key': { value: 'FILE.pub', prose: 'their SSH public key', isRequired: true },
      account: { value: 'ADDRESS', prose: 'their mailbox here, where plans are told' },
      role: { value: 'ROLE', prose: 'operator, or second: signs beside one; operator when not given' },
    },
    load: () => import('./operator-add.ts'),
  },
  {
    noun: 'operator',
    verb: 'list',
    summary: 'Show who answers for changes, their keys, and the procedure each has signed',
    load: () => import('./operator-list.ts'),
  },
  {
    noun: 'operator',
    verb: 'remove',
    summary: 'Plan that somebody does not answer for changes any more',
    operands: [{ name: 'NAME', prose: 'as “operator list” shows it' }],
    load: () => import('./operator-remove.ts'),
  },
  {
    noun: 'operator',
    verb: 'sign',
    summary: 'Keep an operator’s signature of the procedure or of a standing approval',
    operands: [{ name: 'NAME', prose: 'as “operator list” shows it' }],
    options: {
      procedure: { value: 'FILE.sig', prose: 'of docs/guide/operations.md, namespace siegel-procedure' },
      standing: { value: 'FILE.sig', prose: 'of what this command shows without it, namespace siegel-standing' },
      out: { value: 'FILE', prose: 'write what is to be signed into a file' },
      revoke: { prose: 'take the standing approval back' },
    },
    load: () => import('./operator-sign.ts'),
  },
];
