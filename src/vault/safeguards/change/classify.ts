// What a statement risks, by its parse tree alone: R0 adds, R1 can be taken back, R2 forgets or touches who is who; some are refused.

import { err, ok, type Result } from '#base/result.ts';
import { judgeAlteration } from './classify-alteration.ts';
import {
  asList,
  asNode,
  asText,
  findNodes,
  nameOf,
  type Node,
  type Statement,
} from '#vault/database/parse-statements.ts';

export type RiskClass = 'R0' | 'R1' | 'R2';

/** `ddl`: several share a transaction; `rows`: in small transactions; `alone`: in none (CREATE INDEX CONCURRENTLY). */
export type StatementWay = 'ddl' | 'rows' | 'alone';

export interface Judgement {
  readonly class: RiskClass;
  readonly way: StatementWay;
  /** Half a sentence for people: what it does to the table. */
  readonly why: string;
  /** The table it is about, `schema.name` or `name`. */
  readonly table?: string | undefined;
}

export type JudgeRefusal = {
  readonly kind: 'refusedStatement';
  /** What is wrong with it and what to write instead. */
  readonly why: string;
};

/** `house`: a migration that came with the program; it may do what nobody may type in. */
export type Origin = 'operator' | 'house';

/** Kept by the house itself: a statement on them would make it believe something that is not so. */
const OWN = new Set(['applied', 'instance', 'schema_migration', 'guard_approval', 'change_mark']);
/** What the ledger and the guard hold on to. */
const IDENTITY: Readonly<Record<string, readonly string[]>> = {
  letter: [
    'account_id',
    'letter_id',
    'digest',
    'journal',
    'key_seq',
    'body_journal',
    'body_seq',
    'e0',
    'e1',
    'e2',
    'e3',
    'e4',
    'e5',
    'e6',
    'e7',
  ],
  placement: ['account_id', 'mailbox_id', 'letter_id', 'uid'],
  mailbox: ['account_id', 'mailbox_id', 'uid_validity'],
  account: ['account_id', 'role', 'certificate', 'summary_key', 'auth_key', 'keyring', 'manifest'],
  credential: ['account_id', 'record', 'wrap'],
  wrap: ['account_id', 'wrap_id', 'sealed', 'public_key'],
  address: ['address', 'account_id'],
};
const IN_PLACE = 'would write the whole table anew in place, and nobody could read it meanwhile';

export function judgeStatement(
  { kind, node }: Statement,
  origin: Origin,
  madeHere: ReadonlySet<string>,
): Result<Judgement, JudgeRefusal> {
  const table = tableOf(node);
  if (origin === 'operator' && table !== undefined && OWN.has(table))
    return refuse(`${table} is kept by the house itself`);
  const known = judges[kind];
  if (known !== undefined) return known(node, { table, madeHere, origin });
  if (kind === 'AlterTableStmt') return judgeAlteration(node, table ?? '', madeHere, origin);
  if (origin === 'house') return ok({ class: 'R1', way: 'ddl', why: 'a step of a migration', table });
  return refuse(`${kind.replace(/Stmt$/, '')} has no place in a change`);
}

export interface JudgeFacts {
  readonly table: string | undefined;
  /** Tables that the same plan makes: nothing in them can be lost. */
  readonly madeHere: ReadonlySet<string>;
  readonly origin: Origin;
}
type Judge = (node: Node, facts: JudgeFacts) => Result<Judgement, JudgeRefusal>;

const judges: Readonly<Record<string, Judge>> = {
  CreateStmt: adds('makes a table'),
  CreateSeqStmt: adds('makes a sequence'),
  CreateSchemaStmt: adds('makes a schema'),
  CreateEnumStmt: adds('makes a type'),
  CreateDomainStmt: adds('makes a type'),
  CreateStatsStmt: adds('makes statistics'),
  CreateTableAsStmt: adds('makes a table of what others hold'),
  CommentStmt: adds('writes a comment'),
  ViewStmt: replaces('makes a view'),
  CreateFunctionStmt: replaces('makes a function'),
  AlterSeqStmt: (_, { table }) => ok({ class: 'R1', way: 'ddl', why: 'changes a sequence', table }),
  CreateTrigStmt: (_, { table }) =>
    ok({ class: 'R1', way: 'ddl', why: 'makes a trigger that runs at every change', table }),
  IndexStmt: judgeIndex,
  ReindexStmt: (node, { table }) =>
    hasOption(node, 'concurrently')
      ? ok({ class: 'R1', way: 'alone', why: 'writes an index anew beside', table })
      : refuse('REINDEX keeps everybody waiting; write REINDEX … CONCURRENTLY'),
  VacuumStmt: (node, { table }) =>
    hasOption(node, 'full')
      ? refuse(`VACUUM FULL ${IN_PLACE}. Rows are written anew beside by: siegel change plan --restore`)
      : ok({ class: 'R0', way: 'alone', why: 'tidies and counts', table }),
  ClusterStmt: () => refuse(`CLUSTER ${IN_PLACE}. Rows are written anew beside by: siegel change plan --restore`),
  RepackStmt: () => refuse(`REPACK ${IN_PLACE}. Rows are written anew beside by: siegel change plan --restore`),
  TruncateStmt: () => refuse('TRUNCATE forgets at once. DROP TABLE keeps the table in the attic for 30 days'),
  DropStmt: judgeDrop,
  RenameStmt: (_, { table }) => ok({ class: 'R1', way: 'ddl', why: 'gives something another name', table }),
  InsertStmt: (node, facts) => judgeRows(node, facts, 'R1', 'adds rows'),
  UpdateStmt: (node, facts) => judgeRows(node, facts, 'R1', 'changes rows'),
  DeleteStmt: (node, facts) => judgeRows(node, facts, 'R2', 'deletes rows'),
  MergeStmt: (node, facts) => judgeRows(node, facts, 'R2', 'adds, changes or deletes rows'),
  SelectStmt: () => refuse('a change does not read; ask with siegel sql'),
};

function adds(why: string): Judge {
  return (_, { table }) => ok({ class: 'R0', way: 'ddl', why, table });
}

function replaces(why: string): Judge {
  return (node, { table }) =>
    node['replace'] === true
      ? ok({ class: 'R1', way: 'ddl', why: `${why} in the place of another`, table })
      : ok({ class: 'R0', way: 'ddl', why, table });
}

function judgeIndex(node: Node, { table, madeHere }: JudgeFacts): Result<Judgement, JudgeRefusal> {
  if (node['concurrent'] === true && asText(node['idxname']) === '')
    return refuse('an index that is made CONCURRENTLY needs a name, so that half of one can be told');
  if (node['concurrent'] === true)
    return ok({ class: 'R0', way: 'alone', why: 'makes an index while others work', table });
  if (table !== undefined && madeHere.has(table))
    return ok({ class: 'R0', way: 'ddl', why: 'makes an index of a new table', table });
  return ok({
    class: 'R1',
    way: 'ddl',
    why: 'makes an index; nobody can write meanwhile (CONCURRENTLY lets them)',
    table,
  });
}

const FORGETTING = new Set(['OBJECT_TABLE', 'OBJECT_TRIGGER', 'OBJECT_FUNCTION', 'OBJECT_SEQUENCE', 'OBJECT_TYPE']);
const LIGHT = new Set(['OBJECT_INDEX', 'OBJECT_VIEW', 'OBJECT_STATISTIC_EXT']);

function judgeDrop(node: Node, { origin }: JudgeFacts): Result<Judgement, JudgeRefusal> {
  const what = asText(node['removeType']);
  const names = asList(node['objects']).map(nameOf);
  const [table] = names;
  if (node['behavior'] === 'DROP_CASCADE') return refuse('CASCADE drops what nobody named; name each thing');
  if (origin === 'operator' && names.some((name) => name in IDENTITY || OWN.has(name)))
    return refuse(`the house cannot do without ${names.join(', ')}`);
  if (what === 'OBJECT_TABLE')
    return ok({ class: 'R2', way: 'ddl', why: 'takes a table away: it waits in the attic, then it is gone', table });
  if (LIGHT.has(what)) return ok({ class: 'R1', way: 'ddl', why: 'drops what can be made again from the rows', table });
  return FORGETTING.has(what)
    ? ok({ class: 'R2', way: 'ddl', why: 'drops something for good', table })
    : refuse('only tables, columns, indexes, views, triggers, functions, types and sequences are dropped by a change');
}

function judgeRows(
  node: Node,
  { table, madeHere }: JudgeFacts,
  least: RiskClass,
  why: string,
): Result<Judgement, JudgeRefusal> {
  if (table !== undefined && madeHere.has(table))
    return ok({ class: 'R0', way: 'rows', why: 'fills a new table', table });
  if ('returningClause' in node) return refuse('a change does not read; leave RETURNING out');
  const inner = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'].flatMap((kind) => findNodes(node, kind));
  if (inner.length > 0) return refuse('a statement that changes rows inside another is not looked through; write two');
  const identity = IDENTITY[table ?? ''] ?? [];
  const touched = asList(node['targetList']).map((target) => asText(asNode(target['ResTarget'])['name']));
  const re = touched.filter((column) => identity.includes(column));
  if (re.length > 0) return ok({ class: 'R2', way: 'rows', why: `changes who is who (${re.join(', ')})`, table });
  return ok({ class: least, way: 'rows', why, table });
}

function hasOption(node: Node, name: string): boolean {
  const options = [...asList(node['options']), ...asList(node['params'])];
  return options.some((option) => {
    const { defname, arg } = asNode(option['DefElem']);
    const value = Object.values(asNode(arg)).map(asNode)[0] ?? {};
    const isOff = value['boolval'] === false || ['false', 'off', '0'].includes(asText(value['sval']).toLowerCase());
    return defname === name && !(isOff && arg !== undefined);
  });
}

function tableOf(node: Node): string | undefined {
  const relation = asNode(node['relation']);
  const into = asNode(asNode(node['into'])['rel']);
  const first = asNode(asList(node['rels'])[0]?.['VacuumRelation'])['relation'];
  for (const { relname, schemaname } of [relation, into, asNode(first)]) {
    if (relname !== undefined)
      return schemaname === undefined || schemaname === 'public'
        ? asText(relname)
        : `${asText(schemaname)}.${asText(relname)}`;
  }
  return undefined;
}

function refuse(why: string): Result<never, JudgeRefusal> {
  return err({ kind: 'refusedStatement', why });
}

const ORDER: readonly RiskClass[] = ['R0', 'R1', 'R2'];

export function worst(classes: readonly RiskClass[]): RiskClass {
  return ORDER[Math.max(0, ...classes.map((one) => ORDER.indexOf(one)))] ?? 'R2';
}
