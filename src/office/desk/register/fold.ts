// What became of a filing: each event moves it from one state to the next, or is refused. The same rules decide what may be written and verify what was.

import { unreachable } from '#base/assert.ts';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { Collected, DeskEvent, FilingEvent, LetterKind } from './event.ts';
import {
  reasons as reasonOrder,
  type Decision,
  type Digest,
  type Disclosure,
  type Filing,
  type FilingNumber,
  type Fingerprint,
  type Look,
  type Outcome,
  type Reason,
  type Review,
  type State,
} from '#formats/desk/model.ts';

/** One row of the register; computed from the events of the filing alone. */
export interface FilingRow extends Filing {
  readonly isImported: boolean;
  /** Who wrote it down; null: imported. */
  readonly filedBy: Fingerprint | null;
  readonly state: State;
  readonly outcome: Outcome | null;
  /** Why it was rejected, in the order of the catalogue. */
  readonly reasons: readonly Reason[];
  readonly decidedMs: number | null;
  readonly decision: Decision | null;
  readonly correctedBy: FilingNumber | null;
  /** Of this round: none, one, or two that agree. */
  readonly reviews: readonly Review[];
  /** Once NARROWED: positions in `items`. */
  readonly admitted: readonly number[] | null;
  readonly caseFiles: readonly Digest[];
  readonly letters: readonly LetterKind[];
  readonly disclosure: Disclosure | null;
  /** From the last COLLECTED on, as long as nobody disagreed. */
  readonly collected?: Collected;
  /** Of those who agree with what was collected. */
  readonly looks?: readonly Look[];
  readonly closedMs: number | null;
  /** The newest entry that a reviewer must have seen: all but reviews, and the review that brought disagreement. */
  readonly seenFrom: number;
}

export interface IllegalStep {
  readonly kind:
    | 'noSuchFiling'
    | 'filedTwice'
    | 'notNow'
    | 'doubleReview'
    | 'sameReviewer'
    | 'ownFiling'
    | 'headTooOld'
    | 'otherCaseFiles'
    | 'noReasons'
    | 'noSuchItem'
    | 'otherFiling'
    | 'notAgreed'
    | 'emergency'
    | 'notRejected'
    | 'correctedAlready'
    | 'otherPackage'
    | 'lookedTwice';
  readonly state: State | null;
}

type Stepped = Result<FilingRow, IllegalStep>;
interface At {
  readonly nth: number;
  readonly atMs: number;
}

export function stepFiling(row: FilingRow | undefined, event: FilingEvent, at: At): Stepped {
  if (event.kind === 'FILED' || event.kind === 'IMPORTED')
    return row === undefined ? ok(begin(event, at)) : refuse('filedTwice', row);
  if (row === undefined) return refuse('noSuchFiling', undefined);
  const next = move(row, event, at);
  return next.ok && event.kind !== 'REVIEWED' && event.kind !== 'LOOKED'
    ? ok({ ...next.value, seenFrom: at.nth })
    : next;
}

function begin(event: Extract<DeskEvent, { kind: 'FILED' | 'IMPORTED' }>, { nth }: At): FilingRow {
  const open: FilingRow = {
    ...event.filing,
    isImported: false,
    filedBy: event.kind === 'FILED' ? event.by : null,
    state: 'RECEIVED',
    outcome: null,
    reasons: [],
    decidedMs: null,
    decision: null,
    correctedBy: null,
    reviews: [],
    admitted: null,
    caseFiles: [],
    letters: [],
    disclosure: null,
    closedMs: null,
    seenFrom: nth,
  };
  if (event.kind === 'FILED') return open;
  const { outcome, reasons, decidedMs } = event.past;
  if (outcome === null) return { ...open, isImported: true };
  return {
    ...open,
    isImported: true,
    state: outcome === 'REJECTED' || outcome === 'REJECTED_FORMAL' ? outcome : 'CLOSED',
    outcome,
    reasons: inOrder(reasons),
    decidedMs,
  };
}

function move(row: FilingRow, event: Exclude<FilingEvent, { kind: 'FILED' | 'IMPORTED' }>, at: At): Stepped {
  const { state } = row;
  switch (event.kind) {
    case 'CHANNEL_CHECKED':
      if (state !== 'RECEIVED') return refuse('notNow', row);
      if (row.urgency === 'EMERGENCY' && event.decision === 'REJECT_FORMAL') return refuse('emergency', row);
      return ok({ ...row, decision: event.decision, state: waitingState({ ...row, decision: event.decision }) });
    case 'CASE_FILE_PUT':
      // who has signed already has not seen it: both sign anew
      if (state === 'CLOSED') return refuse('notNow', row);
      return ok({
        ...row,
        caseFiles: [...row.caseFiles, event.file],
        ...(isUnderReview(state) && { reviews: [], state: waitingState(row) }),
        ...(state === 'SECOND_LOOK' && { looks: [] }),
      });
    case 'REVIEWED':
      return review(row, event.review, at);
    case 'REFUSED':
      if (!isWhatFollows(event, row)) return refuse('notAgreed', row);
      return ok({ ...row, ...rejected(event.isFormal), reasons: event.reasons, decidedMs: at.atMs });
    case 'NARROWED':
      // what becomes of it is known when something was handed over, as with ADMITTED
      if (!isWhatFollows(event, row)) return refuse('notAgreed', row);
      return ok({ ...row, state: 'NARROWED', admitted: event.items, decidedMs: at.atMs });
    case 'ADMITTED':
      if (!isWhatFollows(event, row)) return refuse('notAgreed', row);
      return ok({ ...row, state: 'COLLECT', decidedMs: at.atMs });
    case 'ANSWERED':
      if (state === 'RECEIVED') return refuse('notNow', row);
      // nobody is told that it is rejected before two have said so
      if (event.letterKind === 'REJECTION' && !isRejected(row)) return refuse('notRejected', row);
      return ok({ ...row, letters: [...row.letters, event.letterKind] });
    case 'CORRECTED':
      if (!isRejected(row)) return refuse('notRejected', row);
      if (row.correctedBy !== null) return refuse('correctedAlready', row);
      if (event.correctedBy === row.filing) return refuse('otherFiling', row);
      return ok({ ...row, state: state === 'CLOSED' ? 'CLOSED' : 'CORRECTED', correctedBy: event.correctedBy });
    case 'COLLECTED': {
      if (state !== 'COLLECT' && state !== 'NARROWED' && state !== 'SECOND_LOOK') return refuse('notNow', row);
      const { kind: _, filing: _filing, ...collected } = event;
      return ok({ ...row, state: 'SECOND_LOOK', collected, looks: [] });
    }
    case 'LOOKED':
      return look(row, event.look, at);
    case 'DISCLOSED':
      if (state !== 'SECOND_LOOK') return refuse('notNow', row);
      if (!isWhatFollows(event, row)) return refuse('notAgreed', row);
      return ok({
        ...row,
        state: 'DISCLOSED',
        outcome: row.admitted === null ? 'DISCLOSED' : 'NARROWED',
        disclosure: event.disclosure,
      });
    case 'NO_DATA':
      if (state !== 'SECOND_LOOK') return refuse('notNow', row);
      if (!isWhatFollows(event, row)) return refuse('notAgreed', row);
      return ok({ ...row, state: 'NO_DATA_HELD', outcome: 'NO_DATA_HELD' });
    case 'CLOSED':
      if (row.outcome === null || !isClosable(state)) return refuse('notNow', row);
      return ok({ ...row, state: 'CLOSED', closedMs: at.atMs });
    default:
      return unreachable(event);
  }
}

function review(row: FilingRow, given: Review, { nth }: At): Stepped {
  const { state } = row;
  const isNew = state === 'CHANNEL_CHECKED' || state === 'FORMAL_CHECK' || state === 'EMERGENCY_DESK';
  if (!isNew && !isUnderReview(state)) return refuse('notNow', row);
  if (given.filing !== row.filing) return refuse('otherFiling', row);
  if (given.fingerprint === row.filedBy) return refuse('ownFiling', row);
  // each of the two that disagreed signs once more; who signed under an earlier policy, whose roster may be another, signs anew
  const round = state === 'ESCALATED' && row.reviews.length === 2 ? [] : row.reviews;
  const before = round.filter(({ policy }) => policy === given.policy);
  if (before.some(({ role }) => role === given.role)) return refuse('doubleReview', row);
  if (before.some(({ fingerprint }) => fingerprint === given.fingerprint)) return refuse('sameReviewer', row);
  if (before.length === 2) return refuse('doubleReview', row);
  if (given.head.entries <= row.seenFrom || given.head.entries > nth) return refuse('headTooOld', row);
  if (!isSame(given.caseFiles, row.caseFiles)) return refuse('otherCaseFiles', row);
  if (given.verdict === 'REJECT' && given.reasons.length === 0) return refuse('noReasons', row);
  if (!areItems(given, row)) return refuse('noSuchItem', row);
  const reviews = [...before, given];
  if (reviews.length === 1) return ok({ ...row, reviews, state: 'LEGAL_REVIEW' });
  return agree(reviews)
    ? ok({ ...row, reviews, state: 'LEGAL_REVIEW' })
    : ok({ ...row, reviews, state: 'ESCALATED', seenFrom: nth });
}

/** Two different people; one that does not agree sends it back, and what was collected counts for nothing. */
function look(row: FilingRow, given: Look, { nth }: At): Stepped {
  const { collected, looks = [], ...without } = row;
  if (row.state !== 'SECOND_LOOK' || collected === undefined) return refuse('notNow', row);
  if (given.filing !== row.filing) return refuse('otherFiling', row);
  const { disclosure } = collected;
  const isThis =
    given.look === collected.look &&
    given.package === disclosure.package &&
    given.recipient === disclosure.recipient &&
    isSame(given.fields, disclosure.fields);
  if (!isThis) return refuse('otherPackage', row);
  // who looked under an earlier policy, whose roster may be another, looks anew
  const before = looks.filter(({ policy }) => policy === given.policy);
  if (before.some(({ fingerprint }) => fingerprint === given.fingerprint)) return refuse('lookedTwice', row);
  if (before.length === 2) return refuse('lookedTwice', row);
  if (given.head.entries <= row.seenFrom || given.head.entries > nth) return refuse('headTooOld', row);
  if (given.agrees) return ok({ ...row, looks: [...before, given] });
  return ok({ ...without, state: row.admitted === null ? 'COLLECT' : 'NARROWED', seenFrom: nth });
}

/** What two that agree bring about. */
function lookedAt({ filing, collected, looks = [] }: FilingRow): FilingEvent | undefined {
  if (collected === undefined || looks.length < 2) return undefined;
  const { disclosure } = collected;
  return disclosure.fields.length === 0 ? { kind: 'NO_DATA', filing } : { kind: 'DISCLOSED', filing, disclosure };
}

/** Both say the same; of a narrower admission the same items. */
export function agree([one, other]: readonly Review[]): boolean {
  return one !== undefined && other !== undefined && one.verdict === other.verdict && isSame(one.items, other.items);
}

/** The event that follows when the second signature agrees with the first. */
export function consequenceOf(row: FilingRow): FilingEvent | undefined {
  if (row.state === 'SECOND_LOOK') return lookedAt(row);
  const [one, other] = row.reviews;
  if (row.state !== 'LEGAL_REVIEW' || one === undefined || other === undefined || !agree(row.reviews)) return undefined;
  const { filing } = row;
  switch (one.verdict) {
    case 'REJECT': {
      const why = inOrder([...one.reasons, ...other.reasons]);
      return { kind: 'REFUSED', filing, reasons: why, isFormal: isSame(why, ['INADMISSIBLE_CHANNEL']) };
    }
    case 'NARROW':
      return { kind: 'NARROWED', filing, items: one.items ?? [] };
    case 'ADMIT':
      return { kind: 'ADMITTED', filing };
    default:
      return unreachable(one.verdict);
  }
}

/** What must come next, where two signatures bring something about. */
export function followingOf(event: DeskEvent, row: FilingRow): FilingEvent | undefined {
  return event.kind === 'REVIEWED' || event.kind === 'LOOKED' ? consequenceOf(row) : undefined;
}

/** Without repetition, in the order of the catalogue. */
export function inOrder(given: readonly Reason[]): readonly Reason[] {
  return reasonOrder.filter((reason) => given.includes(reason));
}

/** Where it waits for the first review. */
function waitingState({ decision, urgency }: FilingRow): State {
  if (urgency === 'EMERGENCY') return 'EMERGENCY_DESK';
  return decision === 'REJECT_FORMAL' ? 'FORMAL_CHECK' : 'CHANNEL_CHECKED';
}

function isUnderReview(state: State): boolean {
  return state === 'LEGAL_REVIEW' || state === 'ESCALATED';
}

function isClosable(state: State): boolean {
  return (['REJECTED_FORMAL', 'REJECTED', 'CORRECTED', 'DISCLOSED', 'NO_DATA_HELD'] as readonly State[]).includes(
    state,
  );
}

/** Exactly what the two have signed: not other reasons, not other items. */
function isWhatFollows(event: FilingEvent, row: FilingRow): boolean {
  const due = consequenceOf(row);
  return due !== undefined && canonicalJson(due) === canonicalJson(event);
}

function isRejected({ outcome }: FilingRow): boolean {
  return outcome === 'REJECTED' || outcome === 'REJECTED_FORMAL';
}

function rejected(isFormal: boolean): Pick<FilingRow, 'state' | 'outcome'> {
  return isFormal
    ? { state: 'REJECTED_FORMAL', outcome: 'REJECTED_FORMAL' }
    : { state: 'REJECTED', outcome: 'REJECTED' };
}

/** With NARROW some items, in order, each once; else none are named. */
function areItems({ verdict, items }: Review, row: FilingRow): boolean {
  if (verdict !== 'NARROW') return items === null;
  if (items === null || items.length === 0) return false;
  return items.every((item, at) => row.items[item] !== undefined && (at === 0 || item > (items[at - 1] ?? -1)));
}

function isSame(
  one: readonly (string | number)[] | null | undefined,
  other: readonly (string | number)[] | null | undefined,
): boolean {
  if (!one || !other) return one === other;
  return one.length === other.length && one.every((item, at) => item === other[at]);
}

function refuse(kind: IllegalStep['kind'], row: FilingRow | undefined): Stepped {
  return err({ kind, state: row?.state ?? null });
}
