// Every command once: its words, its options, and the file that carries it out. Reading is free; what others rely on changes only with --apply.

import type { Command, CommandOption } from '../command.ts';
import { accountCommands } from './account-table.ts';
import { backupCommands } from './backup-table.ts';
import { changeCommands } from './change-table.ts';
import { collectorCommands } from './collector-table.ts';
import { generationCommands } from './generation-table.ts';
import { deskCommands } from './desk/desk-table.ts';
import { fulfilCommands } from './desk/fulfil-table.ts';
import { incidentCommands } from './incident-table.ts';
import { transitCommands } from './transit-table.ts';
import { userCommands } from './user/user-table.ts';

const apply: CommandOption = { prose: 'carry the plan out instead of only showing it' };
const owner: CommandOption = { value: 'OWNER', prose: 'an address of the account it is for', isRequired: true };
const account: CommandOption = { value: 'ID', prose: 'an account’s id as queue list shows it; all when not given' };
const newAddress = { name: 'ADDRESS', prose: 'the new address, such as office@example.org' };

const operatorCommands: readonly Command[] = [
  {
    noun: 'setup',
    summary: 'Ask what a house on the net needs, write its options and print its DNS records',
    options: {
      certificate: {
        value: 'HOW',
        prose: 'files, acme, or proxy: one in front has it; by the options given when not said',
      },
      out: { value: 'HOW', prose: 'direct, or smarthost; by the options given when not said' },
      apply,
    },
    load: () => import('./setup.ts'),
  },
  {
    noun: 'start',
    summary: 'Run the mail service until it is stopped with Ctrl-C',
    load: () => import('./start.ts'),
  },
  {
    noun: 'status',
    summary: 'Show where the service listens, what it holds, and what needs attention',
    load: () => import('./status.ts'),
  },
  {
    noun: 'invite',
    verb: 'create',
    summary: 'Make a link with which one person can create a mailbox',
    options: {
      role: { value: 'ROLE', prose: 'member, operator, second, clerk, officer or lawyer; member when not given' },
    },
    load: () => import('./invite-create.ts'),
  },
  {
    noun: 'address',
    verb: 'add',
    summary: 'Give an account a further address of its own',
    operands: [newAddress],
    options: { for: owner },
    load: () => import('./address-add.ts'),
  },
  {
    noun: 'address',
    verb: 'alias',
    summary: 'Let letters to an address arrive at an account',
    operands: [newAddress],
    options: { for: owner },
    load: () => import('./address-alias.ts'),
  },
  {
    noun: 'address',
    verb: 'remove',
    summary: 'Take an address out of use; it is never given to another person',
    operands: [{ name: 'ADDRESS', prose: 'the address to take out of use' }],
    options: { apply },
    load: () => import('./address-remove.ts'),
  },
  {
    noun: 'group',
    verb: 'put',
    summary: 'Let letters to one address arrive at several accounts; names all members each time',
    operands: [{ name: 'ADDRESS', prose: 'the address of the group, such as team@example.org' }],
    options: {
      member: { value: 'ADDRESSES', prose: 'an address of each member, divided by commas', isRequired: true },
      apply,
    },
    load: () => import('./group-put.ts'),
  },
  {
    noun: 'group',
    verb: 'list',
    summary: 'Show the groups and their members',
    load: () => import('./group-list.ts'),
  },
  {
    noun: 'group',
    verb: 'remove',
    summary: 'Take the address of a group out of use; it is never given to a person',
    operands: [{ name: 'ADDRESS', prose: 'the address of the group' }],
    options: { apply },
    load: () => import('./group-remove.ts'),
  },
  {
    noun: 'domain',
    verb: 'add',
    summary: 'Take letters for a further domain',
    operands: [{ name: 'DOMAIN', prose: 'the domain, such as example.org' }],
    options: { 'catch-all': { value: 'OWNER', prose: 'an address of the account that takes what no address takes' } },
    load: () => import('./domain-add.ts'),
  },
  {
    noun: 'domain',
    verb: 'check',
    summary: 'Compare a domain’s DNS records with what it needs: green or red, with the record to set',
    operands: [{ name: 'DOMAIN', prose: 'the domain; that of the house when not given', isOptional: true }],
    load: () => import('./domain-check.ts'),
  },
  {
    noun: 'dkim',
    verb: 'rotate',
    summary: 'Make new signing keys that take over once their records had time to spread',
    options: { apply },
    load: () => import('./dkim-rotate.ts'),
  },
  {
    noun: 'journal',
    verb: 'verify',
    summary: 'Read the whole journal and check every record, hash and chain',
    load: () => import('./journal-verify.ts'),
  },
  {
    noun: 'database',
    verb: 'rebuild',
    summary: 'Make the database anew from the journal alone',
    options: { apply },
    load: () => import('./database-rebuild.ts'),
  },
  {
    noun: 'queue',
    verb: 'list',
    summary: 'Show what waits to leave and what is held: ids and counts, never addresses',
    load: () => import('./queue-list.ts'),
  },
  {
    noun: 'queue',
    verb: 'hold',
    summary: 'Hold the letters of one account, or all that wait to leave',
    options: { account, apply },
    load: () => import('./queue-hold.ts'),
  },
  {
    noun: 'queue',
    verb: 'release',
    summary: 'Let held letters leave',
    options: { account, apply },
    load: () => import('./queue-release.ts'),
  },
  {
    noun: 'ledger',
    verb: 'check',
    summary: 'Compare the letters in the database with those in the journal, and name what differs',
    options: {
      account: { value: 'ADDRESS', prose: 'only this account' },
      deep: { prose: 'each letter’s record and digest too, not only the sums' },
    },
    load: () => import('./ledger-check.ts'),
  },
  {
    noun: 'sql',
    summary: 'Ask the database: what reads is carried out, what writes is only shown and becomes the file of a plan',
    operands: [
      {
        name: 'STATEMENT',
        prose: 'one statement that reads, or some that change; a console when not given',
        isOptional: true,
      },
    ],
    options: {
      plan: { value: 'FILE', prose: 'write statements that change into this new file, for change plan --sql' },
    },
    load: () => import('./sql.ts'),
  },
  ...backupCommands,
  {
    noun: 'telemetry',
    verb: 'show',
    summary: 'Show the figures that could be sent, in their exact bytes, and everything that ever was',
    load: () => import('./telemetry-show.ts'),
  },
  {
    noun: 'telemetry',
    verb: 'on',
    summary: 'Agree to the list of questions that telemetry show prints; any change of it ends the consent',
    operands: [{ name: 'LIST', prose: 'the hash of the list, as telemetry show prints it' }],
    options: { direct: { prose: 'without a relay: the collector then sees the address of this house' } },
    load: () => import('./telemetry-on.ts'),
  },
  {
    noun: 'telemetry',
    verb: 'off',
    summary: 'Send nothing any more and wipe what was noted of it',
    load: () => import('./telemetry-off.ts'),
  },
  {
    noun: 'drill',
    summary: 'Replay what went wrong elsewhere on scratch houses, with and without the safeguards',
    options: { full: { prose: 'with as many letters and accounts as in the incidents; takes long' } },
    load: () => import('./drill.ts'),
  },
  ...changeCommands,
  ...generationCommands,
  ...accountCommands,
  ...incidentCommands,
  ...deskCommands,
  ...fulfilCommands,
  {
    noun: 'book',
    verb: 'head',
    summary: 'Show the newest signed head of the book of receipts; keep it elsewhere',
    load: () => import('./book-head.ts'),
  },
  {
    noun: 'book',
    verb: 'verify',
    summary: 'Read the whole book and check every entry, batch and head',
    load: () => import('./book-verify.ts'),
  },
  {
    noun: 'receipt',
    verb: 'check',
    summary: 'Check a receipt: what it says, who signed it, and that it lies in the book',
    operands: [{ name: 'FILE', prose: 'the receipt as it was given out' }],
    options: {
      head: { value: 'FILE', prose: 'a head or a receipt kept from earlier: the book must still be the same' },
      key: { value: 'KEY', prose: 'the key of the house as you know it from elsewhere' },
      server: { value: 'URL', prose: 'where to ask how two heads belong together; this machine when not given' },
    },
    load: () => import('./receipt-check.ts'),
  },
  {
    noun: 'trace',
    summary: 'Show what happened to a letter, by the id its sender was given',
    operands: [{ name: 'ID', prose: 'the id out of “250 2.0.0 sealed, id=…”' }],
    load: () => import('./trace.ts'),
  },
  {
    noun: 'try',
    verb: 'letter',
    summary: 'Send a sample letter to the first account',
    load: () => import('./try-letter.ts'),
  },
  {
    noun: 'demo',
    verb: 'start',
    summary: 'Run the service on a folder of its own, filled with the mail of an invented law office',
    options: { fresh: { prose: 'remove the sample office that is there and make it anew' } },
    load: () => import('./demo-start.ts'),
  },
  {
    noun: 'demo',
    verb: 'break',
    summary: 'Empty the mailboxes of the running sample office by a wrong command, to see them come back',
    load: () => import('./demo-break.ts'),
  },
  {
    noun: 'demo',
    verb: 'undo',
    summary: 'Bring back what “demo break” took, with what came meanwhile',
    load: () => import('./demo-undo.ts'),
  },
];

export const commandTable: readonly Command[] = [
  ...operatorCommands,
  ...transitCommands,
  ...collectorCommands,
  ...userCommands,
];
