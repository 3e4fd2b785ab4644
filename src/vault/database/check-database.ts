// Whether a database is ours and where it stands: schema up to date, same instance, not ahead of the journal.

import { unreachable } from '#base/assert.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { InstanceId } from '#base/ids.ts';
import { readPosition } from './apply.ts';
import { uuidToId } from './ids.ts';
import {
  applyMigration,
  readMigrations,
  readSchema,
  SCHEMA_NEEDED,
  type Migration,
  type MigrationRefusal,
} from './migrate.ts';
import type { Database } from './open-database.ts';
import type { Session } from './session.ts';

/** Each has a sentence in `explainDatabaseRefusal`. */
export type DatabaseRefusal =
  | MigrationRefusal
  | { readonly kind: 'olderSchema'; readonly number: number }
  | { readonly kind: 'otherInstance' }
  | { readonly kind: 'aheadOfJournal'; readonly databaseSeq: number; readonly journalSeq: number };

export interface Expected {
  readonly instanceId: InstanceId;
  readonly journal: number;
  readonly durableSeq: number;
}

export interface PrepareOptions {
  /** Default: ours. */
  readonly migrations?: readonly Migration[];
  /** Where rows are, migrations from this number on wait for a change that is approved (safeguards/change). Default: none does. */
  readonly waitsFrom?: number;
}

/**
 * An empty database gets the whole schema at once; one with rows what adds to it, unless that waits. Returns the position the rows
 * stand at: an empty database is filled from the journal.
 */
export async function prepareDatabase(
  database: Pick<Database, 'connectAs'>,
  session: Session,
  expected: Expected,
  { migrations, waitsFrom = Infinity }: PrepareOptions = {},
): Promise<Result<number, DatabaseRefusal>> {
  const wanted = migrations ?? (await readMigrations());
  const schema = await readSchema(session, wanted);
  if (!schema.ok) return schema;
  const { pending, newest } = schema.value;
  const mayWait = newest > 0 && pending.some(({ number }) => number >= waitsFrom) && (await hasRows(session));
  const atOnce = mayWait ? pending.filter(({ number }) => number < waitsFrom) : pending;
  if (Math.max(newest, ...atOnce.map(({ number }) => number)) < SCHEMA_NEEDED && mayWait)
    return err({ kind: 'olderSchema', number: newest });
  if (atOnce.length > 0) {
    await using owner = await database.connectAs('owner');
    for (const migration of atOnce) await applyMigration(owner, migration);
  }
  const [instance] = await session.rows<{ instance_id: string }>('SELECT instance_id FROM instance');
  if (instance && uuidToId<InstanceId>(instance.instance_id) !== expected.instanceId)
    return err({ kind: 'otherInstance' });
  const databaseSeq = await session.transaction(() => readPosition(session, expected.journal));
  const { durableSeq: journalSeq } = expected;
  return databaseSeq > journalSeq ? err({ kind: 'aheadOfJournal', databaseSeq, journalSeq }) : ok(databaseSeq);
}

async function hasRows(session: Session): Promise<boolean> {
  const rows = await session.rows('SELECT 1 FROM applied LIMIT 1');
  return rows.length > 0;
}

/** For an operator: what is wrong and what to do. */
export function explainDatabaseRefusal(refusal: DatabaseRefusal): string {
  switch (refusal.kind) {
    case 'otherInstance':
      return (
        'This database belongs to another instance of Siegel. ' +
        'Name the right one in DATABASE_URL, or an empty one: it is filled from the journal.'
      );
    case 'aheadOfJournal':
      return (
        `The database holds record ${refusal.databaseSeq}, the journal ends at ${refusal.journalSeq}: the journal in the ` +
        'data folder is older. Bring back the newer journal; if it is lost, start with an empty database.'
      );
    case 'olderSchema':
      return (
        `The tables stand at migration ${refusal.number}, this program needs ${SCHEMA_NEEDED}. ` +
        'Start the version before, carry its change out (siegel change list), then start this one.'
      );
    case 'editedMigration':
      return `Migration ${refusal.number} was changed after it had been applied. Install the unchanged program of this version.`;
    case 'newerSchema':
      return `A newer program made this database (migration ${refusal.number}). Start that version, or name an empty database.`;
    default:
      return unreachable(refusal);
  }
}
