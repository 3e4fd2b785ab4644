// What a statement is, by PostgreSQL's own grammar: whether it only reads, which tables it names, whether it says which rows.

import { ok, type Result } from '#base/result.ts';
import {
  asNode,
  asText,
  findNodes,
  parseStatements,
  type Node,
  type ParseRefusal,
  type Statement,
} from '#vault/database/parse-statements.ts';

export interface DescribedStatement {
  /** `read`: changes nothing by its grammar; `write`: rows; `ddl`: everything else. */
  readonly kind: 'read' | 'write' | 'ddl';
  /** Exactly as it was written, without the semicolon. */
  readonly text: string;
  /** `SelectStmt`, `DeleteStmt` … */
  readonly grammar: string;
  /** Tables it names, `schema.name` or `name`, in the order of the text. */
  readonly tables: readonly string[];
  /** Whether a DELETE or UPDATE says which rows; true for all others. */
  readonly hasWhere: boolean;
}

const ROW_CHANGES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];
/** Read alone; what stands inside them is looked at too. */
const READS = new Set(['SelectStmt', 'ExplainStmt', 'VariableShowStmt']);

export async function describeStatements(sql: string): Promise<Result<readonly DescribedStatement[], ParseRefusal>> {
  const parsed = await parseStatements(sql);
  return parsed.ok ? ok(parsed.value.map(describe)) : parsed;
}

function describe({ text, kind: grammar, node }: Statement): DescribedStatement {
  const stmt = { [grammar]: node };
  const changes = ROW_CHANGES.flatMap((kind) => findNodes(stmt, kind));
  const kind =
    changes.length > 0 && !isPlainDdl(grammar) ? 'write' : READS.has(grammar) && isPure(node) ? 'read' : 'ddl';
  const withoutWhere = ['UpdateStmt', 'DeleteStmt']
    .flatMap((of) => findNodes(stmt, of))
    .some((one) => !('whereClause' in one));
  return { kind, text, grammar, tables: tablesOf(stmt), hasWhere: kind !== 'write' || !withoutWhere };
}

/** What it changes first, then what it reads. */
function tablesOf(stmt: Node): readonly string[] {
  const named = [...findNodes(stmt, 'relation'), ...findNodes(stmt, 'RangeVar')]
    .filter((one) => 'relname' in one)
    .map(tableOf);
  const [dropped] = Object.values(stmt).map((node) => asNode(node)['objects']);
  const names = (Array.isArray(dropped) ? dropped : []).map((one) =>
    findNodes(one, 'String')
      .map(({ sval }) => asText(sval))
      .join('.'),
  );
  return [...new Set([...named, ...names])];
}

/** CREATE RULE or FUNCTION with a DELETE inside is no DELETE. */
function isPlainDdl(grammar: string): boolean {
  return !READS.has(grammar) && !ROW_CHANGES.includes(grammar) && grammar !== 'CopyStmt';
}

/** No SELECT INTO, no row locks, no EXPLAIN that carries out. */
function isPure(node: unknown): boolean {
  if (findNodes({ node }, 'IntoClause').length > 0 || findKey(node, 'intoClause') || findKey(node, 'lockingClause'))
    return false;
  const options = findNodes(node, 'DefElem').map((option) => option['defname']);
  return !options.includes('analyze');
}

function findKey(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return value.some((item) => findKey(item, key));
  const node = asNode(value);
  return key in node || Object.values(node).some((inner) => findKey(inner, key));
}

function tableOf({ schemaname, relname }: Node): string {
  const schema = asText(schemaname);
  return schema === '' || schema === 'public' ? asText(relname) : `${schema}.${asText(relname)}`;
}
