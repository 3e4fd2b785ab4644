// Taking a change back: rows of before beside, everything that arrived since on top, a check, a switch. Interrupted, it goes on.

import { ok, type Result } from '#base/result.ts';
import type { Session } from '../../database/session.ts';
import type { Change } from './change-state.ts';
import { bringToForce, workOf, canGoBack } from './change-work.ts';
import type { ChangeParts } from './parts.ts';
import { refuse, type ChangeRefusal } from './refusals.ts';
import { howFar } from './run-steps.ts';
import { tellDue } from './tell-operators.ts';

export function undoChange(parts: ChangeParts, number: number, why: string): Promise<Result<Change, ChangeRefusal>> {
  return parts.book.alone(async () => {
    const { underWay } = parts.book;
    if (underWay !== undefined && underWay.number !== number) return refuse('busy', { change: underWay.number });
    return undoAlone(parts, number, why);
  });
}

/** For who holds the book already. */
export async function undoAlone(
  parts: ChangeParts,
  number: number,
  why: string,
): Promise<Result<Change, ChangeRefusal>> {
  const found = parts.book.find(number);
  if (!found.ok) return found;
  const may = checkMayUndo(parts, found.value);
  if (!may.ok) return may;
  const begun = await begin(parts, found.value, why);
  if (!begun.ok) return begun;
  const took = await takeBack(parts, begun.value);
  if (!took.ok) return refuse('undoFailed', { change: number, what: took.error.sentence });
  await parts.step('switched');
  const undone = await parts.book.step(number, 'undone', took.value);
  if (!undone.ok) return undone;
  await parts.step('undone');
  await parts.people.receipt('change-undone', {
    change: number,
    class: found.value.draft.class,
    kind: found.value.draft.content.kind,
    why: (begun.value.undoing?.why ?? why).slice(0, WHY_CHARACTERS),
    predictedMs: Math.round((found.value.predicted?.undoSeconds ?? 0) * 1000),
    actualMs: Math.round(took.value.seconds * 1000),
  });
  await tellDue(parts);
  await parts.rows.generations?.dropPoint(number);
  return undone;
}

const WHY_CHARACTERS = 500;

export function checkMayUndo({ rows }: Pick<ChangeParts, 'rows'>, change: Change): Result<void, ChangeRefusal> {
  const { number, standing, draft } = change;
  if (!['applying', 'applied', 'verified', 'undoing'].includes(standing))
    return refuse('notUndoable', {
      change: number,
      what: `Change ${number} is ${standing}: it holds nothing to take back.`,
    });
  const { kind } = draft.content;
  if (kind === 'operators' || kind === 'restore') return refuse('notUndoable', { change: number, what: draft.undo });
  if (kind !== 'settings' && !canGoBack({ rows }, kind)) return refuse('externalDatabase');
  return ok(undefined);
}

async function begin(parts: ChangeParts, change: Change, why: string): Promise<Result<Change, ChangeRefusal>> {
  if (change.standing === 'undoing') return ok(change);
  const here = await parts.rows.cluster();
  if (!here.ok) return refuse('neighbour', { what: here.error.sentence });
  const begun = await parts.book.step(change.number, 'undoing', {
    why,
    from: here.value.generation,
    leaveOut: [],
    tries: 0,
  });
  await parts.step('undoing');
  return begun;
}

async function takeBack(
  parts: ChangeParts,
  change: Change,
): Promise<Result<{ generation: string; seconds: number }, ChangeRefusal>> {
  const here = await parts.rows.cluster();
  const { generations } = parts.rows;
  const { number, draft, undoing } = change;
  if (draft.content.kind === 'settings') return ok({ generation: undoing?.from ?? '', seconds: 0 });
  if (generations === undefined) return refuse('externalDatabase');
  // the switch was done before the interruption
  if (here.ok && undoing !== undefined && here.value.generation !== undoing.from)
    return ok({ generation: here.value.generation, seconds: 0 });
  const restored = await generations.restore({
    change: number,
    leaveOut: [],
    before: change.applying?.seq,
    again: (session) => withoutChange(parts, session, change),
    why: `change ${number} undone`,
  });
  if (!restored.ok) return refuse('neighbour', { what: restored.error.sentence });
  return ok(restored.value);
}

/** Rows from before the change, with what other changes did: a copy that holds this one already is no way back. */
async function withoutChange(parts: ChangeParts, session: Session, change: Change): Promise<void> {
  const work = await workOf(parts, change);
  if (work !== undefined && (await howFar(session, work)) !== 'none')
    throw new Error('the copy was made after the change began');
  await bringToForce(parts, session, change.number);
}
