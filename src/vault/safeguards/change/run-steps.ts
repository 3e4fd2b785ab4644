// Runs a plan's statements in small steps that know how far they came: each step leaves its mark in the transaction that did it.

import { setTimeout as wait } from 'node:timers/promises';
import { assert, unreachable } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { randomUUID } from 'node:crypto';
import { writeApprovals } from '../../database/approve.ts';
import { applyMigration, registerMigration, type Migration } from '../../database/migrate.ts';
import { ConnectionLost, type Session } from '../../database/session.ts';
import { ATTIC, quoted } from './attic.ts';
import { runBatches } from './backfill.ts';
import { asNode, asText, parseStatements } from '#vault/database/parse-statements.ts';
import type { PlannedStatement } from './plan.ts';

export interface RunReport {
  /** Changed, added or deleted, by table. */
  readonly rows: Readonly<Record<string, number>>;
  /** Tables that others had to wait for, and how: `letter ShareLock`. */
  readonly locks: readonly string[];
  readonly seconds: number;
}

export interface Work {
  readonly change: number;
  /** SHA-256 of the signed plan, hex; the guard keeps it with each approval. */
  readonly planDigest: string;
  readonly expiresMs: number;
  readonly statements: readonly PlannedStatement[];
  /** A migration of the program's own, noted where `migrate` looks; in one transaction where it touches no rows that are there. */
  readonly migration?: Migration;
}

export interface RunWay {
  readonly clock: Clock;
  /** Others are at work on these rows: they are left as much time as the change takes. */
  readonly isGentle?: boolean;
  /** Between any two steps; tests end the program there. */
  readonly step?: (name: string) => Promise<void>;
  readonly onProgress?: (done: number, total: number) => void;
}

type Step =
  | { readonly way: 'together'; readonly statements: readonly PlannedStatement[] }
  | { readonly way: 'rows' | 'alone'; readonly statement: PlannedStatement }
  | { readonly way: 'register'; readonly migration: Migration };

/** Others must not wait for us long: a lock that is not to be had is asked for again. What is committed here stays. */
const SETTINGS = `SET synchronous_commit = on; SET lock_timeout = ${limits.change.lock.waitMs}; SET statement_timeout = 0;
  SET enable_seqscan = on; SET enable_hashjoin = on; SET enable_mergejoin = on`;
const HAS_MARKS = `SELECT to_regclass('${ATTIC}.change_mark') IS NOT NULL AS there`;
const MARKS = `CREATE TABLE IF NOT EXISTS ${ATTIC}.change_mark (
    change integer, step integer, is_done boolean NOT NULL, reached text, rows bigint NOT NULL, PRIMARY KEY (change, step))`;
const READ_MARKS = `SELECT step, is_done, reached, rows FROM ${ATTIC}.change_mark WHERE change = $1 ORDER BY step`;
const MARKED = `SELECT DISTINCT change FROM ${ATTIC}.change_mark ORDER BY change`;
const HAS_REGISTER = `SELECT to_regclass('public.schema_migration') IS NOT NULL AS there`;
const FIND_MIGRATION = 'SELECT 1 FROM schema_migration WHERE number = $1';
const IS_VALID = 'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)';
const PUT_MARK = `INSERT INTO ${ATTIC}.change_mark (change, step, is_done, reached, rows) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (change, step) DO UPDATE
  SET is_done = excluded.is_done, reached = excluded.reached, rows = change_mark.rows + excluded.rows`;
const HELD_LOCKS = `
  SELECT DISTINCT c.relname || ' ' || l.mode AS held FROM pg_locks l
  JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid = pg_backend_pid() AND c.relkind = 'r' AND n.nspname = 'public'
    AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
  ORDER BY 1`;

export interface Mark {
  readonly isDone: boolean;
  /** Key of the last row that was done, as JSON. */
  readonly reached: string | undefined;
  readonly rows: number;
}

/** Goes on where it was interrupted; a step that is marked done is not done again. Throws what the database refuses. */
export async function runSteps(session: Session, work: Work, way: RunWay): Promise<RunReport> {
  const beganMs = way.clock.monotonicMs();
  await session.script(SETTINGS);
  await makeMarks(session, work);
  const marks = await readMarks(session, work.change);
  const steps = stepsOf(work);
  const rows: Record<string, number> = {};
  const locks = new Set<string>();
  for (const [index, one] of steps.entries()) {
    const known = marks.get(index);
    const done = known?.isDone === true ? known.rows : await runStep({ session, work, way, locks, index }, one, known);
    const table = one.way === 'rows' ? one.statement.table : undefined;
    if (table !== undefined) rows[table] = (rows[table] ?? 0) + done;
    way.onProgress?.(index + 1, steps.length);
    await way.step?.(`ran-${index}`);
  }
  return { rows, locks: [...locks].toSorted(), seconds: round((way.clock.monotonicMs() - beganMs) / 1000) };
}

/** How far a change came: `none` before its first step was committed, `all` after its last. */
export async function howFar(session: Session, work: Work): Promise<'none' | 'some' | 'all'> {
  if (work.migration !== undefined && (await hasMigration(session, work.migration))) return 'all';
  const [found] = await session.rows<{ there: boolean }>(HAS_MARKS);
  if (found?.there !== true) return 'none';
  const marks = await readMarks(session, work.change);
  if (marks.size === 0) return 'none';
  const isDone = stepsOf(work).every((_, index) => marks.get(index)?.isDone === true);
  return isDone && work.migration === undefined ? 'all' : 'some';
}

/** Every change that did anything to these rows. */
export async function markedChanges(session: Session): Promise<readonly number[]> {
  const [found] = await session.rows<{ there: boolean }>(HAS_MARKS);
  if (found?.there !== true) return [];
  return (await session.rows<{ change: number }>(MARKED)).map(({ change }) => change);
}

export async function hasMigration(session: Session, { number }: Pick<Migration, 'number'>): Promise<boolean> {
  const [register] = await session.rows<{ there: boolean }>(HAS_REGISTER);
  return register?.there === true && (await session.rows(FIND_MIGRATION, [number])).length > 0;
}

async function readMarks(session: Session, change: number): Promise<ReadonlyMap<number, Mark>> {
  interface Row {
    readonly step: number;
    readonly is_done: boolean;
    readonly reached: string | null;
    readonly rows: number;
  }
  const rows = await session.rows<Row & Record<string, unknown>>(READ_MARKS, [change]);
  return new Map(
    rows.map((row) => [row.step, { isDone: row.is_done, reached: row.reached ?? undefined, rows: row.rows }]),
  );
}

/** What may share a transaction does, so that most changes are one. */
function stepsOf({ statements, migration }: Work): readonly Step[] {
  if (migration !== undefined && isWhole(statements)) return [{ way: 'together', statements }];
  const steps: Step[] = [];
  for (const statement of statements) {
    const last = steps.at(-1);
    if (statement.way !== 'ddl') steps.push({ way: statement.way, statement });
    else if (last?.way === 'together')
      steps[steps.length - 1] = { way: 'together', statements: [...last.statements, statement] };
    else steps.push({ way: 'together', statements: [statement] });
  }
  if (migration !== undefined) steps.push({ way: 'register', migration });
  return steps;
}

/** One transaction does for tables and columns; over all rows of a large table it would keep everybody waiting. */
function isWhole(statements: readonly PlannedStatement[]): boolean {
  return statements.every(({ way }) => way === 'ddl');
}

interface StepAt {
  readonly session: Session;
  readonly work: Work;
  readonly way: RunWay;
  readonly locks: Set<string>;
  readonly index: number;
}

async function runStep(at: StepAt, step: Step, known: Mark | undefined): Promise<number> {
  switch (step.way) {
    case 'together':
      await patiently(() => together(at, step.statements));
      return 0;
    case 'alone':
      await alone(at, step.statement);
      return 0;
    case 'register':
      await at.session.transaction(async () => {
        await registerMigration(at.session, step.migration);
        await putMark(at, { isDone: true, reached: undefined, rows: 0 });
      });
      return 0;
    case 'rows':
      return runBatches({
        session: at.session,
        clock: at.way.clock,
        isGentle: at.way.isGentle === true,
        statement: step.statement,
        known,
        patiently,
        allow: (sql) => allow(at.session, at.work, sql, limits.change.backfill.rowsMax),
        mark: (mark) => putMark(at, mark),
        tell: (name) => at.way.step?.(name) ?? Promise.resolve(),
      });
    default:
      return unreachable(step);
  }
}

async function together(at: StepAt, statements: readonly PlannedStatement[]): Promise<void> {
  const { session, work, locks } = at;
  const { migration } = work;
  if (migration !== undefined && isWhole(work.statements)) {
    await applyMigration(session, migration);
    for (const lock of locksOf(statements)) locks.add(lock);
    await putMark(at, { isDone: true, reached: undefined, rows: 0 });
    return;
  }
  await session.transaction(async () => {
    for (const { sql } of statements) {
      await allow(session, work, sql);
      await session.script(sql);
    }
    for (const { held } of await session.rows<{ held: string }>(HELD_LOCKS)) locks.add(held);
    await putMark(at, { isDone: true, reached: undefined, rows: 0 });
  });
}

/** Whom a migration makes wait, by its statements: tables that it makes itself keep nobody. */
function locksOf(statements: readonly PlannedStatement[]): readonly string[] {
  return statements.flatMap(({ sql, table }) => {
    if (table === undefined) return [];
    if (/^\s*ALTER\s+TABLE/i.test(sql)) return [`${table} AccessExclusiveLock`];
    return /^\s*CREATE\s+(?:UNIQUE\s+)?INDEX/i.test(sql) ? [`${table} ShareLock`] : [];
  });
}

/** Tells the guard, in the transaction that sends the statement, that this very text is approved. */
export async function allow(
  session: Session,
  { change, planDigest, expiresMs }: Work,
  sql: string,
  rowsMax = 0,
): Promise<void> {
  await writeApprovals(session, [
    {
      change: `change-${change}-${randomUUID()}`,
      nth: 0,
      planDigest: Buffer.from(planDigest, 'hex'),
      statement: sql,
      rowsMax,
      // one for the statement, others for what it calls itself
      usesMax: 2,
      expiresMs: expiresMs + GRACE_MS,
    },
  ]);
}

/** Work that began in time may end in its own. */
const GRACE_MS = 24 * 3_600_000;

async function makeMarks(session: Session, work: Work): Promise<void> {
  const [found] = await session.rows<{ there: boolean }>(HAS_MARKS);
  if (found?.there === true) return;
  await session.transaction(async () => {
    await allow(session, work, MARKS);
    await session.script(MARKS);
  });
}

/** No transaction may hold it: whether it is done is seen by looking, and what is half done is made anew. */
async function alone(at: StepAt, { sql }: PlannedStatement): Promise<void> {
  const { session } = at;
  const parsed = await parseStatements(sql);
  assert(parsed.ok, 'a planned statement can be read');
  const [statement] = parsed.value;
  const own = statement?.kind === 'IndexStmt' ? asText(statement.node['idxname']) : '';
  const schema = asText(asNode(statement?.node['relation'])['schemaname']);
  const name = schema === '' || own === '' ? own : `${schema}.${own}`;
  const isValid = async (): Promise<boolean | undefined> => {
    const [row] = await session.rows<{ valid: boolean }>(IS_VALID, [quoted(name)]);
    return row?.valid;
  };
  await session.script(`SET lock_timeout = ${limits.change.lock.aloneWaitMs}`);
  await patiently(async () => {
    const before = name === '' ? undefined : await isValid();
    if (before === false) await sendAllowed(at, `DROP INDEX CONCURRENTLY IF EXISTS ${quoted(name)}`);
    if (before !== true) await sendAllowed(at, sql);
  });
  await session.script(`SET lock_timeout = ${limits.change.lock.waitMs}`);
  await putMark(at, { isDone: true, reached: undefined, rows: 0 });
}

async function sendAllowed({ session, work }: StepAt, sql: string): Promise<void> {
  await allow(session, work, sql);
  await session.script(sql);
}

async function putMark({ session, work, index }: StepAt, { isDone, reached, rows }: Mark): Promise<void> {
  await session.rows(PUT_MARK, [work.change, index, isDone, reached ?? null, rows]);
}

/** 55P03: the lock was not to be had in time; 40P01, 40001: somebody else went first. */
const AGAIN = new Set(['55P03', '40P01', '40001']);

async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
      if (cause instanceof ConnectionLost || !AGAIN.has(code) || tries >= limits.change.lock.triesMax) throw cause;
      await wait(limits.change.lock.pauseMs);
    }
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
