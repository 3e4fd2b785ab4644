// The register as its people see it in the page: rows become answers, what somebody may do now is tried by the register's own rules.

import { err, ok, type Result } from '#base/result.ts';
import type { DeskFiling, DeskListed } from '#formats/auth-wire/desk-answers.ts';
import type { Fingerprint } from '#formats/desk/model.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';
import type { DeskEntryRow } from '#vault/database/read-desk.ts';
import type { InForce } from '../desk/book/desk.ts';
import { deadlinesOf, type Deadline } from '../desk/clocks/deadlines.ts';
import { describeDeskRefusal } from '../desk/book/desk-refusals.ts';
import { reviewToSign } from '../desk/book/review-to-sign.ts';
import { stepFiling, type FilingRow } from '../desk/register/fold.ts';
import type { Digest } from '#formats/desk/model.ts';

/** Where the register stands, and who asks. */
export interface Standing {
  readonly me: RosterMember;
  readonly inForce: InForce;
  readonly register: { readonly entries: number; readonly head: Digest; readonly nowMs: number };
}

export function listedOf(row: FilingRow, standing: Standing): DeskListed {
  const { filing, receivedOn, state, channel, authority, urgency, outcome } = row;
  return {
    filing,
    receivedOn,
    state,
    channel,
    kinds: [...new Set(row.items.map(({ kind }) => kind))],
    country: authority.country,
    urgency,
    outcome,
    answerBy: row.answerBy ?? null,
    dueMs: clocksOf(row, standing)[0]?.dueMs ?? null,
    // tried for few: a register of many years is listed too
    waitsForMe: outcome === null && mayReview(row, standing).ok,
  };
}

export function filingOfRow(row: FilingRow, entries: readonly DeskEntryRow[], standing: Standing): DeskFiling {
  const { policies } = standing.inForce;
  const review = mayReview(row, standing);
  const checked = entries.findLast(({ kind }) => kind === 'CHANNEL_CHECKED');
  return {
    filing: row.filing,
    corrects: row.corrects,
    correctedBy: row.correctedBy,
    receivedMs: row.receivedMs,
    receivedOn: row.receivedOn,
    authority: row.authority,
    origin: row.origin,
    channel: row.channel,
    instrument: row.instrument,
    urgency: row.urgency,
    items: [...row.items],
    targets: row.targets,
    answerBy: row.answerBy ?? null,
    isImported: row.isImported,
    filedBy: row.filedBy && nameOf(row.filedBy, policies),
    state: row.state,
    outcome: row.outcome,
    reasons: [...row.reasons],
    decidedMs: row.decidedMs,
    decision: row.decision,
    rule: ruleOf(checked),
    reviews: row.reviews.map((one) => ({
      name: nameOf(one.fingerprint, policies),
      role: one.role,
      verdict: one.verdict,
      reasons: [...one.reasons],
      items: one.items && [...one.items],
      signedAt: one.signedAt,
    })),
    admitted: row.admitted && [...row.admitted],
    caseFiles: [...row.caseFiles],
    closedMs: row.closedMs,
    deadlines: [...clocksOf(row, standing)],
    events: entries.map(({ nth, atMs, kind }) => ({ nth, atMs, kind })),
    mayReview: review.ok,
    mayNotWhy: review.ok ? null : review.error.sentence,
  };
}

function clocksOf(row: FilingRow, { inForce, register }: Standing): readonly Deadline[] {
  return deadlinesOf(row, inForce.policy, register.nowMs);
}

/** Tried with a verdict that is always possible where one is. */
function mayReview(
  row: FilingRow,
  { me, inForce, register }: Standing,
): Result<null, { readonly kind: string; readonly sentence: string }> {
  const { entries, head, nowMs } = register;
  if (me.role === 'CLERK')
    return err({ kind: 'clerk', sentence: 'Verdicts are given by the data protection officer and a lawyer.' });
  const said = { verdict: 'REJECT', reasons: ['INCOMPLETE'], items: null } as const;
  const policy: Policy = inForce.policy;
  const review = reviewToSign({ ...said, row, member: me, policy, nowMs, head: { entries, hash: head } });
  if (!review.ok) return err({ kind: review.error.kind, sentence: review.error.what });
  const event = { kind: 'REVIEWED', filing: row.filing, review: review.value, signature: '' } as const;
  const step = stepFiling(row, event, { nth: entries, atMs: nowMs });
  if (step.ok) return ok(null);
  const refusal = { kind: 'step', filing: row.filing, step: step.error } as const;
  return err({ kind: step.error.kind, sentence: describeDeskRefusal(refusal) });
}

/** The newest policy that knows them; the fingerprint where none does. */
function nameOf(fingerprint: Fingerprint, policies: readonly Policy[]): string {
  for (const { roster } of policies.toReversed()) {
    const member = roster.find((one) => one.fingerprint === fingerprint);
    if (member !== undefined) return member.name;
  }
  return fingerprint;
}

function ruleOf(entry: DeskEntryRow | undefined): string | null {
  const event: unknown = entry?.event === null || entry?.event === undefined ? null : JSON.parse(entry.event);
  const isRule = typeof event === 'object' && event !== null && 'rule' in event && typeof event.rule === 'string';
  return isRule ? String(event.rule) : null;
}
