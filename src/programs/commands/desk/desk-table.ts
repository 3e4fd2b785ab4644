// The commands of the desk: requests from authorities, their reviews and the policy.

import {
  authorityClasses,
  channels,
  dismissals,
  instruments,
  kinds,
  reasons,
  states,
  verdicts,
} from '#formats/desk/model.ts';
import type { Command, CommandOption, Operand } from '../../command.ts';

const apply: CommandOption = { prose: 'carry the plan out instead of only showing it' };
const number: Operand = { name: 'NUMBER', prose: 'its number, as “request list” shows it: 2026-0007' };
const by: CommandOption = { value: 'WHO', prose: 'name or fingerprint of somebody of the roster', isRequired: true };
const why: CommandOption = { value: 'REASONS', prose: `divided by commas, of ${reasons.join(', ')}` };
const signing: Readonly<Record<string, CommandOption>> = {
  by: { value: 'WHO', prose: 'whose verdict: name or fingerprint of somebody of the roster' },
  out: { value: 'FILE', prose: 'where to write the statement that is to be signed' },
  statement: { value: 'FILE', prose: 'the statement that was signed, to hand it in' },
  signature: { value: 'FILE', prose: 'the signature over it: gpg --detach-sign --armor FILE' },
};

const filing: Readonly<Record<string, CommandOption>> = {
  by,
  arrival: {
    value: 'ARRIVAL',
    prose: 'what came in by itself, as request arrivals names it: it has its channel and time',
  },
  received: { value: 'WHEN', prose: 'a day, or a moment such as 2026-11-23T09:30:00+01:00; today when not given' },
  channel: { value: 'CHANNEL', prose: `how it came: ${channels.join(', ')}` },
  instrument: { value: 'WORD', prose: `by what it is asked: ${instruments.join(', ')}; REQUEST when not given` },
  class: { value: 'WORD', prose: `of the authority: ${authorityClasses.join(', ')}; PROSECUTION when not given` },
  country: { value: 'CC', prose: 'of the authority, two letters; that of the house when not given' },
  kinds: { value: 'KINDS', prose: `what is asked for, divided by commas: ${kinds.join(', ')}` },
  basis: { value: 'ID', prose: 'the norm it names, by its id in the policy' },
  from: { value: 'DAY', prose: 'the first day it asks for' },
  until: { value: 'DAY', prose: 'the last day it asks for' },
  'answer-by': { value: 'DAY', prose: 'until when an answer is wanted' },
  emergency: { prose: 'somebody’s life or health is in danger: people decide at once' },
  target: { value: 'TEXT', prose: 'whom it is about; stands in the sealed case file only' },
  document: { value: 'FILE', prose: 'the request itself, for the sealed case file' },
};

export const deskCommands: readonly Command[] = [
  {
    noun: 'desk',
    verb: 'show',
    summary: 'Show the policy in force, its roster and the head of the register',
    load: () => import('./desk-show.ts'),
  },
  {
    noun: 'desk',
    verb: 'prepare',
    summary: 'Check a policy and write it as it is to be signed',
    operands: [{ name: 'POLICY', prose: 'the file as people write it' }],
    options: { out: { value: 'FILE', prose: 'where to write the bytes to be signed', isRequired: true } },
    load: () => import('./desk-prepare.ts'),
  },
  {
    noun: 'desk',
    verb: 'policy',
    summary: 'Put a policy into force that two people of the one before have signed',
    operands: [
      { name: 'POLICY', prose: 'the file, as it was signed' },
      { name: 'SIGNATURE', prose: 'a file of each who signed: gpg --detach-sign --armor POLICY', isRepeated: true },
    ],
    options: { apply },
    load: () => import('./desk-policy.ts'),
  },
  {
    noun: 'request',
    verb: 'file',
    summary: 'Write down a request that came in, its case file sealed to the roster',
    options: filing,
    load: () => import('./request-file.ts'),
  },
  {
    noun: 'request',
    verb: 'correct',
    summary: 'Write down a request that puts a rejected one right',
    operands: [number],
    options: filing,
    load: () => import('./request-file.ts'),
  },
  {
    noun: 'request',
    verb: 'arrivals',
    summary: 'Show what came in by itself and waits to be filed or dismissed',
    options: {
      all: { prose: 'also what was filed or dismissed' },
      'case-files': { value: 'FOLDER', prose: 'where to put them, sealed: open one with gpg --decrypt' },
    },
    load: () => import('./request-arrivals.ts'),
  },
  {
    noun: 'request',
    verb: 'dismiss',
    summary: 'Say that what came in is no request that is filed',
    operands: [{ name: 'ARRIVAL', prose: 'as request arrivals names it' }],
    options: {
      why: { value: 'WHY', prose: dismissals.join(', ') },
      by,
    },
    load: () => import('./request-dismiss.ts'),
  },
  {
    noun: 'request',
    verb: 'import',
    summary: 'Bring in a register that was kept elsewhere, from a CSV file, whole or not at all',
    operands: [{ name: 'FILE', prose: 'see docs/guide/requests.md' }],
    options: { apply },
    load: () => import('./request-import.ts'),
  },
  {
    noun: 'request',
    verb: 'list',
    summary: 'Show the requests of the register',
    options: {
      year: { value: 'YEAR', prose: 'only those of this year' },
      state: { value: 'STATE', prose: `only those that stand at ${states.join(', ')}` },
    },
    load: () => import('./request-list.ts'),
  },
  {
    noun: 'request',
    verb: 'show',
    summary: 'Show one with all that happened, and hand out its sealed case files',
    operands: [number],
    options: { 'case-files': { value: 'FOLDER', prose: 'where to put them: open one with gpg --decrypt' } },
    load: () => import('./request-show.ts'),
  },
  {
    noun: 'request',
    verb: 'review',
    summary: 'Make the statement of a verdict for its signature, or hand the signed one in',
    operands: [number],
    options: {
      ...signing,
      verdict: { value: 'VERDICT', prose: verdicts.join(', ') },
      reasons: why,
      items: { value: 'ITEMS', prose: 'with NARROW: which of its items are admitted, from 0, divided by commas' },
    },
    load: () => import('./request-review.ts'),
  },
  {
    noun: 'request',
    verb: 'refuse',
    summary: 'The same as review with the verdict REJECT',
    operands: [number],
    options: { ...signing, reasons: why },
    load: () => import('./request-review.ts'),
  },
  {
    noun: 'request',
    verb: 'answer',
    summary: 'Draft a letter to the authority from the reasons, or note the one that was sent',
    operands: [number],
    options: {
      kind: { value: 'KIND', prose: 'REJECTION, CORRECTION or ANSWER; REJECTION when not given' },
      language: { value: 'de|en', prose: 'German when not given' },
      reasons: why,
      letter: { value: 'FILE', prose: 'the letter as it was sent; the register keeps its SHA-256' },
      by: { value: 'WHO', prose: 'who sent it' },
    },
    load: () => import('./request-answer.ts'),
  },
  {
    noun: 'report',
    verb: 'transparency',
    summary: 'Compute the report of a year from the register, as a table, a page, or a file to be signed',
    operands: [{ name: 'YEAR', prose: 'the year of receipt' }],
    options: {
      out: { value: 'FILE', prose: 'write exactly the bytes that are signed' },
      csv: { prose: 'as a table of figures' },
      html: { prose: 'as a page' },
    },
    load: () => import('./report-transparency.ts'),
  },
  {
    noun: 'report',
    verb: 'publish',
    summary: 'Publish a report that an officer and a lawyer have signed',
    operands: [
      { name: 'REPORT', prose: 'the file that was signed' },
      { name: 'SIGNATURE', prose: 'a file of each of the two', isRepeated: true },
    ],
    options: { apply },
    load: () => import('./report-publish.ts'),
  },
  {
    noun: 'statement',
    verb: 'template',
    summary: 'Show the sentences of a standing statement to begin with, as JSON',
    load: () => import('./statement-template.ts'),
  },
  {
    noun: 'statement',
    verb: 'draft',
    summary: 'Write a standing statement for the signatures of an officer and a lawyer',
    options: {
      until: { value: 'DAY', prose: 'the last day on which it counts as fresh, at most 100 days ahead' },
      fact: { value: 'TEXT', prose: 'something public of today, so that it was not signed long before' },
      says: { value: 'FILE', prose: 'the sentences in both languages; those of the template when not given' },
      out: { value: 'FILE', prose: 'write exactly the bytes that are signed' },
    },
    load: () => import('./statement-draft.ts'),
  },
  {
    noun: 'statement',
    verb: 'publish',
    summary: 'Publish a standing statement that an officer and a lawyer have signed',
    operands: [
      { name: 'STATEMENT', prose: 'the file that was signed' },
      { name: 'SIGNATURE', prose: 'a file of each of the two', isRepeated: true },
    ],
    options: { apply },
    load: () => import('./statement-publish.ts'),
  },
  {
    noun: 'statement',
    verb: 'show',
    summary: 'Show the standing statement, and whether it is out of date',
    load: () => import('./statement-show.ts'),
  },
  {
    noun: 'report',
    verb: 'export',
    summary: 'Write the register into a folder, for who verifies it elsewhere',
    operands: [{ name: 'FOLDER', prose: 'a new folder' }],
    load: () => import('./report-export.ts'),
  },
  {
    noun: 'report',
    verb: 'verify',
    summary: 'Find any later edit of the register: of this house, or of a folder that was exported',
    operands: [{ name: 'FOLDER', prose: 'as report export wrote it', isOptional: true }],
    options: {
      trust: { value: 'FINGERPRINTS', prose: 'with a folder: whose signatures you trust, divided by commas' },
      head: { value: 'ENTRIES:HASH', prose: 'with a folder: a head that was noted elsewhere, as desk show names it' },
    },
    load: () => import('./report-verify.ts'),
  },
  {
    noun: 'request',
    verb: 'close',
    summary: 'Close a request of which nothing is left to be done',
    operands: [number],
    load: () => import('./request-close.ts'),
  },
];
