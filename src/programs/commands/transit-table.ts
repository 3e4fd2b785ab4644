// The commands of the transit room.

import type { Command } from '../command.ts';

const BOOK = { value: 'FILE', prose: 'a copy of the book; else the one in the data folder' } as const;

export const transitCommands: readonly Command[] = [
  {
    noun: 'transit',
    verb: 'start',
    summary:
      'Work on documents sent to optimise@DOMAIN and nothing else, without a database, until stopped with Ctrl-C',
    load: () => import('./transit-start.ts'),
  },
  {
    noun: 'transit',
    verb: 'optimise',
    summary: 'Make scans and photos upright, searchable and small in this program; no service needs to run',
    operands: [{ name: 'FILE', prose: 'a PDF, JPEG, PNG, TIFF, HEIC, WebP, zip, eml or msg', isRepeated: true }],
    options: {
      out: {
        value: 'DIR',
        prose: 'the folder; made when it is not there, nothing in it is overwritten',
        isRequired: true,
      },
      profile: {
        value: 'HOW',
        prose:
          'balanced, g4, treu (each page a whole picture), zusammen (one file), original (originals beside); several with +',
      },
    },
    load: () => import('./transit-optimise.ts'),
  },
  {
    noun: 'transit',
    verb: 'burglary',
    summary: 'Send a marked document through a room of its own and search disk, memory and store for the mark',
    load: () => import('./transit-burglary.ts'),
  },
  {
    noun: 'transit-book',
    verb: 'verify',
    summary: 'Check every entry of the book of receipts that a room alone keeps: order, hashes, signatures',
    options: { file: BOOK },
    load: () => import('./transit-book-verify.ts'),
  },
  {
    noun: 'transit-book',
    verb: 'show',
    summary: 'Show the entries of that book, newest first, or the whole receipt of one piece of work',
    operands: [{ name: 'JOB', prose: 'the number of the work, from the letter that came back', isOptional: true }],
    options: { file: BOOK },
    load: () => import('./transit-book-show.ts'),
  },
];
