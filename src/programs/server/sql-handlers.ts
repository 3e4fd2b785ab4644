// The guarded console: what reads is carried out as the reader, what writes is described and goes the way of changes.

import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import type { Database } from '#vault/database/open-database.ts';
import { estimateRows, readFreely } from '#vault/database/read-freely.ts';
import { describeStatements, type DescribedStatement } from '#vault/safeguards/guard/describe-statements.ts';
import type { OperatorHandlers, OperatorRefusal, ResultOf } from '../operator-methods.ts';
import { refuse } from './operator-change.ts';

type Answer = Result<ResultOf<'sql.ask'>, OperatorRefusal>;

export function createSqlHandlers(database: Database): Pick<OperatorHandlers, 'sql.ask'> {
  return { 'sql.ask': ({ sql }) => answer(database, sql) };
}

async function answer(database: Database, sql: string): Promise<Answer> {
  const parsed = await describeStatements(sql);
  if (!parsed.ok)
    return refuse('syntax', `PostgreSQL does not understand that: ${parsed.error.message}. Nothing was carried out.`);
  const [first, ...others] = parsed.value;
  if (first === undefined) return refuse('nothing', 'There is no statement. For example: siegel sql "TABLE instance"');
  if (first.kind === 'read' && others.length === 0) return read(database, first);
  if (parsed.value.some(({ kind }) => kind === 'read'))
    return refuse(
      'several',
      'One statement that reads at a time; and what changes rows is given by itself. Nothing was carried out.',
    );
  return ok({ kind: 'changes', statements: await Promise.all(parsed.value.map((one) => describe(database, one))) });
}

async function read(database: Database, { text, grammar }: DescribedStatement): Promise<Answer> {
  const done = await readFreely(database, { text, isQuery: grammar === 'SelectStmt' }, limits.sql);
  if (!done.ok) return refuse('sql', `PostgreSQL refuses: ${done.error.message}. Nothing was changed.`);
  const { columns, rows, isCut } = done.value;
  return ok({ kind: 'rows', columns: [...columns], rows: rows.map((row) => [...row]), isCut });
}

async function describe(
  database: Database,
  { text, grammar, tables, hasWhere, kind }: DescribedStatement,
): Promise<Extract<ResultOf<'sql.ask'>, { kind: 'changes' }>['statements'][number]> {
  const expected = kind === 'write' ? ((await estimateRows(database, text)) ?? null) : null;
  return { sql: text, grammar, tables: [...tables], hasWhere, expected };
}
