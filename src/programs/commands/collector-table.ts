// The commands of the collector of the honest counter and of its relay.

import type { Command } from '../command.ts';

export const collectorCommands: readonly Command[] = [
  {
    noun: 'collector',
    verb: 'start',
    summary: 'Count sealed reports of houses and publish each quarter with its errors, until stopped with Ctrl-C',
    load: () => import('./collector-start.ts'),
  },
  {
    noun: 'collector',
    verb: 'card',
    summary: 'Print the card of this collector, which houses are given to report to it',
    load: () => import('./collector-card.ts'),
  },
  {
    noun: 'relay',
    verb: 'start',
    summary: 'Pass sealed reports on to one collector without telling it from whom, until stopped with Ctrl-C',
    load: () => import('./relay-start.ts'),
  },
];
