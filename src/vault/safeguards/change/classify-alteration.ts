// What ALTER TABLE risks, one clause at a time: the worst of them counts.

import { err, ok, type Result } from '#base/result.ts';
import type { Judgement, JudgeRefusal, Origin } from './classify.ts';
import { asList, asNode, asText, type Node } from '#vault/database/parse-statements.ts';

type Clause = Pick<Judgement, 'class' | 'why'> | { readonly refused: string };

const REWRITES = 'writes the whole table anew in place, and nobody could read it meanwhile';
const READS = 'reads every row, and nobody could use the table meanwhile';
const NEW: Clause = { class: 'R0', why: 'belongs to a new table' };
/** Clauses that are what they are, whatever stands behind them. */
const FIXED: Readonly<Record<string, Clause>> = {
  AT_SetRelOptions: { class: 'R1', why: 'changes how a table is stored from now on' },
  AT_ResetRelOptions: { class: 'R1', why: 'changes how a table is stored from now on' },
  AT_SetStatistics: { class: 'R0', why: 'changes what is counted' },
  AT_ColumnDefault: { class: 'R1', why: 'changes a default' },
  AT_DropNotNull: { class: 'R1', why: 'lets a column be empty' },
  AT_SetNotNull: {
    refused: `SET NOT NULL ${READS}. Write ADD CONSTRAINT name CHECK (column IS NOT NULL) NOT VALID, then VALIDATE CONSTRAINT name`,
  },
  AT_ValidateConstraint: { class: 'R1', why: 'checks a rule against all rows' },
  AT_DropConstraint: { class: 'R2', why: 'drops a rule that rows had to keep' },
  AT_DropColumn: { class: 'R2', why: 'takes a column away: it waits in the attic, then it is gone' },
  AT_AlterColumnType: {
    refused: `another type of a column ${REWRITES}. Add a column, fill it with UPDATE, then drop the old one`,
  },
  AT_SetLogged: { refused: `this ${REWRITES}` },
  AT_SetUnLogged: { refused: 'an unlogged table is empty after a crash' },
  AT_SetAccessMethod: { refused: `this ${REWRITES}` },
  AT_SetTableSpace: { refused: `this ${REWRITES}` },
  AT_DisableTrig: { refused: 'triggers are how the guard watches' },
  AT_DisableTrigAll: { refused: 'triggers are how the guard watches' },
  AT_DisableTrigUser: { refused: 'triggers are how the guard watches' },
  AT_DisableRule: { refused: 'rules are not switched off' },
};

export function judgeAlteration(
  node: Node,
  table: string,
  madeHere: ReadonlySet<string>,
  origin: Origin,
): Result<Judgement, JudgeRefusal> {
  let worst: Judgement | undefined;
  const clauses = asList(node['cmds']).map((item) => asNode(item['AlterTableCmd']));
  // it reads every row, so it must not stand in one transaction with what keeps others out
  const isNew = madeHere.has(table);
  const isCheck = clauses.every(({ subtype }) => subtype === 'AT_ValidateConstraint') && !isNew;
  for (const one of clauses) {
    const judged = judgeClause(one, origin);
    const clause = 'refused' in judged && isNew && READERS.has(asText(one['subtype'])) ? NEW : judged;
    if ('refused' in clause) return err({ kind: 'refusedStatement', why: clause.refused });
    const risk = isNew ? 'R0' : clause.class;
    if (worst === undefined || risk > worst.class)
      worst = { class: risk, way: isCheck ? 'alone' : 'ddl', why: clause.why, table };
  }
  return worst === undefined ? err({ kind: 'refusedStatement', why: 'ALTER TABLE without a clause' }) : ok(worst);
}

function judgeClause(clause: Node, origin: Origin): Clause {
  const kind = asText(clause['subtype']);
  if (kind === 'AT_AddColumn') return judgeNewColumn(asNode(asNode(clause['def'])['ColumnDef']));
  if (kind === 'AT_AddConstraint') return judgeNewRule(asNode(asNode(clause['def'])['Constraint']));
  const fixed = FIXED[kind];
  if (fixed !== undefined) return fixed;
  return origin === 'house'
    ? { class: 'R1', why: 'a step of a migration' }
    : { refused: `${kind.replace('AT_', '')} has no place in a change` };
}

/** Refused for the rows that they read: a table of the same plan has none yet. */
const READERS = new Set(['AT_AddConstraint', 'AT_SetNotNull']);

/** A rule that does not hold for rows of before is added in a moment; whether it does is then looked at while others work. */
function judgeNewRule(constraint: Node): Clause {
  const why = 'adds a rule that rows must keep';
  if (constraint['skip_validation'] === true || asText(constraint['indexname']) !== '') return { class: 'R1', why };
  switch (asText(constraint['contype'])) {
    case 'CONSTR_UNIQUE':
    case 'CONSTR_PRIMARY':
      return {
        refused: `this ${READS}. Write CREATE UNIQUE INDEX CONCURRENTLY name, then ADD CONSTRAINT … USING INDEX name`,
      };
    case 'CONSTR_EXCLUSION':
      return { refused: `this ${READS}. Make a new table with the rule, and fill it` };
    default:
      return { refused: `this ${READS}. Write ADD CONSTRAINT … NOT VALID, then VALIDATE CONSTRAINT` };
  }
}

/** A constant default is written once beside the table; anything that is computed for each row is written into every row. */
function judgeNewColumn(definition: Node): Clause {
  const constraints = asList(definition['constraints']).map((item) => asNode(item['Constraint']));
  const kinds = constraints.map(({ contype }) => asText(contype));
  const byDefault = constraints.find(({ contype }) => contype === 'CONSTR_DEFAULT');
  if (kinds.some((kind) => kind === 'CONSTR_IDENTITY' || kind === 'CONSTR_GENERATED') || isSerial(definition))
    return { refused: `a column that is computed ${REWRITES}. Add it empty, then fill it with UPDATE` };
  if (byDefault !== undefined && !isConstant(byDefault['raw_expr']))
    return { refused: `a default that is computed ${REWRITES}. Add the column empty, then fill it with UPDATE` };
  if (kinds.includes('CONSTR_NOTNULL') && byDefault === undefined)
    return { refused: 'rows that are there have no value for it. Give a constant DEFAULT, or leave NOT NULL out' };
  const others = kinds.filter((kind) => !['CONSTR_DEFAULT', 'CONSTR_NOTNULL', 'CONSTR_NULL'].includes(kind));
  if (others.length > 0)
    return {
      refused: `a new column with a rule ${READS}. Add it bare, then ADD CONSTRAINT … NOT VALID, then VALIDATE`,
    };
  return { class: 'R0', why: 'adds a column' };
}

function isSerial(definition: Node): boolean {
  const names = asList(asNode(definition['typeName'])['names']).map((name) => asText(asNode(name['String'])['sval']));
  return names.some((name) => /^(?:small|big)?serial[248]?$/.test(name));
}

function isConstant(value: unknown): boolean {
  const node = asNode(value);
  if ('A_Const' in node) return true;
  if ('TypeCast' in node) return isConstant(asNode(node['TypeCast'])['arg']);
  if ('A_ArrayExpr' in node) return asList(asNode(node['A_ArrayExpr'])['elements']).every(isConstant);
  const operator = asNode(node['A_Expr']);
  return 'rexpr' in operator && !('lexpr' in operator) && isConstant(operator['rexpr']); // -1
}
