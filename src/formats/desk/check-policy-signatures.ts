// The chain of policies: the first signed by two whom the machine trusts, each later one by two of the roster before it.

import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import type { Fingerprint } from './model.ts';
import { checkMemberSignature, faultWords, type SignatureFault } from './member-signature.ts';
import { parsePolicy, policyDigest } from './parse-policy.ts';
import type { Policy, RosterMember } from './policy-shape.ts';

export interface SignedPolicy {
  readonly text: string;
  /** Detached, armored, over the canonical JSON of the policy. */
  readonly signatures: readonly string[];
}

export interface ChainRefusal {
  readonly kind: 'policyChain';
  /** Which one, from 0. */
  readonly at: number;
  readonly why:
    | 'noPolicy'
    | 'tooMany'
    | 'badPolicy'
    | 'otherBefore'
    | 'datedBefore'
    | 'tooFewSigners'
    | 'tooManySignatures'
    | 'notASigner'
    | 'samePersonTwice'
    | SignatureFault['kind'];
  /** A sentence that names the policy and says what is wrong. */
  readonly what: string;
}

/** The policies in order, checked from `trust` (fingerprints that the machine's own options name), or which of them is wrong and why. */
export async function checkPolicyChain(
  links: readonly SignedPolicy[],
  trust: readonly Fingerprint[],
): Promise<Result<readonly Policy[], ChainRefusal>> {
  if (links.length === 0) return refuse(0, 'noPolicy', 'There is no policy yet: put one that two people have signed.');
  if (links.length > limits.deskPolicy.chainMax)
    return refuse(limits.deskPolicy.chainMax, 'tooMany', `There are more than ${limits.deskPolicy.chainMax} policies.`);
  const policies: Policy[] = [];
  for (const [at, link] of links.entries()) {
    const checked = await checkNextPolicy(link, { at, before: policies.at(-1), trust });
    if (!checked.ok) return checked;
    policies.push(checked.value);
  }
  return ok(policies);
}

/** One more: `before` is the last of a chain that was checked, undefined for the first. */
export async function checkNextPolicy(
  { text, signatures }: SignedPolicy,
  { at, before, trust }: { at: number; before: Policy | undefined; trust: readonly Fingerprint[] },
): Promise<Result<Policy, ChainRefusal>> {
  const parsed = await parsePolicy(text);
  if (!parsed.ok) return refuse(at, 'badPolicy', `Policy ${at}: ${parsed.error.place} ${parsed.error.what}.`);
  const policy = parsed.value;
  const due = before === undefined ? null : policyDigest(before);
  if (policy.before !== due) {
    const say = due === null ? 'null: it is the first' : due;
    return refuse(at, 'otherBefore', `Policy ${at}: \`before\` must be ${say}.`);
  }
  if (before !== undefined && policy.dated < before.dated)
    return refuse(at, 'datedBefore', `Policy ${at} is dated ${policy.dated}, before the one that it follows.`);
  const signers = signersOf(before ?? policy).filter(
    ({ fingerprint }) => before !== undefined || trust.includes(fingerprint),
  );
  const signed = await checkSigners(canonicalBytes(policy), signatures, signers);
  if (signed.ok) return ok(policy);
  return refuse(at, signed.error.kind, `Policy ${at}: ${signed.error.what}`);
}

/** Who may sign what comes next. A CLERK gives no verdict, and so none on who may give them. */
function signersOf({ roster }: Policy): readonly RosterMember[] {
  return roster.filter(({ role }) => role !== 'CLERK');
}

interface SignersFault {
  readonly kind: Exclude<ChainRefusal['why'], 'noPolicy' | 'tooMany' | 'badPolicy' | 'otherBefore' | 'datedBefore'>;
  readonly what: string;
}

/** Each signature must hold, each by another person, at least two. */
async function checkSigners(
  bytes: Uint8Array,
  signatures: readonly string[],
  signers: readonly RosterMember[],
): Promise<Result<null, SignersFault>> {
  const tooFew = err({ kind: 'tooFewSigners', what: `it needs the signatures of two of: ${namesOf(signers)}.` });
  if (signatures.length > limits.deskPolicy.signaturesMax)
    return err({ kind: 'tooManySignatures', what: 'it has too many signatures.' });
  const found = new Set<Fingerprint>();
  for (const [nth, armored] of signatures.entries()) {
    const signer = await signerOf(bytes, armored, signers);
    if (!signer.ok) {
      const { kind } = signer.error;
      return kind === 'otherKey'
        ? err({ kind: 'notASigner', what: `signature ${nth + 1} is by nobody of: ${namesOf(signers)}.` })
        : err({ kind, what: `signature ${nth + 1} ${faultWords[kind]}.` });
    }
    const { fingerprint, name } = signer.value;
    if (found.has(fingerprint))
      return err({ kind: 'samePersonTwice', what: `${name} has signed twice: it needs two people.` });
    found.add(fingerprint);
  }
  return found.size < 2 ? tooFew : ok(null);
}

/** Whose it is; what is wrong with it is said by the certificate that names its key. */
async function signerOf(
  bytes: Uint8Array,
  armored: string,
  signers: readonly RosterMember[],
): Promise<Result<RosterMember, SignatureFault>> {
  let fault: SignatureFault = { kind: 'otherKey' };
  for (const member of signers) {
    const checked = await checkMemberSignature(member.certificate, bytes, armored);
    if (checked.ok) return ok(member);
    if (checked.error.kind !== 'otherKey') fault = checked.error;
  }
  return err(fault);
}

function namesOf(members: readonly RosterMember[]): string {
  return (
    members.map(({ name, fingerprint }) => `${name} (${fingerprint})`).join(', ') ||
    'nobody (desk-trust names none of this roster)'
  );
}

function refuse(at: number, why: ChainRefusal['why'], what: string): Result<never, ChainRefusal> {
  return err({ kind: 'policyChain', at, why, what });
}
