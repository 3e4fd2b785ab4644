// Before anything is approved: a backup that counts, then the plan and its undo on the shadow, with everything that arrived since.

import { createHash } from 'node:crypto';
import { limits } from '#base/limits.ts';
import { ok, type Result } from '#base/result.ts';
import type { Session } from '../../database/session.ts';
import { isForNobody } from './approve-change.ts';
import type { Change } from './change-state.ts';
import { runInForce, workOf, canGoBack } from './change-work.ts';
import type { GenerationsNeighbour, Shadow } from './neighbours.ts';
import type { ChangeParts, Progress } from './parts.ts';
import type { Predicted } from './plan.ts';
import { refuse, shownTime, type ChangeRefusal } from './refusals.ts';
import { runSteps, type Work } from './run-steps.ts';
import { tellDue } from './tell-operators.ts';

/** What the plan names instead of a backup where none can be kept: only what adds is done on it. */
export const JOURNAL_ALONE = 'journal';

export function backUp(
  parts: ChangeParts,
  number: number,
  onProgress: Progress,
): Promise<Result<Change, ChangeRefusal>> {
  return parts.book.alone(async () => {
    const found = atStep(parts, number, ['planned', 'backedUp', 'rehearsed']);
    if (!found.ok) return found;
    const { backups, book } = parts;
    if (backups.place === undefined) {
      if (!isForNobody(found.value) || (found.value.draft.class !== 'R0' && book.operators.length > 0))
        return refuse('noBackup');
      return book.step(number, 'backedUp', { backup: JOURNAL_ALONE, verifiedMs: book.nowMs() });
    }
    const newest = await backups.newest();
    if (newest !== undefined && isYoung(parts, newest.verifiedMs))
      return book.step(number, 'backedUp', { backup: newest.id, verifiedMs: newest.verifiedMs });
    const taken = await backups.take(onProgress);
    if (!taken.ok) return refuse('neighbour', { what: taken.error.sentence });
    await parts.step('backupTaken');
    return book.step(number, 'backedUp', { backup: taken.value.id, verifiedMs: taken.value.verifiedMs });
  });
}

export function isYoung({ book }: Pick<ChangeParts, 'book'>, verifiedMs: number): boolean {
  return book.nowMs() - verifiedMs <= limits.change.backupAgeMs;
}

/** The dead-man's switch: the backup that a plan was signed with still counts. */
export function checkBackup(parts: ChangeParts, { number, backup }: Change): Result<void, ChangeRefusal> {
  if (backup === undefined) return refuse('oldBackup', { change: number });
  if (backup.backup === JOURNAL_ALONE || isYoung(parts, backup.verifiedMs)) return ok(undefined);
  return refuse('otherBackup', { change: number, when: shownTime(backup.verifiedMs) });
}

export function rehearse(parts: ChangeParts, number: number): Promise<Result<Change, ChangeRefusal>> {
  return parts.book.alone(async () => {
    const found = atStep(parts, number, ['backedUp', 'rehearsed']);
    if (!found.ok) return found;
    const young = checkBackup(parts, found.value);
    if (!young.ok) return refuse('oldBackup', { change: number, when: shownTime(found.value.backup?.verifiedMs ?? 0) });
    const predicted = await predict(parts, found.value);
    if (!predicted.ok) {
      if (predicted.error.kind === 'rehearsalLedger')
        await parts.book.step(number, 'closed', { why: predicted.error.sentence });
      return predicted;
    }
    await parts.step('rehearsedBeside');
    const done = await parts.book.step(number, 'rehearsed', predicted.value);
    await tellDue(parts);
    return done;
  });
}

const NOTHING: Predicted = { rows: {}, locks: [], seconds: 0, undoSeconds: 0 };

async function predict(parts: ChangeParts, change: Change): Promise<Result<Predicted, ChangeRefusal>> {
  const { generations } = parts.rows;
  const { content } = change.draft;
  if (content.kind === 'operators' || content.kind === 'settings') return ok(NOTHING);
  // only what adds comes here where nothing can be tried beside: with a database of the operator's own
  if (generations === undefined || !canGoBack(parts, content.kind)) return ok(NOTHING);
  if (content.kind === 'restore') return predictRestore(parts, generations, change);
  const work = await workOf(parts, change);
  return work === undefined ? ok(NOTHING) : predictWork(parts, generations, { change, work });
}

/** The rows as the restore will make them, looked at and thrown away. */
async function predictRestore(
  parts: ChangeParts,
  generations: GenerationsNeighbour,
  { number, draft }: Change,
): Promise<Result<Predicted, ChangeRefusal>> {
  const beganMs = parts.clock.monotonicMs();
  const seqs = draft.content.kind === 'restore' ? draft.content.seqs : [];
  const shadow = await generations.openShadow({ from: 'journal', leaveOut: seqs });
  if (!shadow.ok) return refuse('neighbour', { what: shadow.error.sentence });
  return useShadow(shadow.value, async (session) => {
    await runInForce(parts, session, undefined);
    const ledger = await shadow.value.checkLedger();
    if (!ledger.isEqual) return refuse('rehearsalLedger', { change: number, what: ledger.sentence });
    return ok({ ...NOTHING, seconds: secondsSince(parts, beganMs) });
  });
}

async function predictWork(
  parts: ChangeParts,
  generations: GenerationsNeighbour,
  { change, work }: { readonly change: Change; readonly work: Work },
): Promise<Result<Predicted, ChangeRefusal>> {
  const first = await generations.openShadow({ from: 'live', leaveOut: [] });
  if (!first.ok) return refuse('neighbour', { what: first.error.sentence });
  const applied = await useShadow(first.value, async (session) => {
    // a copy holds what other changes did, and is left as it is; rows of the journal alone get it here
    await runInForce(parts, session, change.number);
    const before = await schemaOf(session);
    const report = await runSteps(session, work, { clock: parts.clock, isGentle: true });
    const ledger = await first.value.checkLedger();
    return ledger.isEqual
      ? ok({ before, report })
      : refuse('rehearsalLedger', { change: change.number, what: ledger.sentence });
  });
  if (!applied.ok) return applied;
  await parts.step('appliedBeside');
  const undone = await rehearseUndo(parts, generations, { change, before: applied.value.before });
  if (!undone.ok) return undone;
  const { rows, locks, seconds } = applied.value.report;
  return ok({ rows, locks: [...locks], seconds, undoSeconds: undone.value });
}

/** Rows made anew without the change: the same tables as before it, the same letters as the journal. */
async function rehearseUndo(
  parts: ChangeParts,
  generations: GenerationsNeighbour,
  { change, before }: { readonly change: Change; readonly before: string },
): Promise<Result<number, ChangeRefusal>> {
  const beganMs = parts.clock.monotonicMs();
  const shadow = await generations.openShadow({ from: 'again', leaveOut: [] });
  if (!shadow.ok) return refuse('neighbour', { what: shadow.error.sentence });
  return useShadow(shadow.value, async (session) => {
    await runInForce(parts, session, change.number);
    const ledger = await shadow.value.checkLedger();
    if (!ledger.isEqual)
      return refuse('rehearsalLedger', { change: change.number, what: `after its undo: ${ledger.sentence}` });
    if ((await schemaOf(session)) !== before)
      return refuse('rehearsalFailed', { what: 'after its undo the tables are not those of before.' });
    return ok(secondsSince(parts, beganMs));
  });
}

/** What the database refuses is a rehearsal that failed: nothing else was touched. */
async function useShadow<T>(
  shadow: Shadow,
  work: (session: Session) => Promise<Result<T, ChangeRefusal>>,
): Promise<Result<T, ChangeRefusal>> {
  try {
    await using session = await shadow.connect();
    return await work(session);
  } catch (cause) {
    return refuse('rehearsalFailed', {
      what: `${cause instanceof Error ? cause.message : 'it ended without a word'}.`,
    });
  } finally {
    await shadow.close();
  }
}

const SCHEMA = `
  SELECT c.relname || ' ' || a.attnum::text || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text AS line
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public'
  UNION ALL SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(k.oid) FROM pg_constraint k
    JOIN pg_namespace n ON n.oid = k.connamespace WHERE n.nspname = 'public' AND conrelid <> 0
  ORDER BY 1`;

/** Tables, columns, indexes and rules, as one digest. */
export async function schemaOf(session: Pick<Session, 'rows'>): Promise<string> {
  const rows = await session.rows<{ line: string }>(SCHEMA);
  return createHash('sha256')
    .update(rows.map(({ line }) => line).join('\n'))
    .digest('hex');
}

function atStep(
  parts: ChangeParts,
  number: number,
  allowed: readonly Change['standing'][],
): Result<Change, ChangeRefusal> {
  const found = parts.book.find(number);
  if (!found.ok) return found;
  const { standing, draft } = found.value;
  if (!allowed.includes(standing))
    return refuse('wrongStep', { change: number, what: `Change ${number} is ${standing}: this step is not its next.` });
  if (parts.book.nowMs() > draft.expiresMs) return refuse('expired', { when: shownTime(draft.expiresMs) });
  return found;
}

function secondsSince({ clock }: Pick<ChangeParts, 'clock'>, beganMs: number): number {
  return Math.round(clock.monotonicMs() - beganMs) / 1000;
}
