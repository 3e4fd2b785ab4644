// What the house says to everybody is signed by two people of the roster, one OFFICER and one LAWYER: detached OpenPGP over its bytes (decision 0018).

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { checkMemberSignature, faultWords, type Signed, type SignatureFault } from '#formats/desk/member-signature.ts';
import { reviewRoles } from '#formats/desk/model.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';

export interface TwoSignaturesRefusal {
  readonly why: 'tooMany' | 'notASigner' | 'samePersonTwice' | 'roleMissing' | SignatureFault['kind'];
  /** A sentence. */
  readonly what: string;
  readonly kind: 'twoSignatures';
}

export interface Signatory extends Signed {
  readonly member: RosterMember;
}

/** Who signed. `policy`: the one in force, from a chain that was checked. */
export async function checkTwoSignatures(
  text: string,
  signatures: readonly string[],
  policy: Policy,
): Promise<Result<readonly Signatory[], TwoSignaturesRefusal>> {
  if (signatures.length > limits.deskPolicy.signaturesMax) return refuse('tooMany', 'It has too many signatures.');
  const bytes = new TextEncoder().encode(text);
  const signers: Signatory[] = [];
  for (const [nth, armored] of signatures.entries()) {
    const signer = await signerOf(bytes, armored, policy);
    if (!signer.ok) {
      const { kind } = signer.error;
      if (kind === 'otherKey') return refuse('notASigner', `Signature ${nth + 1} is by nobody who gives verdicts.`);
      return refuse(kind, `Signature ${nth + 1} ${faultWords[kind]}.`);
    }
    const { fingerprint, name } = signer.value.member;
    if (signers.some(({ member }) => member.fingerprint === fingerprint))
      return refuse('samePersonTwice', `${name} has signed twice: it needs two people.`);
    signers.push(signer.value);
  }
  const missing = reviewRoles.find((role) => !signers.some(({ member }) => member.role === role));
  return missing === undefined ? ok(signers) : refuse('roleMissing', `Nobody has signed as ${missing}.`);
}

/** A CLERK signs nothing of this. */
async function signerOf(
  bytes: Uint8Array,
  armored: string,
  { roster }: Policy,
): Promise<Result<Signatory, SignatureFault>> {
  let fault: SignatureFault = { kind: 'otherKey' };
  for (const member of roster.filter(({ role }) => role !== 'CLERK')) {
    const checked = await checkMemberSignature(member.certificate, bytes, armored);
    if (checked.ok) return ok({ member, ...checked.value });
    if (checked.error.kind !== 'otherKey') fault = checked.error;
  }
  return err(fault);
}

function refuse(why: TwoSignaturesRefusal['why'], what: string): Result<never, TwoSignaturesRefusal> {
  return err({ kind: 'twoSignatures', why, what });
}
