// The second look: what its signature is over (decision 0018), its parts from outside, and whether it was signed by the person and role that the policy names.

import * as v from 'valibot';
import { limits } from '#base/limits.ts';
import { err, ok, type Result } from '#base/result.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { checkSigned, malformed, type SignedFault } from './check-signed.ts';
import {
  digestField,
  fields,
  filingField,
  fingerprintField,
  lineField,
  listOf,
  oneOf,
  secondField,
  wholeNumber,
} from './fields.ts';
import type { Signed } from './member-signature.ts';
import { lookFaults, reviewRoles, type Look } from './model.ts';
import type { Policy, RosterMember } from './policy-shape.ts';

export interface LookRefusal extends Omit<SignedFault, 'kind'> {
  readonly kind: 'look';
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
  if (!shaped.success) return err({ ...malformed('The statement', shaped.issues), kind: 'look' });
  const { what: _, ...look } = shaped.output;
  return ok(look);
}

/** `policy`: the one in force, from a chain that was checked. Whether it fits the filing as it stands is for fold.ts. */
export async function checkLook(
  look: Look,
  armoredSignature: string,
  policy: Policy,
): Promise<Result<Signed & { readonly member: RosterMember }, LookRefusal>> {
  const checked = await checkSigned(look, { text: statementOfLook(look), signature: armoredSignature }, policy);
  return checked.ok ? checked : err({ ...checked.error, kind: 'look' });
}
