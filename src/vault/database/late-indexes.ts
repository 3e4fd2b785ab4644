// Indexes that only reading needs: taken off an empty database before it is filled and made at once afterwards, which is cheaper.

import { writeApprovals } from './approve.ts';
import { prepareDatabase, type Expected } from './check-database.ts';
import type { Database } from './open-database.ts';
import type { Session } from './session.ts';

/** What applying records looks up itself stays: primary keys and placement_by_letter. */
const LATE = '{letter_by_modseq,letter_by_time,placement_by_time}';
const DEFINITIONS = `
  SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'i' AND n.nspname = 'public' AND c.relname = ANY($1::text[]) ORDER BY c.relname`;

/** A database between its first table and its last index. */
export interface Filling extends AsyncDisposable {
  /** Makes the indexes that were postponed. */
  finish(): Promise<void>;
}

/** An empty database with all tables. Undefined where it is refused: who fills it is told why. */
export async function openForFilling(
  database: Pick<Database, 'connect' | 'connectAs'>,
  expected: Expected,
): Promise<Filling | undefined> {
  await using session = await database.connect();
  const prepared = await prepareDatabase(database, session, expected);
  if (!prepared.ok || prepared.value > 0) return undefined;
  const owner = await database.connectAs('owner');
  const finish = await postponeIndexes(owner);
  return { finish, [Symbol.asyncDispose]: () => owner.close() };
}

/**
 * For a database that is filled and that nobody reads yet. Resolves with what makes the indexes again: until then it must not
 * be used, and when the program ends before, it must be thrown away.
 */
async function postponeIndexes(owner: Session): Promise<() => Promise<void>> {
  const indexes = await owner.rows<{ name: string; definition: string }>(DEFINITIONS, [LATE]);
  const takenOff = indexes.map(({ name }) => `DROP INDEX public.${name}`);
  await runApproved(owner, 'late-indexes-off', takenOff);
  const made = indexes.map(({ definition }) => definition);
  return () => runApproved(owner, 'late-indexes-on', made);
}

/** Used in the very transaction that writes it, or never. */
const NEVER_MS = Date.UTC(2100);
const planDigest = new Uint8Array(32);

async function runApproved(owner: Session, change: string, statements: readonly string[]): Promise<void> {
  if (statements.length === 0) return;
  await owner.transaction(async () => {
    await owner.script(`SET LOCAL maintenance_work_mem = '256MB'`);
    await writeApprovals(
      owner,
      statements.map((statement, nth) => ({ change, nth, planDigest, statement, rowsMax: 0, expiresMs: NEVER_MS })),
    );
    for (const statement of statements) await owner.script(statement);
  });
}
