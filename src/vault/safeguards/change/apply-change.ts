// The step that touches the live house: restore point, statements, proof; what a kill interrupts goes on at the next start, forward or back.

import { ok, type Result } from '#base/result.ts';
import type { OperatorId } from '#base/ids.ts';
import { checkApprovals } from './approve-change.ts';
import { isUnderWay, planOf, type Change } from './change-state.ts';
import { bringToForce, runWork, workOf } from './change-work.ts';
import type { Refused } from './neighbours.ts';
import type { ChangeParts } from './parts.ts';
import type { ClusterFacts } from './plan.ts';
import { refuse, shownTime, type ChangeRefusal } from './refusals.ts';
import { checkBackup, JOURNAL_ALONE } from './rehearse-change.ts';
import { howFar, type RunReport } from './run-steps.ts';
import { tellDue } from './tell-operators.ts';
import { undoAlone } from './undo-change.ts';

/** Everything that must be so before anything is touched. */
export async function checkMayApply(
  parts: ChangeParts,
  change: Change,
): Promise<Result<readonly string[], ChangeRefusal>> {
  const { book, rows, twin } = parts;
  const { number, standing, draft } = change;
  const { underWay } = book;
  if (underWay !== undefined) return refuse('busy', { change: underWay.number });
  if (standing !== 'rehearsed' || planOf(change) === undefined)
    return refuse('wrongStep', {
      change: number,
      what: `Change ${number} is ${standing}: it is applied after its rehearsal, once.`,
    });
  const clock = book.checkClock();
  if (!clock.ok) return clock;
  const inTime = await checkExpiry(parts, change);
  if (!inTime.ok) return inTime;
  const here = await rows.cluster();
  if (!here.ok) return refuse('neighbour', { what: here.error.sentence });
  const same = twin?.skipsClusterCheck === true ? ok(undefined) : checkCluster(draft.cluster, here.value);
  if (!same.ok) return same;
  const backup = checkBackup(parts, change);
  if (!backup.ok) return backup;
  return twin?.skipsApproval === true ? ok([]) : checkApprovals(parts, change);
}

/** Noted when it is seen, so that a clock that is set back wakes nothing. */
async function checkExpiry({ book }: ChangeParts, { number, draft }: Change): Promise<Result<void, ChangeRefusal>> {
  if (book.nowMs() <= draft.expiresMs) return ok(undefined);
  await book.step(number, 'closed', { why: 'It was not applied in time.' });
  return refuse('expired', { when: shownTime(draft.expiresMs) });
}

const PLACE = ['instance', 'host', 'systemIdentifier', 'generation'] as const;
const VERSION = ['program', 'postgres', 'schema'] as const;

function checkCluster(planned: ClusterFacts, here: ClusterFacts): Result<void, ChangeRefusal> {
  for (const name of PLACE)
    if (planned[name] !== here[name])
      return refuse('otherCluster', { what: `${name} ${planned[name]}`, name: here[name] });
  for (const name of VERSION)
    if (planned[name] !== here[name])
      return refuse('otherVersion', { what: `${name} ${planned[name]}`, name: String(here[name]) });
  return ok(undefined);
}

export function applyChange(parts: ChangeParts, number: number): Promise<Result<Change, ChangeRefusal>> {
  return parts.book.alone(async () => {
    const { book } = parts;
    const found = book.find(number);
    if (!found.ok) return found;
    const by = await checkMayApply(parts, found.value);
    if (!by.ok) return by;
    const point = await takePoint(parts, found.value);
    if (!point.ok) return refuse('neighbour', { what: point.error.sentence });
    await parts.step('pointTaken');
    const { name: restorePoint, seq } = point.value;
    const applying = await book.step(number, 'applying', { restorePoint, seq, by: [...by.value] });
    if (!applying.ok) return applying;
    await parts.step('applying');
    return goOn(parts, applying.value);
  });
}

/** A copy of the rows as they are, from which an undo begins; what only adds is taken back from the journal. */
async function takePoint(
  { rows }: Pick<ChangeParts, 'rows'>,
  { number, draft }: Change,
): Promise<Result<{ readonly name: string; readonly seq: number }, Refused>> {
  const { kind } = draft.content;
  // rows made of the journal alone get every migration of the program: only a copy is without this one
  const needsCopy = kind === 'migration' || (kind === 'sql' && draft.class !== 'R0');
  if (needsCopy && rows.generations?.hasCopies === true) return rows.generations.takePoint(number);
  const { appliedSeq } = await rows.heads();
  return ok({ name: JOURNAL_ALONE, seq: appliedSeq });
}

/** From `applying` or `applied` to its end: verified, undone, or closed where nothing had been done. */
async function goOn(parts: ChangeParts, change: Change): Promise<Result<Change, ChangeRefusal>> {
  let current = change;
  if (current.standing === 'applying') {
    const ran = await run(parts, current);
    if (!ran.ok) return fail(parts, current, ran.error.sentence);
    await parts.step('ran');
    const noted = await parts.book.step(current.number, 'applied', { ...ran.value, locks: [...ran.value.locks] });
    if (!noted.ok) return noted;
    await parts.step('applied');
    current = noted.value;
  }
  await tellDue(parts);
  await parts.step('told');
  const proof = await prove(parts);
  if (!proof.ok) return undoAlone(parts, current.number, `It was applied, and then: ${proof.error.sentence}`);
  const verified = await parts.book.step(current.number, 'verified', proof.value);
  if (!verified.ok) return verified;
  await parts.step('verified');
  await finish(parts, verified.value);
  return verified;
}

async function finish({ people, step }: ChangeParts, { number, draft, predicted, applied }: Change): Promise<void> {
  await people.receipt('change-applied', {
    change: number,
    class: draft.class,
    kind: draft.content.kind,
    predictedRows: sum(predicted?.rows),
    actualRows: sum(applied?.rows),
    predictedMs: inMs(predicted?.seconds),
    actualMs: inMs(applied?.seconds),
  });
  await step('receipt');
}

/** Receipts hold whole numbers. */
function inMs(seconds = 0): number {
  return Math.round(seconds * 1000);
}

function sum(rows: Readonly<Record<string, number>> = {}): number {
  return Object.values(rows).reduce((all, count) => all + count, 0);
}

/** Nothing committed: the change is closed and the house is as before. Something committed: everything is taken back. */
async function fail(parts: ChangeParts, change: Change, why: string): Promise<Result<Change, ChangeRefusal>> {
  const work = await workOf(parts, change);
  const reached = work === undefined ? 'none' : await reachedBy(parts, work);
  if (reached !== 'none') return undoAlone(parts, change.number, `It stopped half-way: ${why}`);
  const closed = await parts.book.step(change.number, 'closed', { why });
  if (!closed.ok) return closed;
  await parts.rows.generations?.dropPoint(change.number);
  return refuse('rehearsalFailed', { what: `when it was applied: ${why}` });
}

async function reachedBy(parts: ChangeParts, work: Parameters<typeof howFar>[1]): Promise<'none' | 'some' | 'all'> {
  await using session = await parts.rows.connect();
  return await howFar(session, work);
}

async function run(parts: ChangeParts, change: Change): Promise<Result<RunReport, ChangeRefusal>> {
  const { content } = change.draft;
  const beganMs = parts.clock.monotonicMs();
  const done = (): Result<RunReport, ChangeRefusal> =>
    ok({ rows: {}, locks: [], seconds: Math.round(parts.clock.monotonicMs() - beganMs) / 1000 });
  switch (content.kind) {
    case 'settings':
      return done(); // they are read from the history
    case 'operators': {
      const changed = await changeOperators(parts, content);
      return changed.ok ? done() : changed;
    }
    case 'restore': {
      const restored = await restoreRows(parts, change);
      return restored.ok ? done() : restored;
    }
    default:
      return runStatements(parts, change);
  }
}

async function runStatements(parts: ChangeParts, change: Change): Promise<Result<RunReport, ChangeRefusal>> {
  const work = await workOf(parts, change);
  if (work === undefined) return ok({ rows: {}, locks: [], seconds: 0 });
  try {
    await using session = await parts.rows.connect();
    return ok(await runWork(parts, session, work));
  } catch (cause) {
    return refuse('neighbour', { what: `${cause instanceof Error ? cause.message : 'it ended without a word'}.` });
  }
}

type OperatorChange = Extract<Change['draft']['content'], { kind: 'operators' }>;

/** The same once more changes nothing: an interrupted one goes on. */
async function changeOperators(
  { book, step }: ChangeParts,
  { put, remove }: OperatorChange,
): Promise<Result<void, ChangeRefusal>> {
  for (const { operatorId, content } of put) {
    const noted = await book.note({ kind: 'operatorPut', effect: { operatorId: operatorId as OperatorId, content } });
    if (!noted.ok) return noted;
    await step('operatorPut');
  }
  for (const { operatorId } of remove) {
    if (!book.operators.some((one) => one.operatorId === operatorId)) continue;
    const noted = await book.note({ kind: 'operatorRemoved', effect: { operatorId: operatorId as OperatorId } });
    if (!noted.ok) return noted;
    await step('operatorRemoved');
  }
  return ok(undefined);
}

async function restoreRows(parts: ChangeParts, { number, draft }: Change): Promise<Result<void, ChangeRefusal>> {
  const { generations } = parts.rows;
  if (generations === undefined) return refuse('externalDatabase');
  const here = await parts.rows.cluster();
  if (!here.ok) return refuse('neighbour', { what: here.error.sentence });
  // the switch was done before the interruption
  if (here.value.generation !== draft.cluster.generation) return ok(undefined);
  const leaveOut = draft.content.kind === 'restore' ? draft.content.seqs : [];
  const again = (session: Parameters<typeof bringToForce>[1]): Promise<void> => bringToForce(parts, session, undefined);
  const restored = await generations.restore({
    change: number,
    leaveOut,
    before: undefined,
    again,
    why: `change ${number}`,
  });
  return restored.ok ? ok(undefined) : refuse('neighbour', { what: restored.error.sentence });
}

/** Letters as the journal has them, indexes whole, and a letter goes through. */
async function prove(
  parts: ChangeParts,
): Promise<Result<{ ledger: string; indexes: string; letter: string }, ChangeRefusal>> {
  if (parts.twin?.skipsVerify === true)
    return ok({ ledger: 'not looked at', indexes: 'not looked at', letter: 'none' });
  if (!(await parts.rows.settled()))
    return refuse('neighbour', { what: 'the rows do not follow the journal any more.' });
  const letter = await parts.people.tryLetter();
  if (!letter.ok) return refuse('neighbour', { what: letter.error.sentence });
  await parts.step('letterTried');
  const ledger = await parts.rows.checkLedger();
  if (!ledger.isEqual)
    return refuse('neighbour', { what: `letters are not what the journal holds: ${ledger.sentence}` });
  const indexes = await parts.rows.checkIndexes();
  if (!indexes.ok) return refuse('neighbour', { what: indexes.error.sentence });
  return ok({ ledger: ledger.sentence, indexes: 'whole', letter: letter.value });
}

/** Looks again at any time; a change that was applied and not yet proved ends here. */
export function verifyChange(parts: ChangeParts, number: number): Promise<Result<Change, ChangeRefusal>> {
  return parts.book.alone(async () => {
    const found = parts.book.find(number);
    if (!found.ok) return found;
    const { standing } = found.value;
    if (standing === 'applied' || standing === 'applying') return goOn(parts, found.value);
    if (standing !== 'verified')
      return refuse('wrongStep', {
        change: number,
        what: `Change ${number} is ${standing}: there is nothing to prove.`,
      });
    const proof = await prove(parts);
    return proof.ok
      ? found
      : refuse('neighbour', { what: `${proof.error.sentence} To take it back: siegel change undo ${number} --apply` });
  });
}

/** At the start: what a kill interrupted goes on, forward or back, until it stands. */
export function resume(parts: ChangeParts): Promise<Result<Change | undefined, ChangeRefusal>> {
  return parts.book.alone(async () => {
    const change = [...parts.book.changes.values()].find(isUnderWay);
    if (change === undefined) {
      await tellDue(parts);
      return ok(undefined);
    }
    const ended = change.standing === 'undoing' ? await undoAlone(parts, change.number, '') : await goOn(parts, change);
    return ended;
  });
}
