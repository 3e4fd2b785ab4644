// A statement over many rows in small transactions, along the table's key: others wait for at most a few rows, and a stop loses one batch.

import { setTimeout as wait } from 'node:timers/promises';
import { assert } from '#base/assert.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import type { Session } from '../../database/session.ts';
import { quoted } from './attic.ts';
import { asNode, asText, parseStatements, scanTokens } from '#vault/database/parse-statements.ts';
import type { PlannedStatement } from './plan.ts';
import type { Mark } from './run-steps.ts';

export interface Backfill {
  readonly session: Session;
  readonly clock: Clock;
  /** Leaves others as much time as it takes itself. */
  readonly isGentle: boolean;
  readonly statement: PlannedStatement;
  readonly known: Mark | undefined;
  readonly patiently: <T>(attempt: () => Promise<T>) => Promise<T>;
  /** Tells the guard that this text may run. */
  readonly allow: (sql: string) => Promise<void>;
  /** In the transaction of the rows it speaks of. */
  readonly mark: (mark: Mark) => Promise<void>;
  readonly tell: (name: string) => Promise<void>;
}

interface KeyColumn {
  readonly name: string;
  readonly type: string;
}

const KEY = `
  SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type
  FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey) WITH ORDINALITY AS k(attnum, place)
  JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
  WHERE i.indrelid = to_regclass($1) AND i.indisprimary ORDER BY k.place`;

/** Rows it changed, those of before an interruption included. */
export async function runBatches(fill: Backfill): Promise<number> {
  const { session, clock, statement, known, patiently } = fill;
  const shape = await readShape(fill);
  if (shape === undefined) {
    // as a whole: a table without a key, an INSERT, or a statement that looks at other tables
    const rows = await patiently(() =>
      session.transaction(async () => {
        const count = await counted(fill, statement.sql, []);
        await fill.mark({ isDone: true, reached: undefined, rows: count });
        return count;
      }),
    );
    return rows;
  }
  let reached = known?.reached;
  let total = known?.rows ?? 0;
  let size: number = limits.change.backfill.rowsMin;
  for (let number = 0; ; number += 1) {
    const beganMs = clock.monotonicMs();
    const batch = await patiently(() => session.transaction(() => runBatch(fill, shape, { from: reached, size })));
    const tookMs = clock.monotonicMs() - beganMs;
    total += batch.rows;
    if (batch.reached === undefined) return total;
    reached = batch.reached;
    await fill.tell(`batch-${number}`);
    size = nextSize(size, tookMs);
    const { pauseShare, pauseMsMax } = limits.change.backfill;
    if (fill.isGentle) await wait(Math.min(pauseMsMax, tookMs * pauseShare));
  }
}

/** Others wait for a batch no longer than need be. Twice or half: a size is part of a statement's text, and few texts are prepared once each. */
export function nextSize(size: number, tookMs: number): number {
  const { rowsMin, rowsMax, batchMs } = limits.change.backfill;
  if (tookMs > batchMs) return Math.max(rowsMin, size / 2);
  return tookMs < batchMs / 3 ? Math.min(rowsMax, size * 2) : size;
}

interface Shape {
  readonly columns: readonly KeyColumn[];
  readonly table: string;
  /** The statement up to where its condition begins, and the condition. */
  readonly head: string;
  readonly condition: string | undefined;
  /** Where another table is named: FROM in an UPDATE, USING in a DELETE. */
  readonly beside: 'FROM' | 'USING';
}

interface Batch {
  readonly rows: number;
  /** Undefined: no row is left. */
  readonly reached: string | undefined;
}

async function runBatch(
  fill: Backfill,
  shape: Shape,
  { from, size }: { readonly from: string | undefined; readonly size: number },
): Promise<Batch> {
  const { session } = fill;
  // a mark is lost together with its rows and they are done again; the last one, below, brings all before it to the disk
  await session.script('SET LOCAL synchronous_commit = off');
  const text = batchText(shape, { isFirst: from === undefined, size });
  await fill.allow(text);
  const [done] = await session.rows<{ rows: number; seen: number; reached: string | null }>(
    text,
    from === undefined ? [] : readKey(from),
  );
  assert(done !== undefined, 'a count is one row');
  const isLast = done.seen < size;
  if (isLast) await session.script('SET LOCAL synchronous_commit = on');
  const reached = done.reached ?? from;
  await fill.mark({ isDone: isLast, reached, rows: done.rows });
  return { rows: done.rows, reached: isLast ? undefined : reached };
}

/** The keys are taken first, in their order, and the rows found by them: from a range of keys PostgreSQL may think it better to read a whole account each time. */
function batchText(
  { columns, table, head, condition, beside }: Shape,
  { isFirst, size }: { readonly isFirst: boolean; readonly size: number },
): string {
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const low = columns.map(({ type }, index) => `$${index + 1}::${type}`).join(', ');
  const taken = columns.map((_, index) => `siegel_key_${index}`);
  const same = columns.map(({ name }, index) => `${quoted(table)}.${quoted(name)} = siegel_part.siegel_key_${index}`);
  const conditions = [...(condition === undefined ? [] : [`(${condition}\n)`]), ...same];
  return `WITH siegel_part AS MATERIALIZED (
      SELECT ${columns.map(({ name }, index) => `${quoted(name)} AS siegel_key_${index}`).join(', ')} FROM ${quoted(table)}
      ${isFirst ? '' : `WHERE (${names}) > (${low})`} ORDER BY ${names} LIMIT ${size}),
    changed AS (${head} ${beside} siegel_part WHERE ${conditions.join(' AND ')}
      RETURNING 1)
    SELECT (SELECT count(*)::int FROM changed) AS rows, (SELECT count(*)::int FROM siegel_part) AS seen,
      (SELECT jsonb_build_array(${taken.map((one) => `${one}::text`).join(', ')})::text FROM siegel_part
        ORDER BY ${taken.map((one) => `${one} DESC`).join(', ')} LIMIT 1) AS reached`;
}

async function counted({ session, allow }: Backfill, sql: string, values: readonly string[]): Promise<number> {
  const text = `WITH changed AS (${sql}\nRETURNING 1) SELECT count(*)::int AS count FROM changed`;
  await allow(text);
  const [row] = await session.rows<{ count: number }>(text, values);
  return row?.count ?? 0;
}

function readKey(text: string): readonly string[] {
  const value: unknown = JSON.parse(text);
  assert(Array.isArray(value), 'a mark holds a key');
  return value.map(String);
}

/** Undefined: it cannot be divided. Divided are UPDATE and DELETE of one table with a key that they do not change. */
async function readShape({ session, statement }: Backfill): Promise<Shape | undefined> {
  const parsed = await parseStatements(statement.sql);
  assert(parsed.ok, 'a planned statement can be read');
  const [read] = parsed.value;
  if (read === undefined || statement.table === undefined || !['UpdateStmt', 'DeleteStmt'].includes(read.kind))
    return undefined;
  const { node } = read;
  const relation = asNode(node['relation']);
  const looksElsewhere = ['fromClause', 'usingClause', 'withClause', 'returningClause'].some((name) => name in node);
  if (looksElsewhere || 'alias' in relation) return undefined;
  const columns = await session.rows<{ name: string; type: string }>(KEY, [quoted(statement.table)]);
  const targets = Array.isArray(node['targetList'])
    ? node['targetList'].map((one) => asText(asNode(asNode(one)['ResTarget'])['name']))
    : [];
  if (columns.length === 0 || columns.some(({ name }) => targets.includes(name))) return undefined;
  const beside = read.kind === 'UpdateStmt' ? 'FROM' : 'USING';
  return { columns, table: statement.table, beside, ...(await splitAtWhere(read.text)) };
}

async function splitAtWhere(sql: string): Promise<Pick<Shape, 'head' | 'condition'>> {
  const bytes = Buffer.from(sql);
  let depth = 0;
  for (const { text, start } of await scanTokens(sql)) {
    if (text === '(' || text === '[') depth += 1;
    if (text === ')' || text === ']') depth -= 1;
    if (depth === 0 && text.toUpperCase() === 'WHERE')
      return { head: bytes.subarray(0, start).toString(), condition: bytes.subarray(start + 5).toString() };
  }
  return { head: `${sql}\n`, condition: undefined };
}
