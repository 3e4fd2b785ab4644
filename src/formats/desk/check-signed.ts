// A statement of one person of the roster: made under the policy in force, by the key and role that it names, signed when it was made.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { placeOf } from './fields.ts';
import {
  checkMemberSignature,
  faultWords,
  isMadeFor,
  otherTime,
  type Signed,
  type SignatureFault,
} from './member-signature.ts';
import type { Digest, Fingerprint, ReviewRole } from './model.ts';
import { policyDigest } from './parse-policy.ts';
import type { Policy, RosterMember } from './policy-shape.ts';

export interface SignedFault {
  readonly kind: 'signed';
  readonly why: 'malformed' | 'otherPolicy' | 'notInRoster' | 'otherRole' | 'otherTime' | SignatureFault['kind'];
  /** A sentence. */
  readonly what: string;
}

/** What every such statement says of who made it. */
export interface Signer {
  readonly policy: Digest;
  readonly fingerprint: Fingerprint;
  readonly role: ReviewRole;
  /** ISO 8601, UTC, to the second. */
  readonly signedAt: string;
}

export interface StatementToCheck {
  /** The text whose UTF-8 bytes are signed. */
  readonly text: string;
  /** Detached, in armor. */
  readonly signature: string;
}

/** `policy`: the one in force, from a chain that was checked. */
export async function checkSigned(
  signer: Signer,
  { text, signature }: StatementToCheck,
  policy: Policy,
): Promise<Result<Signed & { readonly member: RosterMember }, SignedFault>> {
  if (signer.policy !== policyDigest(policy))
    return refuse('otherPolicy', 'The statement was made under another policy than the one in force: sign it anew.');
  const member = policy.roster.find(({ fingerprint }) => fingerprint === signer.fingerprint);
  if (member === undefined)
    return refuse('notInRoster', `The key ${signer.fingerprint} is not in the roster of the policy.`);
  if (member.role !== signer.role)
    return refuse('otherRole', `${member.name} is ${member.role} in the policy, not ${signer.role}.`);
  const signed = await checkMemberSignature(member.certificate, new TextEncoder().encode(text), signature);
  if (signed.ok && !isMadeFor(signer.signedAt, signed.value)) return refuse('otherTime', otherTime(member.name));
  if (signed.ok) return ok({ ...signed.value, member });
  return refuse(signed.error.kind, `The signature of ${member.name} ${faultWords[signed.error.kind]}.`);
}

/** "The verdict: items names none: say REJECT instead." */
export function malformed(
  name: string,
  [issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
): SignedFault {
  return {
    kind: 'signed',
    why: 'malformed',
    what: `${name}: ${[placeOf(issue.path), issue.message].filter(Boolean).join(' ')}.`,
  };
}

function refuse(why: SignedFault['why'], what: string): Result<never, SignedFault> {
  return err({ kind: 'signed', why, what });
}
