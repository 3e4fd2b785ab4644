// The commands a person uses on their own mailbox; they act at once.

import type { Command, CommandOption } from '../../command.ts';

const server: CommandOption = { value: 'URL', prose: 'where the service listens; this machine when not given' };
const passwordStdin: CommandOption = { prose: 'read the password from standard input', isRequired: true };
const address: CommandOption = { value: 'ADDRESS', prose: 'the address to sign in with', isRequired: true };
const code: CommandOption = { value: 'CODE', prose: 'the six digits, where a second factor is set' };
const mailbox: CommandOption = { value: 'NAME', prose: 'one mailbox only: its role (inbox, sent …) or its name' };
const signIn = { address, 'password-stdin': passwordStdin, code, server };

export const userCommands: readonly Command[] = [
  {
    noun: 'user',
    verb: 'signup',
    summary: 'Create a mailbox with an invitation',
    options: {
      invite: { value: 'CODE', prose: 'the code of the invitation, or its whole link', isRequired: true },
      address: { value: 'NAME', prose: 'the part before @', isRequired: true },
      'password-stdin': passwordStdin,
      server,
    },
    load: () => import('./signup.ts'),
  },
  {
    noun: 'user',
    verb: 'login',
    summary: 'Check that address and password open the mailbox',
    options: signIn,
    load: () => import('./login.ts'),
  },
  {
    noun: 'user',
    verb: 'list',
    summary: 'List letters, newest first',
    options: { ...signIn, mailbox, limit: { value: 'COUNT', prose: 'how many at most; 50 when not given' } },
    load: () => import('./list.ts'),
  },
  {
    noun: 'user',
    verb: 'read',
    summary: 'Open one letter',
    operands: [{ name: 'ID', prose: 'the id that “user list” shows' }],
    options: signIn,
    load: () => import('./read.ts'),
  },
  {
    noun: 'user',
    verb: 'export',
    summary: 'Write every letter to a folder, byte for byte as it came',
    options: {
      ...signIn,
      mailbox,
      out: { value: 'DIR', prose: 'the folder; made when it is not there', isRequired: true },
      format: { value: 'FORMAT', prose: 'eml (one file a letter), mbox, or pgp (as it is stored); eml when not given' },
    },
    load: () => import('./export.ts'),
  },
  {
    noun: 'user',
    verb: 'receipts',
    summary: 'List what was promised to you, and save the receipts',
    options: {
      ...signIn,
      out: { value: 'DIR', prose: 'save every receipt there; made when it is not there' },
      letters: { prose: 'also the receipt of every letter' },
    },
    load: () => import('./receipts.ts'),
  },
  {
    noun: 'user',
    verb: 'send',
    summary: 'Send a letter: the password’s line on standard input, the text behind it',
    options: {
      ...signIn,
      to: { value: 'ADDRESSES', prose: 'to whom, divided by commas', isRequired: true },
      cc: { value: 'ADDRESSES', prose: 'who else is named in it' },
      bcc: { value: 'ADDRESSES', prose: 'who gets a copy that nobody sees' },
      subject: { value: 'TEXT', prose: 'the subject' },
      attach: { value: 'FILES', prose: 'files to go with it, divided by commas' },
      unsealed: { value: 'ADDRESSES', prose: 'who may get it in the clear; all others need a key' },
    },
    load: () => import('./send.ts'),
  },
  {
    noun: 'user',
    verb: 'phrase',
    summary: 'Make a recovery phrase of twelve words; one made before ends',
    options: signIn,
    load: () => import('./phrase.ts'),
  },
  {
    noun: 'user',
    verb: 'app-password',
    summary: 'Make, list or remove app passwords, with which a mail program can send and nothing else',
    operands: [
      { name: 'ACTION', prose: 'create, list or remove' },
      { name: 'NAME', prose: 'create: what you call it; remove: the id that “list” shows', isOptional: true },
    ],
    options: signIn,
    load: () => import('./app-password.ts'),
  },
  {
    noun: 'user',
    verb: 'alias',
    summary: 'Take up, list or give up addresses of your own; one given up is never given to another person',
    operands: [
      { name: 'ACTION', prose: 'add, list or remove' },
      { name: 'ALIAS', prose: 'the address; add: the part before @ is enough', isOptional: true },
    ],
    options: signIn,
    load: () => import('./alias.ts'),
  },
  {
    noun: 'user',
    verb: 'share',
    summary: 'Make, list, take up, share or leave a mailbox that several people open, each with their own key',
    operands: [
      { name: 'ACTION', prose: 'create, list, accept, add, remove or leave' },
      { name: 'MAILBOX', prose: 'its address; create: the part before @', isOptional: true },
      { name: 'PERSON', prose: 'add and remove: an address of this house', isOptional: true },
    ],
    options: { ...signIn, invite: { value: 'CODE', prose: 'create: the code of an invitation' } },
    load: () => import('./share.ts'),
  },
  {
    noun: 'user',
    verb: 'password',
    summary: 'Set a new password: old and new on two lines of standard input',
    options: signIn,
    load: () => import('./password.ts'),
  },
];
