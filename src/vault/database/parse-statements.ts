// Statements as PostgreSQL itself reads them: its own grammar, not one of ours.

import { err, ok, type Result } from '#base/result.ts';

/** A node of PostgreSQL's parse tree: one member, named after its kind. */
export type Node = Readonly<Record<string, unknown>>;

export interface Statement {
  /** Exactly as it was written, without the semicolon. */
  readonly text: string;
  /** `UpdateStmt`, `DropStmt` … */
  readonly kind: string;
  readonly node: Node;
}

export interface Token {
  readonly text: string;
  /** Bytes from the beginning of the text. */
  readonly start: number;
}

export type ParseRefusal = { readonly kind: 'syntax'; readonly message: string };

/** The grammar is loaded at the first call: most starts never need it. */
export async function parseStatements(sql: string): Promise<Result<readonly Statement[], ParseRefusal>> {
  const { parse } = await import('libpg-query');
  const bytes = Buffer.from(sql);
  try {
    const { stmts = [] } = await parse(sql);
    return ok(
      stmts.map(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
        const part = bytes.subarray(from, length === undefined || length === 0 ? undefined : from + length);
        const [kind = '', node] = Object.entries(asNode(stmt))[0] ?? [];
        return { text: part.toString().trim(), kind, node: asNode(node) };
      }),
    );
  } catch (cause) {
    return err({ kind: 'syntax', message: cause instanceof Error ? cause.message : 'unreadable' });
  }
}

/** The words of one statement, without comments. */
export async function scanTokens(sql: string): Promise<readonly Token[]> {
  const { scan } = await import('libpg-query');
  const { tokens } = await scan(sql);
  return tokens
    .filter(({ tokenName }) => tokenName !== 'SQL_COMMENT' && tokenName !== 'C_COMMENT')
    .map(({ text, start }) => ({ text, start }));
}

export function asNode(value: unknown): Node {
  return isNode(value) ? value : {};
}

export function asList(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.map(asNode) : [];
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The name in a list of String nodes, joined with dots: `attic.letter`. */
export function nameOf(value: unknown): string {
  const items = 'List' in asNode(value) ? asList(asNode(asNode(value)['List'])['items']) : asList(value);
  return items.map((item) => asText(asNode(item['String'])['sval'])).join('.');
}

/** Every node of that kind anywhere inside. */
export function findNodes(value: unknown, kind: string): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap((item) => findNodes(item, kind));
  return Object.entries(asNode(value)).flatMap(([name, inner]) => [
    ...(name === kind && isNode(inner) ? [inner] : []),
    ...findNodes(inner, kind),
  ]);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
