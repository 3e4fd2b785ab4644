// The commands about backups, the key kit and bringing back.

import type { Command, CommandOption } from '../command.ts';

const apply: CommandOption = { prose: 'carry the plan out instead of only showing it' };

const passphrase: CommandOption = { prose: 'read the passphrase from standard input' };

export const backupCommands: readonly Command[] = [
  {
    noun: 'backup',
    verb: 'take',
    summary: 'Take a backup: copied, restored beside and checked before it counts',
    load: () => import('./backup-take.ts'),
  },
  {
    noun: 'backup',
    verb: 'verify',
    summary: 'Restore a backup beside again and check it; what is not whole counts no more',
    operands: [{ name: 'ID', prose: 'as “backup list” shows it; the newest when not given', isOptional: true }],
    load: () => import('./backup-verify.ts'),
  },
  {
    noun: 'backup',
    verb: 'list',
    summary: 'Show the backups there are and whether one is fresh enough',
    load: () => import('./backup-list.ts'),
  },
  {
    noun: 'backup',
    verb: 'prune',
    summary: 'Let go what is older than 30 days; the newest that counts stays',
    options: { apply },
    load: () => import('./backup-prune.ts'),
  },
  {
    noun: 'kit',
    verb: 'export',
    summary: 'Write a copy of the key kit to keep elsewhere: sealed with a passphrase, or for paper',
    options: {
      to: { value: 'FILE', prose: 'a file that is not there yet', isRequired: true },
      'passphrase-stdin': passphrase,
      printable: { prose: 'as lines for paper, each with check digits; nothing seals them but your safe' },
    },
    load: () => import('./kit-export.ts'),
  },
  {
    noun: 'kit',
    verb: 'verify',
    summary: 'Check that a copy of the key kit is whole and belongs to this house',
    operands: [{ name: 'FILE', prose: 'the copy, in any of its forms' }],
    options: { 'passphrase-stdin': passphrase },
    load: () => import('./kit-verify.ts'),
  },
  {
    noun: 'restore',
    summary: 'Build a data folder on an empty machine out of a backup and the key kit; no program needs to run',
    options: {
      to: { value: 'DIR', prose: 'the data folder to build: not there yet, or empty', isRequired: true },
      backup: {
        value: 'PLACE',
        prose: 'where the backups lie, with #ID behind it for another than the newest; or a manifest’s file',
        isRequired: true,
      },
      kit: { value: 'FILE', prose: 'the key kit, in any of its forms', isRequired: true },
      'passphrase-stdin': passphrase,
      apply,
    },
    load: () => import('./restore.ts'),
  },
  {
    noun: 'restore',
    verb: 'account',
    summary: 'Bring letters of single accounts back out of a backup while everybody goes on',
    operands: [{ name: 'ADDRESSES', prose: 'an address of each account, divided by commas' }],
    options: {
      letter: { value: 'ID', prose: 'only this letter' },
      folder: { value: 'ID', prose: 'only what lay in this folder' },
      backup: { value: 'ID', prose: 'as “backup list” shows it; the newest that counts when not given' },
      apply,
    },
    load: () => import('./restore-account.ts'),
  },
];
