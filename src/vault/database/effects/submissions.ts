// Letters on their way out: queued, taken back, answered for, over. Whole columns at a time, like letters that come in.

import { booleans, int4s, int8s, texts, uuids } from '../array-parameter.ts';
import { idToUuid } from '../ids.ts';
import type { SubmissionCommand, SubmissionKind } from '../../journal/commands.ts';
import type { RecordHeader } from '../../journal/record.ts';
import type { Uuid } from '../tables.ts';
import type { Context } from './effect.ts';

export interface SubmissionEffect {
  readonly account: Uuid;
  readonly header: RecordHeader;
  readonly command: SubmissionCommand;
}

const KINDS: ReadonlySet<string> = new Set<SubmissionKind>([
  'submissionQueued',
  'submissionCanceled',
  'deliveryOutcome',
  'submissionDone',
]);

export function isSubmissionCommand(command: { readonly kind: string }): command is SubmissionCommand {
  return KINDS.has(command.kind);
}

const INSERT_SUBMISSIONS = `
  INSERT INTO submission (account_id, submission_id, letter_id, identity, queued_ms, send_at_ms, recipients, created_modseq, modseq)
  SELECT account_id, submission_id, letter_id, identity, queued_ms, send_at_ms, recipients, modseq, modseq
  FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::int8[], $6::int8[], $7::int4[], $8::int8[])
    AS u(account_id, submission_id, letter_id, identity, queued_ms, send_at_ms, recipients, modseq)
  ON CONFLICT (account_id, submission_id) DO NOTHING`;
const INSERT_OUTBOUND = `
  INSERT INTO outbound (account_id, submission_id, due_ms)
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int8[])
  ON CONFLICT (account_id, submission_id) DO NOTHING`;
const UPDATE_SUBMISSIONS = `
  UPDATE submission s SET modseq = u.modseq, is_canceled = s.is_canceled OR u.is_canceled,
    done_ms = coalesce(s.done_ms, u.done_ms), delivered = coalesce(u.delivered, s.delivered), failed = coalesce(u.failed, s.failed)
  FROM unnest($1::uuid[], $2::uuid[], $3::int8[], $4::boolean[], $5::int8[], $6::int4[], $7::int4[])
    AS u(account_id, submission_id, modseq, is_canceled, done_ms, delivered, failed)
  WHERE s.account_id = u.account_id AND s.submission_id = u.submission_id`;
const END_OUTBOUND = `
  DELETE FROM outbound o USING unnest($1::uuid[], $2::uuid[]) AS u(account_id, submission_id)
  WHERE o.account_id = u.account_id AND o.submission_id = u.submission_id`;

/** What a batch does to one submission besides making it. */
interface Change {
  readonly account: Uuid;
  readonly submission: Uuid;
  modseq: number;
  isCanceled: boolean;
  doneMs: number | null;
  delivered: number | null;
  failed: number | null;
}

/** In the journal's order; a submission that is queued and over in one batch is never seen in `outbound`. */
export async function changeSubmissions({ tx }: Context, effects: readonly SubmissionEffect[]): Promise<void> {
  const queued = effects.flatMap(({ account, header, command }) =>
    command.kind === 'submissionQueued' ? [{ account, header, effect: command.effect }] : [],
  );
  if (queued.length > 0) {
    await tx.rows(INSERT_SUBMISSIONS, [
      uuids(queued.map(({ account }) => account)),
      uuids(queued.map(({ effect }) => idToUuid(effect.submissionId))),
      uuids(queued.map(({ effect }) => (effect.letterId === null ? null : idToUuid(effect.letterId)))),
      texts(queued.map(({ effect }) => effect.identity)),
      int8s(queued.map(({ header }) => header.timeMs)),
      int8s(queued.map(({ effect }) => effect.dueMs)),
      int4s(queued.map(({ effect }) => effect.recipients)),
      int8s(queued.map(({ header }) => header.accountSeq)),
    ]);
  }
  const changes = [...gather(effects).values()];
  const over = new Set(changes.filter(({ doneMs }) => doneMs !== null).map(({ submission }) => submission));
  const waiting = queued.filter(({ effect }) => !over.has(idToUuid(effect.submissionId)));
  if (waiting.length > 0) {
    await tx.rows(INSERT_OUTBOUND, [
      uuids(waiting.map(({ account }) => account)),
      uuids(waiting.map(({ effect }) => idToUuid(effect.submissionId))),
      int8s(waiting.map(({ effect }) => effect.dueMs)),
    ]);
  }
  await writeChanges({ tx }, changes);
}

function gather(effects: readonly SubmissionEffect[]): ReadonlyMap<Uuid, Change> {
  const changes = new Map<Uuid, Change>();
  for (const { account, header, command } of effects) {
    if (command.kind === 'submissionQueued') continue;
    const submission = idToUuid(command.effect.submissionId);
    let change = changes.get(submission);
    if (change === undefined) {
      change = { account, submission, modseq: 0, isCanceled: false, doneMs: null, delivered: null, failed: null };
      changes.set(submission, change);
    }
    change.modseq = header.accountSeq;
    if (command.kind === 'deliveryOutcome') continue;
    change.doneMs ??= header.timeMs;
    if (command.kind === 'submissionCanceled') change.isCanceled = true;
    else [change.delivered, change.failed] = [command.effect.delivered, command.effect.failed];
  }
  return changes;
}

async function writeChanges({ tx }: Pick<Context, 'tx'>, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.rows(UPDATE_SUBMISSIONS, [
    uuids(changes.map(({ account }) => account)),
    uuids(changes.map(({ submission }) => submission)),
    int8s(changes.map(({ modseq }) => modseq)),
    booleans(changes.map(({ isCanceled }) => isCanceled)),
    int8s(changes.map(({ doneMs }) => doneMs)),
    int4s(changes.map(({ delivered }) => delivered)),
    int4s(changes.map(({ failed }) => failed)),
  ]);
  const over = changes.filter(({ doneMs }) => doneMs !== null);
  if (over.length === 0) return;
  await tx.rows(END_OUTBOUND, [
    uuids(over.map(({ account }) => account)),
    uuids(over.map(({ submission }) => submission)),
  ]);
}
