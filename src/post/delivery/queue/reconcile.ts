// At a start: what the live store's slots say and what the journal's rows say are made one. Slots speak (decision 0013).

import type { SubmissionId } from '#base/ids.ts';
import type { LiveLetter } from '#vault/live/live-store.ts';
import { SYSTEM, tellSender, type AttemptWay } from './attempt.ts';
import { decodeContent, decodeNote } from './envelope.ts';
import type { Holds } from './holds.ts';
import type { QueuedRow, QueueRows } from './neighbours.ts';

export interface ReconcileWay extends AttemptWay {
  readonly rows: QueueRows;
  readonly holds: Holds;
  /** What this program has seen wait since its start: the rows are not asked about these. */
  readonly seen: ReadonlySet<SubmissionId>;
}

/** Returns letters that were on the medium and journalled, but not yet marked so: they go on. */
export async function reconcile(way: ReconcileWay, waiting: readonly LiveLetter[]): Promise<readonly SubmissionId[]> {
  const { rows, holds, clock, log } = way;
  const era = await rows.era();
  if (holds.era > 0 && era > holds.era) log.error('delivery.laterEra', { era });
  await holds.hearEra(era, true, clock.nowMs());
  const confirmed = await compareSlots(way, waiting);
  await compareRows(way);
  return confirmed;
}

async function compareSlots(way: ReconcileWay, waiting: readonly LiveLetter[]): Promise<readonly SubmissionId[]> {
  const { live, rows, journal } = way;
  const known = await rows.known(waiting.map(({ id, accountId }) => ({ accountId, submissionId: id })));
  const confirmed: SubmissionId[] = [];
  for (const { id, state } of waiting) {
    const letter = live.find(id);
    if (letter === undefined) continue;
    const row = known.get(id);
    // the journal knows it as over: the live store itself was put back from an older copy
    if (row?.isOver) await live.end(id, row.delivered > 0 ? 'delivered' : 'failed', row.delivered, journal.durableSeq);
    else if (row === undefined && state === 'placed') await live.discard(id);
    else if (row === undefined) await queueAgain(way, letter);
    else if (state === 'placed') {
      live.confirm(id, journal.durableSeq);
      confirmed.push(id);
    }
  }
  return confirmed;
}

/** An older journal was put back: the letter was acknowledged after the copy was taken, so the journal hears of it again. */
async function queueAgain({ live, journal, log }: ReconcileWay, letter: LiveLetter): Promise<void> {
  const { id, accountId, recipients } = letter;
  const plain = await live.read(id);
  const content = plain && decodeContent(plain);
  if (content === undefined) return;
  const { letterId, identity, sendAtMs, actor } = content.envelope;
  const effect = { submissionId: id, letterId, identity, dueMs: sendAtMs, recipients };
  const queued = await journal.note(accountId, actor, { kind: 'submissionQueued', effect });
  log.warn('delivery.queuedAgain', { submissionId: id });
  if (queued.ok) live.confirm(id, queued.value.header.seq);
}

async function compareRows(way: ReconcileWay): Promise<void> {
  const { live, rows, seen } = way;
  const strays = (await rows.outbound()).filter(({ submissionId }) => !seen.has(submissionId));
  const ended = await live.findEnded(new Set(strays.map(({ submissionId }) => submissionId)));
  for (const row of strays) {
    const end = ended.get(row.submissionId);
    if (end === undefined) await tellLost(way, row, 'unknown');
    else await journalAgain(way, row, end);
  }
}

/** It is over, and a crash or an older journal did not know: nothing is sent. */
async function journalAgain(
  { journal, log }: ReconcileWay,
  { accountId, submissionId }: QueuedRow,
  { state, recipients, delivered }: { readonly state: string; readonly recipients: number; readonly delivered: number },
): Promise<void> {
  const result = state === 'delivered' || state === 'expired' ? state : 'failed';
  const noted = await journal.note(
    accountId,
    SYSTEM,
    state === 'canceled'
      ? { kind: 'submissionCanceled', effect: { submissionId } }
      : { kind: 'submissionDone', effect: { submissionId, result, delivered, failed: recipients - delivered } },
  );
  log.info('delivery.endJournalled', { submissionId, ok: noted.ok });
}

/** It cannot be sent from here, and without a slot nobody knows whether it left. A notice that cannot be sealed now is tried at the next start. */
async function tellLost(way: AttemptWay, row: QueuedRow, kind: 'notSent' | 'unknown'): Promise<boolean> {
  const { accountId, submissionId, identity, queuedMs } = row;
  if (!(await tellSender(way, kind, { to: identity, queuedMs }))) return false;
  way.log.warn('delivery.lost', { submissionId });
  await way.journal.note(accountId, SYSTEM, {
    kind: 'submissionDone',
    effect: { submissionId, result: 'lost', delivered: 0, failed: 0 },
  });
  return true;
}

/** Its bytes on the medium are damaged, nothing of it can be sent: the rows know whose it is. Rejects while they do not answer. */
export async function endDamaged(
  way: AttemptWay & Pick<ReconcileWay, 'rows'>,
  submissionId: SubmissionId,
): Promise<void> {
  const row = (await way.rows.outbound()).find((one) => one.submissionId === submissionId);
  if (row === undefined || !(await tellLost(way, row, await howFar(way, submissionId))))
    throw new Error('whose damaged letter it is cannot be told now');
  await way.live.end(submissionId, 'failed', 0, way.journal.durableSeq);
}

/** What its slot and its notes say: never tried to an end and heard by nobody, or perhaps heard by somebody. */
async function howFar({ live }: Pick<AttemptWay, 'live'>, submissionId: SubmissionId): Promise<'notSent' | 'unknown'> {
  const notes = (await live.notes(submissionId)).map(decodeNote);
  const isHeard = notes.some(({ answers }) => answers?.some(({ kind }) => kind === 'delivered'));
  return live.find(submissionId)?.attempts === 0 && !isHeard ? 'notSent' : 'unknown';
}
