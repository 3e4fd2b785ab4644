// What the commands about changes do in the running program: each step of the saga, and what stands where.

import { ok, type Result } from '#base/result.ts';
import { pendingMigrations } from '#vault/database/migrate.ts';
import type { Database } from '#vault/database/open-database.ts';
import { applyChange, checkMayApply, verifyChange } from '#vault/safeguards/change/apply-change.ts';
import { approvalState, approve } from '#vault/safeguards/change/approve-change.ts';
import type { Change } from '#vault/safeguards/change/change-state.ts';
import type { ChangeParts } from '#vault/safeguards/change/parts.ts';
import { planChange, type Wanted } from '#vault/safeguards/change/plan-change.ts';
import { nextStep, refuse, type ChangeRefusal } from '#vault/safeguards/change/refusals.ts';
import { backUp, rehearse } from '#vault/safeguards/change/rehearse-change.ts';
import { checkMayUndo, undoChange } from '#vault/safeguards/change/undo-change.ts';
import type { ChangeView } from '../methods/change-methods.ts';
import type { OperatorHandlers, ParamsOf, ResultOf } from '../operator-methods.ts';

type ChangeMethod = Extract<keyof OperatorHandlers, `change.${string}`>;
type Shown = Result<ChangeView, ChangeRefusal>;

export function createChangeHandlers(parts: ChangeParts, database: Database): Pick<OperatorHandlers, ChangeMethod> {
  const show = (done: Result<Change, ChangeRefusal>): Shown => (done.ok ? ok(viewOf(parts, done.value)) : done);
  const all = (): readonly Change[] => [...parts.book.changes.values()];
  const views = (changes: readonly Change[]): ResultOf<'change.history'> => ({
    changes: changes.map((change) => viewOf(parts, change)),
  });
  return {
    'change.plan': (wanted) => plan(parts, database, wanted),
    'change.backup': async ({ number }, progress) => show(await backUp(parts, number, progress)),
    'change.rehearse': async ({ number }) => show(await rehearse(parts, number)),
    'change.approve': ({ number, signatures }) => approvePlan(parts, number, signatures),
    'change.apply': ({ number, apply }) => applyOrShow(parts, number, apply),
    'change.verify': async ({ number }) => show(await verifyChange(parts, number)),
    'change.undo': ({ number, apply, why }) => undo(parts, { number, apply, why: why ?? 'an operator took it back' }),
    async 'change.status'({ number }) {
      if (number === undefined) return ok(views(all().filter(({ endedMs }) => endedMs === undefined)));
      const found = parts.book.find(number);
      return found.ok ? ok(views([found.value])) : found;
    },
    'change.history': async () => ok(views(all().toReversed())),
  };
}

async function plan(parts: ChangeParts, database: Database, wanted: ParamsOf<'change.plan'>): Promise<Shown> {
  const whole = await wantedOf(database, wanted);
  if (!whole.ok) return whole;
  const planned = await planChange(parts, whole.value);
  return planned.ok ? ok(viewOf(parts, planned.value)) : planned;
}

async function wantedOf(database: Database, wanted: ParamsOf<'change.plan'>): Promise<Result<Wanted, ChangeRefusal>> {
  if (wanted.kind !== 'migration') return ok(wanted);
  await using session = await database.connect();
  const [migration] = await pendingMigrations(session);
  return migration === undefined
    ? refuse('nothingToDo', { what: 'No migration of this program is pending.' })
    : ok({ kind: 'migration', migration });
}

async function approvePlan(
  parts: ChangeParts,
  number: number,
  signatures: readonly string[],
): Promise<Result<ResultOf<'change.approve'>, ChangeRefusal>> {
  const done = await approve(parts, number, signatures);
  if (!done.ok) return done;
  const text = approvalState(parts, done.value).plan;
  if (text === undefined)
    return refuse('wrongStep', {
      change: number,
      what: `Change ${number} is ${done.value.standing}: it is signed once it was rehearsed.`,
    });
  return ok({ change: viewOf(parts, done.value), plan: text });
}

/** Without `apply` everything is looked at and nothing is done. */
async function applyOrShow(
  parts: ChangeParts,
  number: number,
  isApplied: boolean,
): Promise<Result<ResultOf<'change.apply'>, ChangeRefusal>> {
  if (isApplied) {
    const applied = await applyChange(parts, number);
    return applied.ok ? ok({ change: viewOf(parts, applied.value), isApplied }) : applied;
  }
  const found = parts.book.find(number);
  if (!found.ok) return found;
  const may = await checkMayApply(parts, found.value);
  return may.ok ? ok({ change: viewOf(parts, found.value), isApplied }) : may;
}

async function undo(
  parts: ChangeParts,
  { number, apply, why }: { readonly number: number; readonly apply: boolean; readonly why: string },
): Promise<Result<ResultOf<'change.undo'>, ChangeRefusal>> {
  if (apply) {
    const undone = await undoChange(parts, number, why);
    return undone.ok ? ok({ change: viewOf(parts, undone.value), isApplied: true }) : undone;
  }
  const found = parts.book.find(number);
  if (!found.ok) return found;
  const may = checkMayUndo(parts, found.value);
  return may.ok ? ok({ change: viewOf(parts, found.value), isApplied: false }) : may;
}

export function viewOf(parts: Pick<ChangeParts, 'book'>, change: Change): ChangeView {
  const { number, draft, standing, predicted, applied } = change;
  const { content } = draft;
  const { by, need, isEnough, because } = approvalState(parts, change);
  const statements = content.kind === 'sql' || content.kind === 'migration' ? content.statements : [];
  return {
    number,
    kind: content.kind,
    class: draft.class,
    standing,
    because: draft.because,
    statements: statements.map(({ sql, written, class: risk, why }) => ({
      sql,
      written: written ?? null,
      class: risk,
      why,
    })),
    plannedMs: change.plannedMs,
    expiresMs: draft.expiresMs,
    endedMs: change.endedMs ?? null,
    generation: draft.cluster.generation,
    backup: change.backup?.backup ?? null,
    predicted: predicted ?? null,
    actual: applied ?? null,
    undoSeconds: change.undone?.seconds ?? null,
    proof: change.verified ?? null,
    approvals: { by: [...by], need, isEnough, because },
    undo: draft.undo,
    why: change.closedWhy ?? change.undoing?.why ?? null,
    next: nextStep(standing, number),
  };
}
