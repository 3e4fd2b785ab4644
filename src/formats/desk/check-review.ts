// A verdict: what its signature is over (decision 0018), its parts from outside, and whether it was given by the person and role that the policy names.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { checkSigned, malformed, type SignedFault } from './check-signed.ts';
import { reasons, reviewRoles, verdicts, type Review } from './model.ts';
import {
  digestField,
  fields,
  filingField,
  fingerprintField,
  listOf,
  oneOf,
  secondField,
  setOf,
  wholeNumber,
} from './fields.ts';
import type { Signed } from './member-signature.ts';
import type { Policy, RosterMember } from './policy-shape.ts';

export interface ReviewRefusal extends Omit<SignedFault, 'kind'> {
  readonly kind: 'review';
}

const STATEMENT = 'siegel desk review 1';

const reviewSchema = v.pipe(
  fields({
    what: v.optional(v.literal(STATEMENT, `must be "${STATEMENT}"`)),
    filing: filingField,
    role: oneOf(reviewRoles),
    fingerprint: fingerprintField,
    verdict: oneOf(verdicts),
    reasons: setOf(reasons),
    items: v.nullable(listOf(wholeNumber(0, limits.deskReview.itemsMax), limits.deskReview.itemsMax)),
    policy: digestField,
    caseFiles: listOf(digestField, limits.deskReview.caseFilesMax),
    head: fields({ entries: wholeNumber(0, Number.MAX_SAFE_INTEGER), hash: digestField }),
    signedAt: secondField,
  }),
  v.check(({ verdict, reasons }) => verdict !== 'REJECT' || reasons.length > 0, 'reasons: REJECT names at least one'),
  v.check(({ verdict, reasons }) => verdict !== 'ADMIT' || reasons.length === 0, 'reasons: ADMIT names none'),
  v.check(
    ({ verdict, items }) => (verdict === 'NARROW') === (items !== null),
    'items: NARROW names what is admitted, the others write null',
  ),
  v.check(({ items }) => items === null || items.length > 0, 'items: names none: say REJECT instead'),
);

/** The text whose UTF-8 bytes are signed. */
export function statementOf(review: Review): string {
  const { filing, role, fingerprint, verdict, reasons, items, policy, caseFiles, head, signedAt } = review;
  return canonicalJson({
    what: STATEMENT,
    filing,
    role,
    fingerprint,
    verdict,
    reasons,
    items,
    policy,
    caseFiles,
    head: { entries: head.entries, hash: head.hash },
    signedAt,
  });
}

/** From a review, or from the statement that was signed. */
export function parseReview(value: unknown): Result<Review, ReviewRefusal> {
  const shaped = v.safeParse(reviewSchema, value, { abortEarly: true });
  if (!shaped.success) return err({ ...malformed('The verdict', shaped.issues), kind: 'review' });
  const { what: _, ...review } = shaped.output;
  return ok(review);
}

/** `policy`: the one in force, from a chain that was checked. Whether it fits the filing as it stands is for fold.ts. */
export async function checkReview(
  review: Review,
  armoredSignature: string,
  policy: Policy,
): Promise<Result<Signed & { readonly member: RosterMember }, ReviewRefusal>> {
  const checked = await checkSigned(review, { text: statementOf(review), signature: armoredSignature }, policy);
  return checked.ok ? checked : err({ ...checked.error, kind: 'review' });
}
