// A statement of a verdict from the server is signed only when it says exactly what the person said.

import { readJson } from '#formats/canonical-json/read-json.ts';
import type { Clock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { parseReview, statementOf } from '#formats/desk/check-review.ts';
import type { Digest, Review } from '#formats/desk/model.ts';
import type { RosterMember } from '#formats/desk/policy-shape.ts';
import type { PrivateKey } from 'openpgp';
import type { PlainVerdict } from '../../desk-work.ts';

export interface Expected {
  readonly said: PlainVerdict;
  readonly me: RosterMember;
  readonly policy: Digest;
  readonly caseFiles: readonly string[];
}

/** Undefined: it is no statement, or says something else. */
export function checkStatement(text: string, expected: Expected, clock: Clock): Review | undefined {
  const parsed = parseReview(readJson(text));
  if (!parsed.ok) return undefined;
  const review = parsed.value;
  const { said, me, policy, caseFiles } = expected;
  const isThis =
    statementOf(review) === text &&
    review.filing === said.filing &&
    review.verdict === said.verdict &&
    isSame(review.reasons.toSorted(), [...new Set(said.reasons)].toSorted()) &&
    isSame(review.items, said.items) &&
    review.fingerprint === me.fingerprint &&
    review.role === me.role &&
    review.policy === policy &&
    isSame(review.caseFiles, caseFiles) &&
    Math.abs(Date.parse(review.signedAt) - clock.nowMs()) <= limits.deskReview.clockSlackMs;
  return isThis ? review : undefined;
}

/** Detached, armored. */
export async function signText(text: string, signingKeys: PrivateKey, nowMs: number): Promise<string> {
  const openpgp = await import('openpgp');
  const message = await openpgp.createMessage({ binary: new TextEncoder().encode(text) });
  return openpgp.sign({ message, signingKeys, detached: true, format: 'armored', date: new Date(nowMs) });
}

function isSame(one: readonly (string | number)[] | null, other: readonly (string | number)[] | null): boolean {
  if (one === null || other === null) return one === other;
  return one.length === other.length && one.every((value, at) => value === other[at]);
}
