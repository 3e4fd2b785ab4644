// What a statement is, by PostgreSQL's own grammar: whether it only reads, which tables it names, whether it says which rows.

import { err, ok, type Result } from '#base/result.ts';

export interface ParsedStatement {
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

export interface ParseRefusal {
  readonly kind: 'syntax';
  /** As PostgreSQL says it. */
  readonly message: string;
}

const ROW_CHANGES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];
/** Read alone; what stands inside them is looked at too. */
const READS = new Set(['SelectStmt', 'ExplainStmt', 'VariableShowStmt']);

/** The grammar is loaded at the first call: 2 MB that most starts never need. */
export async function parseStatements(sql: string): Promise<Result<readonly ParsedStatement[], ParseRefusal>> {
  const { parse } = await import('libpg-query');
  const bytes = Buffer.from(sql);
  try {
    const { stmts = [] } = await parse(sql);
    return ok(
      stmts.map(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
        const end = length === undefined || length === 0 ? undefined : from + length;
        return describe(stmt, bytes.subarray(from, end).toString().trim());
      }),
    );
  } catch (cause) {
    return err({ kind: 'syntax', message: cause instanceof Error ? cause.message : 'unreadable' });
  }
}

function describe(stmt: unknown, text: string): ParsedStatement {
  const [grammar = '', node] = Object.entries(isNode(stmt) ? stmt : {})[0] ?? [];
  const changes = ROW_CHANGES.flatMap((kind) => findAll(stmt, kind));
  const kind =
    changes.length > 0 && !isPlainDdl(grammar) ? 'write' : READS.has(grammar) && isPure(node) ? 'read' : 'ddl';
  const withoutWhere = ['UpdateStmt', 'DeleteStmt']
    .flatMap((of) => findAll(stmt, of))
    .some((one) => !('whereClause' in one));
  return { kind, text, grammar, tables: tablesOf(stmt, node), hasWhere: kind !== 'write' || !withoutWhere };
}

/** What it changes first, then what it reads. */
function tablesOf(stmt: unknown, node: unknown): readonly string[] {
  const named = [...findAll(stmt, 'relation'), ...findAll(stmt, 'RangeVar')]
    .filter((one) => 'relname' in one)
    .map(nameOf);
  const dropped = isNode(node) && Array.isArray(node['objects']) ? node['objects'] : [];
  const names = dropped.map((one) =>
    findAll(one, 'String')
      .map(({ sval }) => String(sval))
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
  if (findAll({ node }, 'IntoClause').length > 0 || findKey(node, 'intoClause') || findKey(node, 'lockingClause'))
    return false;
  const options = findAll(node, 'DefElem').map((option) => option['defname']);
  return !options.includes('analyze');
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function findAll(value: unknown, kind: string): Node[] {
  if (Array.isArray(value)) return value.flatMap((item) => findAll(item, kind));
  if (!isNode(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === kind && isNode(inner) ? [inner] : []),
    ...findAll(inner, kind),
  ]);
}

function findKey(value: unknown, key: string): boolean {
  if (Array.isArray(value)) return value.some((item) => findKey(item, key));
  return isNode(value) && (key in value || Object.values(value).some((inner) => findKey(inner, key)));
}

function nameOf({ schemaname, relname }: Node): string {
  const name = typeof relname === 'string' ? relname : '';
  return typeof schemaname !== 'string' || schemaname === 'public' ? name : `${schemaname}.${name}`;
}
