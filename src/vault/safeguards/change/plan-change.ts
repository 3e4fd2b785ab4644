// The first step: what is wanted becomes a plan with its class, where it belongs, how it is taken back, and until when it is good.

import { unreachable } from '#base/assert.ts';
import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import type { Migration } from '../../database/migrate.ts';
import { dayOf } from './attic.ts';
import type { Change } from './change-state.ts';
import { canGoBack } from './change-work.ts';
import type { RiskClass } from './classify.ts';
import { operatorContent, type OperatorContent } from './operators.ts';
import type { ChangeParts } from './parts.ts';
import { digestOf, type ChangeKind, type LeaveOut, type PlanContent, type PlanDraft } from './plan.ts';
import { readStatements, type ReadStatements, type StatementRefusal } from './read-plan.ts';
import { refuse, type ChangeRefusal } from './refusals.ts';
import { checkSetting, settingDays } from './settings.ts';
import { tellDue } from './tell-operators.ts';

export type Wanted =
  | { readonly kind: 'sql'; readonly sql: string }
  | { readonly kind: 'migration'; readonly migration: Migration }
  | {
      readonly kind: 'operators';
      readonly put: readonly { readonly operatorId: string; readonly content: OperatorContent }[];
      readonly remove: readonly { readonly operatorId: string; readonly name: string }[];
    }
  | { readonly kind: 'restore'; readonly leaveOut: LeaveOut }
  | { readonly kind: 'settings'; readonly settings: Readonly<Record<string, string>> };

type Read = Pick<PlanDraft, 'content' | 'class' | 'because' | 'undo'>;

export function planChange(parts: ChangeParts, wanted: Wanted): Promise<Result<Change, ChangeRefusal>> {
  const { book, rows } = parts;
  return book.alone(async () => {
    const cluster = await rows.cluster();
    if (!cluster.ok) return refuse('neighbour', { what: cluster.error.sentence });
    const change = book.nextNumber;
    const read = await readWanted(parts, wanted, change);
    if (!read.ok) return read;
    if (needsShadow(read.value) && !canGoBack(parts, read.value.content.kind)) return refuse('externalDatabase');
    const draft: PlanDraft = {
      v: 1,
      change,
      ...read.value,
      cluster: cluster.value,
      heads: await rows.heads(),
      expiresMs: book.nowMs() + limits.change.expiresMs,
    };
    const planned = await book.step(change, 'planned', draft);
    await parts.step('planned');
    if (planned.ok) await tellDue(parts);
    return planned;
  });
}

function needsShadow({ class: risk, content }: Read): boolean {
  return content.kind === 'restore' || ((content.kind === 'sql' || content.kind === 'migration') && risk !== 'R0');
}

async function readWanted(parts: ChangeParts, wanted: Wanted, change: number): Promise<Result<Read, ChangeRefusal>> {
  switch (wanted.kind) {
    case 'sql':
      return readSql(parts, wanted.sql, change);
    case 'migration':
      return readMigration(parts, wanted.migration, change);
    case 'operators':
      return readOperatorChange(wanted.put, wanted.remove);
    case 'restore':
      return readRestore(parts, wanted.leaveOut);
    case 'settings':
      return readSettings(wanted.settings);
    default:
      return unreachable(wanted);
  }
}

function wayBack({ rows }: Pick<ChangeParts, 'rows'>): string {
  if (rows.generations === undefined) return 'None by itself: nothing is kept beside the database of your own.';
  const from = rows.generations.hasCopies
    ? 'The copy made just before, and the journal to its end'
    : 'The journal alone';
  return `${from}: everything that arrived since is kept.`;
}

async function readSql(parts: ChangeParts, sql: string, change: number): Promise<Result<Read, ChangeRefusal>> {
  const days = settingDays(parts.book.changes.values(), 'attic-days');
  const forgetDay = dayOf(parts.book.nowMs() + days * 86_400_000);
  const read = await readStatements(sql, { origin: 'operator', change, forgetDay });
  if (!read.ok) return refuseStatement(read.error);
  const room = await checkSequences(parts, read.value);
  if (!room.ok) return room;
  const { statements } = read.value;
  return ok({
    content: { kind: 'sql', statements: [...statements] },
    class: read.value.class,
    because: reasons(read.value),
    undo: wayBack(parts),
  });
}

async function readMigration(
  parts: ChangeParts,
  { number, name, sql }: Migration,
  change: number,
): Promise<Result<Read, ChangeRefusal>> {
  const read = await readStatements(sql, { origin: 'house', change, forgetDay: '' });
  if (!read.ok) return refuseStatement(read.error);
  const room = await checkSequences(parts, read.value);
  if (!room.ok) return room;
  const migration = { number, name, digest: digestOf(Buffer.from(sql)) };
  const statements = [...read.value.statements];
  return ok({
    content: { kind: 'migration', migration, statements },
    class: read.value.class,
    because: reasons(read.value),
    undo: `${wayBack(parts)} The program goes on with the schema before.`,
  });
}

function reasons({ statements }: ReadStatements): string[] {
  const said = statements.map(
    ({ class: risk, why, table }) => `${risk} ${why}${table === undefined ? '' : ` (${table})`}`,
  );
  return [...new Set(said)];
}

function readOperatorChange(
  put: Extract<Wanted, { kind: 'operators' }>['put'],
  remove: Extract<Wanted, { kind: 'operators' }>['remove'],
): Result<Read, ChangeRefusal> {
  const because = [
    ...put.map(({ content }) => `R2 ${content.name} may answer for changes`),
    ...remove.map(({ name }) => `R2 ${name} may not answer for changes any more`),
  ];
  const content: PlanContent = {
    kind: 'operators',
    put: put.map(({ operatorId, content: one }) => ({ operatorId, content: operatorContent(one) })),
    remove: [...remove],
  };
  return ok({
    content,
    class: 'R2',
    because,
    undo: 'Plan the opposite: who answers for changes is never taken back by a machine.',
  });
}

async function readRestore(parts: ChangeParts, leaveOut: LeaveOut): Promise<Result<Read, ChangeRefusal>> {
  const isChoosing = Object.values(leaveOut).some((value) => value !== undefined);
  const found = isChoosing ? await parts.commands.find(leaveOut) : ok({ seqs: [], byKind: {} });
  if (!found.ok) return refuse('neighbour', { what: found.error.sentence });
  const { seqs, byKind } = found.value;
  if (isChoosing && seqs.length === 0)
    return refuse('nothingToDo', { what: 'No command was found that this choice means.' });
  const risk: RiskClass = seqs.length === 0 ? 'R0' : 'R1';
  const because = [
    'R0 all rows are made anew beside, from a copy and the journal',
    ...Object.entries(byKind).map(([kind, count]) => `R1 ${count} × ${kind} left out`),
  ];
  const content: PlanContent = { kind: 'restore', leaveOut, commands: seqs.length, seqs: [...seqs] };
  return ok({
    content,
    class: risk,
    because,
    undo: 'Commands that were left out stay in the journal; rows of before are kept beside for the undo time.',
  });
}

function readSettings(settings: Readonly<Record<string, string>>): Result<Read, ChangeRefusal> {
  const checked: Record<string, string> = {};
  for (const [name, text] of Object.entries(settings)) {
    const value = checkSetting(name, text);
    if (!value.ok) return value;
    checked[name] = value.value;
  }
  if (Object.keys(checked).length === 0) return refuse('nothingToDo', { what: 'No setting was named.' });
  const isForgetting = Object.values(checked).some((value) => value === 'now');
  const said = Object.entries(checked).map(([name, value]) => `${name} = ${value}`);
  const risk: RiskClass = isForgetting ? 'R2' : 'R1';
  return ok({
    content: { kind: 'settings', settings: checked },
    class: risk,
    because: said.map((one) => `${risk} ${one}`),
    undo: 'The value of before holds again. What was forgotten meanwhile stays forgotten.',
  });
}

function refuseStatement(error: StatementRefusal): Result<never, ChangeRefusal> {
  if (error.kind === 'syntax') return refuse('syntax', { what: error.message });
  return error.kind === 'refusedStatement'
    ? refuse('refusedStatement', { name: error.statement, what: error.why })
    : refuse(error.kind);
}

const SEQUENCES = `
  SELECT schemaname || '.' || sequencename AS name, coalesce(last_value, 0)::float8 AS last, max_value::float8 AS max
  FROM pg_sequences WHERE coalesce(last_value, 0) > $1::float8 * max_value ORDER BY 1`;

/** A change that needs more numbers than are left would stop half-way; one that gives room is let through. */
async function checkSequences(
  parts: ChangeParts,
  { statements }: ReadStatements,
): Promise<Result<void, ChangeRefusal>> {
  if (statements.every(({ sql }) => /^\s*ALTER\s+SEQUENCE/i.test(sql))) return ok(undefined);
  await using session = await parts.rows.connect();
  const rows = await session.rows<{ name: string; last: number; max: number }>(SEQUENCES, [
    limits.change.sequenceShareMax,
  ]);
  const [first] = rows;
  if (first === undefined) return ok(undefined);
  return refuse('sequenceNearEnd', { name: first.name, what: `${first.last} of ${first.max}` });
}

export function kindOf({ draft }: Change): ChangeKind {
  return draft.content.kind;
}
