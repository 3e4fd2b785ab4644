// Whether a database is ours and where it stands: schema up to date, same instance, not ahead of the journal.

import { unreachable } from '#base/assert.ts';
import { err, ok, type Result } from '#base/result.ts';
import type { InstanceId } from '#base/ids.ts';
import { readPosition } from './apply.ts';
import { uuidToId } from './ids.ts';
import { migrate, readMigrations, type MigrationRefusal } from './migrate.ts';
import type { Session } from './session.ts';

/** Each has a sentence in `explainDatabaseRefusal`. */
export type DatabaseRefusal =
  | MigrationRefusal
  | { readonly kind: 'otherInstance' }
  | { readonly kind: 'aheadOfJournal'; readonly databaseSeq: number; readonly journalSeq: number };

export interface Expected {
  readonly instanceId: InstanceId;
  readonly journal: number;
  readonly durableSeq: number;
}

/** Migrates, then returns the position the rows stand at. An empty database is fine: it is filled from the journal. */
export async function prepareDatabase(session: Session, expected: Expected): Promise<Result<number, DatabaseRefusal>> {
  const migrated = await migrate(session, await readMigrations());
  if (!migrated.ok) return migrated;
  const [instance] = await session.rows<{ instance_id: string }>('SELECT instance_id FROM instance');
  if (instance && uuidToId<InstanceId>(instance.instance_id) !== expected.instanceId)
    return err({ kind: 'otherInstance' });
  const databaseSeq = await session.transaction(() => readPosition(session, expected.journal));
  const { durableSeq: journalSeq } = expected;
  return databaseSeq > journalSeq ? err({ kind: 'aheadOfJournal', databaseSeq, journalSeq }) : ok(databaseSeq);
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
    case 'editedMigration':
      return `Migration ${refusal.number} was changed after it had been applied. Install the unchanged program of this version.`;
    case 'newerSchema':
      return `A newer program made this database (migration ${refusal.number}). Start that version, or name an empty database.`;
    default:
      return unreachable(refusal);
  }
}
