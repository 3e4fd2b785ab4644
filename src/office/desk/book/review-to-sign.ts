// What a member signs of a filing as it stands.

import type { Result } from '#base/result.ts';
import { parseReview, type ReviewRefusal } from '#formats/desk/check-review.ts';
import type { Review } from '#formats/desk/model.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';
import { inOrder, type FilingRow } from '../register/fold.ts';

export interface Verdict extends Pick<Review, 'verdict' | 'reasons' | 'items' | 'head'> {
  readonly row: FilingRow;
  readonly member: RosterMember;
  readonly policy: Policy;
  readonly nowMs: number;
}

/** What a member signs of a filing as it stands; statementOf() of it goes to their key. */
export function reviewToSign({ row, member, policy, nowMs, ...said }: Verdict): Result<Review, ReviewRefusal> {
  return parseReview({
    filing: row.filing,
    role: member.role,
    fingerprint: member.fingerprint,
    verdict: said.verdict,
    reasons: inOrder(said.reasons),
    items: said.items,
    policy: policyDigest(policy),
    caseFiles: row.caseFiles,
    head: said.head,
    signedAt: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
  });
}
