// How the rest of the house reads the rows: a pool of connections seen through Kysely. Nobody writes through it.

import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** What a read needs. Before answering a person, wait for `CommitDoor.settled(accountId)`: rows of letters come lazily. */
export interface Reader {
  readonly db: Kysely<Tables>;
}
