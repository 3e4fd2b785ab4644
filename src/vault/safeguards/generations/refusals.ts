// What generations refuse, as sentences: what is wrong, what is safe, what to do next.

import { unreachable } from '#base/assert.ts';
import { err, type Err } from '#base/result.ts';

export type RefusalKind =
  | 'no-such-generation'
  | 'is-live'
  | 'not-ready'
  | 'no-cluster'
  | 'busy'
  | 'is-fenced'
  | 'not-fenced'
  | 'stopped'
  | 'no-such-point'
  | 'external';

export interface GenerationRefusal {
  readonly kind: string;
  readonly sentence: string;
}

interface Facts {
  readonly name?: string;
}

export function refuse(kind: RefusalKind, facts: Facts = {}): Err<GenerationRefusal> {
  return err({ kind, sentence: sentenceOf(kind, facts) });
}

export function sentenceOf(kind: RefusalKind, { name = '' }: Facts): string {
  switch (kind) {
    case 'no-such-generation':
      return `There is no generation ${name}. Nothing was changed. See: siegel generation list`;
    case 'is-live':
      return `${name} is the live generation already. Nothing was changed. See: siegel generation list`;
    case 'not-ready':
      return `${name} is still being filled: it can serve once that is done. Nothing was changed. See: siegel generation list`;
    case 'no-cluster':
      return `${name} holds no database. The live one serves as before. Remove the folder, or begin again: siegel database rebuild --apply`;
    case 'busy':
      return 'Another change of the database is under way. Nothing was changed. Wait until it is done, then try again.';
    case 'is-fenced':
      return 'The database is fenced: somebody works on its files. Letters are taken. When that is done: siegel generation release --apply';
    case 'not-fenced':
      return 'The database is not fenced: nothing was to be done. See: siegel status';
    case 'stopped':
      return 'The program is being stopped. Nothing was changed. Start it again, then try again.';
    case 'no-such-point':
      return `There is no restore point ${name}. Nothing was changed. See: siegel generation list`;
    case 'external':
      return 'The database is one of your own (DATABASE_URL), so nothing can be kept beside it here. Name a new, empty database in DATABASE_URL and start again: it is filled from the journal, and the old one stays as it is.';
    default:
      return unreachable(kind);
  }
}
