// Whether the rows of a backup are whole: the copy is what it was said to be, follows its journal to the end, and bears every check.

import { err, ok, type Result } from '#base/result.ts';
import type { InstanceId } from '#base/ids.ts';
import { silentLog } from '#base/log/log.ts';
import { readPosition } from '../../database/apply.ts';
import { ApplyQueue } from '../../database/apply-queue.ts';
import { explainDatabaseRefusal } from '../../database/check-database.ts';
import { readMigrations } from '../../database/migrate.ts';
import type { Database } from '../../database/open-database.ts';
import type { Session } from '../../database/session.ts';
import type { KeyKit } from '../../keykit/key-kit.ts';
import type { JournalCopy } from './journal-copy.ts';
import type { Manifest } from './manifest.ts';
import type { LedgerFindings, Neighbours, RowsBeside } from './neighbours.ts';
import type { ProofRefusal } from './refusals.ts';

export interface RowsOrder {
  readonly rows: RowsBeside;
  readonly journal: JournalCopy;
  readonly manifest: Manifest;
  readonly kit: KeyKit;
  readonly checkLedger: Neighbours['checkLedger'];
  readonly instanceId: InstanceId;
}

const SQL = {
  schema: 'SELECT coalesce(max(number), 0)::int AS number FROM schema_migration',
  hasSchema: `SELECT to_regclass('schema_migration') IS NOT NULL AS has`,
  indexes: `
    SELECT c.oid::int8 AS oid, c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND i.indisvalid AND c.relpersistence = 'p'`,
  checkIndex: 'SELECT bt_index_check($1::int8::oid::regclass, true)',
  tables: `SELECT oid::int8 AS oid, relname AS name FROM pg_class WHERE relkind IN ('r', 't') AND relpersistence = 'p'`,
  checkTable: 'SELECT count(*)::int8 AS count FROM verify_heapam($1::int8::oid::regclass)',
  setups: 'SELECT setup_id, count(*)::int8 AS count FROM credential GROUP BY setup_id',
} as const;

export async function proveRows(order: RowsOrder): Promise<Result<LedgerFindings, ProofRefusal>> {
  const { rows, manifest, journal } = order;
  const { database } = rows;
  const { base } = manifest;
  if (base !== null) {
    const isAsSaid = await proveBase(database, base, {
      systemIdentifier: rows.systemIdentifier,
      journal: journal.journal,
    });
    if (!isAsSaid.ok) return isAsSaid;
  }
  const followed = await followCopy(order);
  if (!followed.ok) return followed;
  await using session = await database.connectAs('owner');
  const wanted = (await readMigrations()).at(-1)?.number ?? 0;
  const found = await readSchema(session);
  if (found !== wanted) return err({ kind: 'schemaWrong', found, wanted });
  const damaged = await findDamage(session);
  if (damaged !== undefined) return err({ kind: 'rowsDamaged', relation: damaged });
  const ledger = await order.checkLedger({ database, journal, ledgerKey: order.kit.ledgerKey });
  if (!ledger.isEqual) return err({ kind: 'ledgerUnequal' });
  const logins = await session.rows<{ setup_id: string; count: number }>(SQL.setups);
  const unknown = logins.filter(({ setup_id: id }) => !order.kit.setups.some((setup) => setup.id === id));
  if (unknown.length > 0)
    return err({ kind: 'loginsWithoutSetup', accounts: unknown.reduce((sum, { count }) => sum + count, 0) });
  return ok(ledger);
}

/** Before anything is followed: the copy of the rows is the one that was taken. */
async function proveBase(
  database: Database,
  said: { readonly systemIdentifier: string; readonly appliedSeq: number; readonly schema: number },
  found: { readonly systemIdentifier: string; readonly journal: number },
): Promise<Result<void, ProofRefusal>> {
  if (said.systemIdentifier !== found.systemIdentifier) return err({ kind: 'baseOtherCluster' });
  await using session = await database.connect();
  const schema = await readSchema(session);
  if (schema !== said.schema) return err({ kind: 'schemaWrong', found: schema, wanted: said.schema });
  const foundSeq = await session.transaction(() => readPosition(session, found.journal));
  return foundSeq < said.appliedSeq ? err({ kind: 'baseOld', claimedSeq: said.appliedSeq, foundSeq }) : ok(undefined);
}

/** Applies the journal’s copy to the end. */
export async function followCopy({
  rows,
  journal,
  instanceId,
}: Pick<RowsOrder, 'rows' | 'journal' | 'instanceId'>): Promise<Result<void, ProofRefusal>> {
  const queue = new ApplyQueue({ log: silentLog, database: rows.database, journal, instanceId });
  const { state, refusal, appliedSeq, heldBack } = await queue.start();
  await queue.close();
  if (refusal !== undefined) return err({ kind: 'rowsRefused', why: explainDatabaseRefusal(refusal) });
  if (state !== 'up' || appliedSeq < journal.durableSeq || heldBack > 0 || journal.refused.length > 0)
    return err({ kind: 'rowsIncomplete', appliedSeq, wantedSeq: journal.durableSeq });
  return ok(undefined);
}

async function readSchema(session: Session): Promise<number> {
  const [has] = await session.rows<{ has: boolean }>(SQL.hasSchema);
  if (has?.has !== true) return 0;
  const [row] = await session.rows<{ number: number }>(SQL.schema);
  return row?.number ?? 0;
}

/** The first table or index that PostgreSQL’s own check finds damaged; every row has its entry in every index. */
export async function findDamage(session: Pick<Session, 'rows'>): Promise<string | undefined> {
  for (const { oid, name } of await session.rows<{ oid: number; name: string }>(SQL.indexes))
    if (!(await isIndexWhole(session, oid))) return name;
  for (const { oid, name } of await session.rows<{ oid: number; name: string }>(SQL.tables))
    if (!(await isTableWhole(session, oid))) return name;
  return undefined;
}

async function isIndexWhole(session: Pick<Session, 'rows'>, oid: number): Promise<boolean> {
  try {
    await session.rows(SQL.checkIndex, [oid]);
    return true;
  } catch {
    return false;
  }
}

/** A page whose checksum is wrong cannot be read at all. */
async function isTableWhole(session: Pick<Session, 'rows'>, oid: number): Promise<boolean> {
  try {
    const [wrong] = await session.rows<{ count: number }>(SQL.checkTable, [oid]);
    return wrong?.count === 0;
  } catch {
    return false;
  }
}
