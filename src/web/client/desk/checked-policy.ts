// The chain of policies, checked here: from the people whom this account confirmed, and never shorter or other than it was once seen.

import * as v from 'valibot';
import { err, ok, type Result } from '#base/result.ts';
import { deskAnswers, type DeskPolicies } from '#formats/auth-wire/desk-answers.ts';
import { canonicalBytes } from '#formats/canonical-json/canonical-json.ts';
import { checkPolicyChain } from '#formats/desk/check-policy-signatures.ts';
import { digestField, fingerprintField } from '#formats/desk/fields.ts';
import { checkMemberSignature } from '#formats/desk/member-signature.ts';
import type { Fingerprint } from '#formats/desk/model.ts';
import { parsePolicy, policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy, RosterMember } from '#formats/desk/policy-shape.ts';
import type { DeskTrouble } from '../../desk-work.ts';
import type { OpenSession } from '../open-session.ts';
import { putItem, readItems, type Item } from '../sealed-items.ts';
import { asTrouble, askDesk } from './ask-desk.ts';

const COLLECTION = 'desk';
const pinsShape = v.object({
  founders: v.pipe(v.array(fingerprintField), v.minLength(2)),
  /** How many policies were seen, and the digest of the last of them. */
  seen: v.object({ policies: v.pipe(v.number(), v.integer(), v.minValue(1)), sha256: digestField }),
});
type Pins = v.InferOutput<typeof pinsShape>;

export interface Checked {
  readonly policy: Policy;
  readonly founders: readonly RosterMember[];
}

type Answer<T> = Promise<Result<T, DeskTrouble>>;

export async function checkedPolicy(session: OpenSession): Answer<Checked> {
  const pinned = await readPins(session);
  if (!pinned.ok) return pinned;
  const { item, pins } = pinned.value;
  if (pins === undefined) return err({ kind: 'not-trusted' });
  const links = await readLinks(session);
  if (!links.ok) return links;
  return check(session, { links: links.value, pins, item });
}

/** Who signed the first policy. What it says is not checked against anything yet: a person does that. */
export async function readFounders(session: OpenSession): Answer<readonly RosterMember[]> {
  const links = await readLinks(session);
  return links.ok ? foundersOf(links.value) : links;
}

/** Refused where these are not exactly the people who signed the first. */
export async function confirmFounders(session: OpenSession, fingerprints: readonly string[]): Answer<undefined> {
  const links = await readLinks(session);
  if (!links.ok) return links;
  const founders = await foundersOf(links.value);
  if (!founders.ok) return founders;
  const known = new Set<string>(founders.value.map(({ fingerprint }) => fingerprint));
  const given = new Set(fingerprints);
  if (known.size !== given.size || ![...known].every((one) => given.has(one))) return err({ kind: 'policy-altered' });
  const chain = await checkPolicyChain(
    links.value,
    [...known].map((one) => v.parse(fingerprintField, one)),
  );
  const newest = chain.ok ? chain.value.at(-1) : undefined;
  if (!chain.ok || newest === undefined) return err({ kind: 'policy-altered' });
  const pinned = await readPins(session);
  if (!pinned.ok) return pinned;
  const seen = { policies: chain.value.length, sha256: policyDigest(newest) };
  const put = await putItem(session, COLLECTION, pinned.value.item, { founders: [...known], seen });
  return put.ok
    ? ok(undefined)
    : err({ kind: put.error.kind === 'no-connection' ? 'no-connection' : 'server-unavailable' });
}

async function check(
  session: OpenSession,
  {
    links,
    pins,
    item,
  }: { readonly links: DeskPolicies['links']; readonly pins: Pins; readonly item: Item | undefined },
): Answer<Checked> {
  const chain = await checkPolicyChain(links, pins.founders);
  if (!chain.ok) return err({ kind: 'policy-altered' });
  const known = chain.value[pins.seen.policies - 1];
  const policy = chain.value.at(-1);
  // an older policy, or another one in its place: its roster may be another
  if (known === undefined || policy === undefined || policyDigest(known) !== pins.seen.sha256)
    return err({ kind: 'policy-altered' });
  const first = chain.value[0];
  const founders = first?.roster.filter(({ fingerprint }) => pins.founders.includes(fingerprint)) ?? [];
  if (chain.value.length > pins.seen.policies) {
    const seen = { policies: chain.value.length, sha256: policyDigest(policy) };
    // where it cannot be kept now it is the next time
    await putItem(session, COLLECTION, item, { founders: pins.founders, seen });
  }
  return ok({ policy, founders });
}

async function foundersOf(links: DeskPolicies['links']): Answer<readonly RosterMember[]> {
  const [first] = links;
  const parsed = first === undefined ? undefined : await parsePolicy(first.text);
  if (first === undefined || parsed?.ok !== true) return err({ kind: first === undefined ? 'gone' : 'policy-altered' });
  const bytes = canonicalBytes(parsed.value);
  const founders: RosterMember[] = [];
  for (const member of parsed.value.roster) {
    if (member.role === 'CLERK') continue;
    if (await hasSigned(member, bytes, first.signatures)) founders.push(member);
  }
  return founders.length >= 2 ? ok(founders) : err({ kind: 'policy-altered' });
}

async function hasSigned(
  { certificate }: RosterMember,
  bytes: Uint8Array,
  signatures: readonly string[],
): Promise<boolean> {
  for (const signature of signatures) if ((await checkMemberSignature(certificate, bytes, signature)).ok) return true;
  return false;
}

async function readLinks({ reach }: OpenSession): Answer<DeskPolicies['links']> {
  const asked = asTrouble(await askDesk(reach, '/desk/policies', deskAnswers.policies));
  return asked.ok ? ok(asked.value.links) : asked;
}

async function readPins(
  session: OpenSession,
): Answer<{ readonly item: Item | undefined; readonly pins: Pins | undefined }> {
  const items = await readItems(session, COLLECTION);
  if (!items.ok) return err({ kind: items.error.kind === 'no-connection' ? 'no-connection' : 'server-unavailable' });
  const [item] = items.value;
  if (item === undefined) return ok({ item, pins: undefined });
  const parsed = v.safeParse(pinsShape, item.plainValue);
  // an older version put back, or altered: a person confirms anew only after somebody has looked at the server
  return parsed.success ? ok({ item, pins: parsed.output }) : err({ kind: 'policy-altered' });
}

/** The member of the roster whose key this account holds. */
export function memberIn({ roster }: Policy, fingerprints: ReadonlySet<string>): RosterMember | undefined {
  return roster.find(({ fingerprint }: { readonly fingerprint: Fingerprint }) => fingerprints.has(fingerprint));
}
