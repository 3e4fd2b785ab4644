// From statements as somebody wrote them to what will run: judged, drops turned into moves to the attic, grouped into steps.

import { err, ok, type Result } from '#base/result.ts';
import { limits } from '#base/limits.ts';
import { atticColumn, moveToAttic } from './attic.ts';
import { judgeStatement, worst, type Origin, type RiskClass } from './classify.ts';
import type { PlannedStatement } from './plan.ts';
import { asList, asNode, asText, nameOf, parseStatements, type Statement } from '#vault/database/parse-statements.ts';

export interface ReadStatements {
  readonly class: RiskClass;
  readonly statements: readonly PlannedStatement[];
}

export type StatementRefusal =
  | { readonly kind: 'syntax'; readonly message: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'tooMany' }
  | { readonly kind: 'refusedStatement'; readonly statement: string; readonly why: string };

export interface ReadFacts {
  readonly origin: Origin;
  readonly change: number;
  /** The day from which the attic may forget it, YYYYMMDD. */
  readonly forgetDay: string;
}

export async function readStatements(sql: string, facts: ReadFacts): Promise<Result<ReadStatements, StatementRefusal>> {
  if (sql.length > limits.change.planBytes) return err({ kind: 'tooMany' });
  const parsed = await parseStatements(sql);
  if (!parsed.ok) return parsed;
  if (parsed.value.length === 0) return err({ kind: 'empty' });
  if (parsed.value.length > limits.change.statementsMax) return err({ kind: 'tooMany' });
  const madeHere = new Set<string>();
  const statements: PlannedStatement[] = [];
  for (const statement of parsed.value) {
    const judged = judgeStatement(statement, facts.origin, madeHere);
    if (!judged.ok) return err({ ...judged.error, statement: statement.text.slice(0, 200) });
    const { table, ...judgement } = judged.value;
    if (['CreateStmt', 'CreateTableAsStmt'].includes(statement.kind) && table !== undefined) madeHere.add(table);
    const about = { ...judgement, ...(table === undefined ? {} : { table }) };
    for (const turned of turn(statement, table, facts))
      statements.push(
        turned === statement.text ? { ...about, sql: turned } : { ...about, sql: turned, written: statement.text },
      );
  }
  return ok({ class: worst(statements.map((one) => one.class)), statements });
}

/** Tables and columns are not dropped: they go into the attic under a name that says until when. */
function turn(statement: Statement, table: string | undefined, facts: ReadFacts): readonly string[] {
  const { kind, node, text } = statement;
  if (facts.origin === 'house') return [text];
  if (kind === 'DropStmt' && node['removeType'] === 'OBJECT_TABLE')
    return asList(node['objects']).flatMap((object) => moveToAttic(nameOf(object), facts.change, facts.forgetDay));
  if (kind !== 'AlterTableStmt') return [text];
  const clauses = asList(node['cmds']).map((item) => asNode(item['AlterTableCmd']));
  if (!clauses.some(({ subtype }) => subtype === 'AT_DropColumn') || table === undefined) return [text];
  if (clauses.some(({ subtype }) => subtype !== 'AT_DropColumn')) return [text];
  return clauses.flatMap(({ name }) => atticColumn(table, asText(name), facts.forgetDay));
}
