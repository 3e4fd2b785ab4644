// The second look: what its signature is over (decision 0018), its parts from outside, and whether it was signed by the person and role that the policy names.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import {
  digestField,
  fields,
  filingField,
  fingerprintField,
  lineField,
  listOf,
  oneOf,
  placeOf,
  secondField,
  wholeNumber,
} from './fields.ts';
import {
  checkMemberSignature,
  faultWords,
  isMadeFor,
  otherTime,
  type Signed,
  type SignatureFault,
} from './member-signature.ts';
import { lookFaults, reviewRoles, type Look } from './model.ts';
import { policyDigest } from './parse-policy.ts';
import type { Policy, RosterMember } from './policy-shape.ts';

export interface LookRefusal {
  readonly kind: 'look';
  readonly why: 'malformed' | 'otherPolicy' | 'notInRoster' | 'otherRole' | 'otherTime' | SignatureFault['kind'];
  /** A sentence. */
  readonly what: string;
}

const STATEMENT = 'siegel desk look 1';
const { fieldsMax, fieldCharacters } = limits.deskFulfilment;

const lookSchema = v.pipe(
  fields({
    what: v.optional(v.literal(STATEMENT, `must be "${STATEMENT}"`)),
    filing: filingField,
    role: oneOf(reviewRoles),
    fingerprint: fingerprintField,
    agrees: v.boolean('must be true or false'),
    fault: v.nullable(oneOf(lookFaults)),
    package: digestField,
    fields: listOf(lineField(fieldCharacters), fieldsMax),
    recipient: fingerprintField,
    look: digestField,
    policy: digestField,
    head: fields({ entries: wholeNumber(0, Number.MAX_SAFE_INTEGER), hash: digestField }),
    signedAt: secondField,
  }),
  v.check(({ agrees, fault }) => agrees === (fault === null), 'fault: names one where they do not agree, else null'),
);

/** The text whose UTF-8 bytes are signed. */
export function statementOfLook(look: Look): string {
  return canonicalJson({
    what: STATEMENT,
    filing: look.filing,
    role: look.role,
    fingerprint: look.fingerprint,
    agrees: look.agrees,
    fault: look.fault,
    package: look.package,
    fields: look.fields,
    recipient: look.recipient,
    look: look.look,
    policy: look.policy,
    head: { entries: look.head.entries, hash: look.head.hash },
    signedAt: look.signedAt,
  });
}

/** From a look, or from the statement that was signed. */
export function parseLook(value: unknown): Result<Look, LookRefusal> {
  const shaped = v.safeParse(lookSchema, value, { abortEarly: true });
  if (!shaped.success) {
    const [issue] = shaped.issues;
    return refuse('malformed', `The statement: ${[placeOf(issue.path), issue.message].filter(Boolean).join(' ')}.`);
  }
  const { what: _, ...look } = shaped.output;
  return ok(look);
}

/** `policy`: the one in force, from a chain that was checked. Whether it fits the filing as it stands is for fold.ts. */
export async function checkLook(
  look: Look,
  armoredSignature: string,
  policy: Policy,
): Promise<Result<Signed & { readonly member: RosterMember }, LookRefusal>> {
  if (look.policy !== policyDigest(policy))
    return refuse('otherPolicy', 'The statement was made under another policy than the one in force: sign it anew.');
  const member = policy.roster.find(({ fingerprint }) => fingerprint === look.fingerprint);
  if (member === undefined)
    return refuse('notInRoster', `The key ${look.fingerprint} is not in the roster of the policy.`);
  if (member.role !== look.role)
    return refuse('otherRole', `${member.name} is ${member.role} in the policy, not ${look.role}.`);
  const bytes = new TextEncoder().encode(statementOfLook(look));
  const signed = await checkMemberSignature(member.certificate, bytes, armoredSignature);
  if (signed.ok && !isMadeFor(look.signedAt, signed.value)) return refuse('otherTime', otherTime(member.name));
  if (signed.ok) return ok({ ...signed.value, member });
  return refuse(signed.error.kind, `The signature of ${member.name} ${faultWords[signed.error.kind]}.`);
}

function refuse(why: LookRefusal['why'], what: string): Result<never, LookRefusal> {
  return err({ kind: 'look', why, what });
}
