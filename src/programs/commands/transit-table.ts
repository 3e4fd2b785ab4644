// The commands of the transit room.

import type { Command } from '../command.ts';

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
    operands: [{ name: 'FILE', prose: 'a PDF, JPEG, PNG, TIFF, zip or eml', isRepeated: true }],
    options: {
      out: {
        value: 'DIR',
        prose: 'the folder; made when it is not there, nothing in it is overwritten',
        isRequired: true,
      },
      profile: {
        value: 'HOW',
        prose: 'balanced, g4, or original: that gives the originals back beside; else balanced',
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
];
