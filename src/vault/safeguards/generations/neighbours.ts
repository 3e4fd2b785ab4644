// What generations need of others; programs/server hands it over.

import type { Result } from '#base/result.ts';
import type { CommandOf } from '../../journal/commands.ts';
import type { VoidedContent } from '../../journal/journal.ts';

/** Called between any two steps; for tests, which kill there. */
export type Step = (name: string) => Promise<void>;

export interface Neighbours {
  /** Brings what a switch means into the journal, which works without the database. */
  raiseEra(effect: CommandOf<'eraRaised'>['effect']): Promise<Result<unknown, { readonly kind: string }>>;
  void(content: VoidedContent): Promise<Result<unknown, { readonly kind: string }>>;
}
