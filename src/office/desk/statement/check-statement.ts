// Whether a standing statement holds: of two people, each in time, under this policy; whether it is fresh is asked by the page each day.

import { ok, type Result } from '#base/result.ts';
import { isMadeFor, otherTime } from '#formats/desk/member-signature.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';
import { checkTwoSignatures } from '../report/two-signatures.ts';
import { checkDays, parseStatement, refuse, type Statement, type StatementRefusal } from './statement.ts';

export interface CheckedStatement {
  readonly statement: Statement;
  readonly signers: readonly RosterMember[];
}

/** `policy`: the one in force, from a chain that was checked. */
export async function checkStatement(
  text: string,
  signatures: readonly string[],
  policy: Policy,
): Promise<Result<CheckedStatement, StatementRefusal>> {
  const parsed = parseStatement(text);
  if (!parsed.ok) return parsed;
  const statement = parsed.value;
  if (statement.policy !== policyDigest(policy))
    return refuse('otherPolicy', 'The statement was made under another policy than the one in force: make it anew.');
  const days = checkDays(statement, policy.zone);
  if (!days.ok) return days;
  const signed = await checkTwoSignatures(text, signatures, policy);
  if (!signed.ok) return refuse('signatures', signed.error.what);
  const early = signed.value.find((one) => !isMadeFor(statement.madeAt, one));
  if (early !== undefined) return refuse('otherTime', otherTime(early.member.name));
  return ok({ statement, signers: signed.value.map(({ member }) => member) });
}
