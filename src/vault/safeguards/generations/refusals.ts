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
  | 'external'
  | 'files'
  | 'copies'
  | 'still-used'
  | 'no-keeper'
  | 'may-not-create'
  | 'not-its-owner'
  | 'unfit-name';

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
    case 'files':
      return 'The database is one of your own (DATABASE_URL): its files are the server’s, and the server is yours to stop. Nothing was changed. See: siegel generation list';
    case 'copies':
      return 'The database is one of your own (DATABASE_URL): no copy of its files is kept here, and the journal is the restore point. Nothing was changed. See: siegel database rebuild';
    case 'still-used':
      return `Somebody stays connected to the database ${name} whom the user of DATABASE_URL may not end. The live database serves as before. Who it is: SELECT pid, usename FROM pg_stat_activity WHERE datname = '${name}'. End that, then try again.`;
    case 'no-keeper':
      return `The database ${name} of your own server (DATABASE_URL) cannot be entered, and databases can be made and renamed from another one only. The live database serves as before. See that the server answers, and: GRANT CONNECT ON DATABASE ${name} TO its user.`;
    case 'may-not-create':
      return 'The user of DATABASE_URL may not make databases. Nothing was changed. Let it: ALTER ROLE … CREATEDB, then start again.';
    case 'not-its-owner':
      return `The user of DATABASE_URL does not own the database ${name}. Nothing was changed. Let it: ALTER DATABASE ${name} OWNER TO its user, then start again.`;
    case 'unfit-name':
      return 'DATABASE_URL is to be a URL that names a database of at most 52 bytes which is not the server’s own (postgres). Nothing was changed. Rename it, then start again.';
    default:
      return unreachable(kind);
  }
}
