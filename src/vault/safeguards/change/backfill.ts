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
}

async function runBatch(
  fill: Backfill,
  { columns, table, head, condition }: Shape,
  { from, size }: { readonly from: string | undefined; readonly size: number },
): Promise<{ readonly rows: number; readonly reached: string | undefined }> {
  const { session } = fill;
  // a mark is lost together with its rows and they are done again; the last one, below, brings all before it to the disk
  await session.script('SET LOCAL synchronous_commit = off');
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const low = from === undefined ? [] : readKey(from);
  const place = (at: number): string => columns.map(({ type }, index) => `$${at + index + 1}::${type}`).join(', ');
  const above = low.length === 0 ? [] : [`(${names}) > (${place(0)})`];
  const bound = `SELECT jsonb_build_array(${columns.map(({ name }) => `${quoted(name)}::text`).join(', ')})::text AS key
    FROM ${quoted(table)}${above.length === 0 ? '' : ` WHERE ${above.join('')}`} ORDER BY ${names} OFFSET ${size - 1} LIMIT 1`;
  const [next] = await session.rows<{ key: string }>(bound, low);
  const high = next === undefined ? [] : readKey(next.key);
  const below = next === undefined ? [] : [`(${names}) <= (${place(low.length)})`];
  const conditions = [...(condition === undefined ? [] : [`(${condition}\n)`]), ...above, ...below];
  if (next === undefined) await session.script('SET LOCAL synchronous_commit = on');
  const text = conditions.length === 0 ? head : `${head} WHERE ${conditions.join(' AND ')}`;
  const rows = await counted(fill, text, [...low, ...high]);
  await fill.mark({ isDone: next === undefined, reached: next?.key ?? from, rows });
  return { rows, reached: next?.key };
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
  return { columns, table: statement.table, ...(await splitAtWhere(read.text)) };
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
