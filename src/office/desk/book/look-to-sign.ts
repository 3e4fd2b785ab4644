// What a member signs who has opened the package of a filing.

import type { Result } from '#base/result.ts';
import { parseLook, type LookRefusal } from '#formats/desk/check-look.ts';
import type { FilingNumber, Look, LookFault } from '#formats/desk/model.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';
import type { Collected } from '../register/event.ts';

export interface Seen extends Pick<Look, 'head'> {
  readonly filing: FilingNumber;
  readonly collected: Pick<Collected, 'disclosure' | 'look'>;
  readonly member: RosterMember;
  readonly policy: Policy;
  /** Null: agrees. */
  readonly fault: LookFault | null;
  readonly nowMs: number;
}

/** statementOfLook() of it goes to their key. Refused for who gives no verdicts: a clerk. */
export function lookToSign({ filing, collected, member, policy, fault, nowMs, head }: Seen): Result<Look, LookRefusal> {
  const { disclosure, look } = collected;
  return parseLook({
    filing,
    role: member.role,
    fingerprint: member.fingerprint,
    agrees: fault === null,
    fault,
    package: disclosure.package,
    fields: disclosure.fields,
    recipient: disclosure.recipient,
    look,
    policy: policyDigest(policy),
    head,
    signedAt: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
  });
}
