// The commands about the database's generations.

import type { Command } from '../command.ts';

export const generationCommands: readonly Command[] = [
  {
    noun: 'generation',
    verb: 'list',
    summary: 'Show which database serves, which are kept beside it, why, and until when',
    load: () => import('./generation-list.ts'),
  },
  {
    noun: 'generation',
    verb: 'release',
    summary: 'Let a fenced database start again, once nobody works on its files any more',
    options: { apply: { prose: 'carry the plan out instead of only showing it' } },
    load: () => import('./generation-release.ts'),
  },
];
