// Whatever comes from outside, a policy, a verdict or a signature: it is refused in words, nothing is thrown, and no changed byte that was signed counts.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import * as openpgp from 'openpgp';
import { dearmor } from '#formats/openpgp/armor.ts';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import { checkPolicyChain } from '#formats/desk/check-policy-signatures.ts';
import { parseReview } from '#formats/desk/check-review.ts';
import { checkMemberSignature } from '#formats/desk/member-signature.ts';
import { parsePolicy } from '#formats/desk/parse-policy.ts';
import { fillTemplate, makePerson, signAs } from './test-policy.ts';

const anna = await makePerson('Anna Officer', 'OFFICER');
const lars = await makePerson('Lars Lawyer', 'LAWYER', { v6: true });
const policy = fillTemplate([anna, lars]);
const trust = [anna.member.fingerprint, lars.member.fingerprint];

it('any JSON, or none, is no policy and no verdict', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
      assert.equal((await parsePolicy(text)).ok, false);
      assert.equal(parseReview(text).ok, false);
    }),
    { seed: 7, numRuns: 300 },
  );
  fc.assert(
    fc.property(fc.anything(), (value) => assert.equal(parseReview(value).ok, false)),
    { seed: 7, numRuns: 300 },
  );
});

it('a policy with any one value replaced by any other is refused with a place, or is another policy that nobody signed', async () => {
  const signatures = await Promise.all([anna, lars].map((by) => signAs(by, policy)));
  const places = placesIn(policy);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...places), fc.jsonValue(), async (place, value) => {
      const text = JSON.stringify(replaced(policy, place, value));
      if (canonicalJson(JSON.parse(text)) === canonicalJson(policy)) return;
      const parsed = await parsePolicy(text);
      if (!parsed.ok) assert.ok(parsed.error.place !== '' && parsed.error.what !== '');
      const checked = await checkPolicyChain([{ text, signatures }], trust);
      assert.ok(!checked.ok, text);
    }),
    { seed: 11, numRuns: 300 },
  );
});

it('a signature with any byte changed is refused, unless it is one that nothing signs', async () => {
  const bytes = new TextEncoder().encode(canonicalJson(policy));
  for (const by of [anna, lars]) {
    const good = dearmor(await signAs(by, policy));
    assert.ok(good.ok);
    const binary = good.value.bytes;
    let taken = 0;
    for (let at = 0; at < binary.length; at++) {
      for (const change of [0x01, 0x80]) {
        const altered = binary.map((byte, i) => (i === at ? byte ^ change : byte));
        const armored = openpgp.armor(openpgp.enums.armor.signature, altered);
        const checked = await checkMemberSignature(by.member.certificate, bytes, armored);
        if (checked.ok) taken += 1;
      }
    }
    // not signed: the issuer's id with its header, and the bit counts of the numbers
    assert.ok(taken <= 2 * 11, `${taken} of ${2 * binary.length}`);
    const same = openpgp.armor(openpgp.enums.armor.signature, binary);
    assert.ok((await checkMemberSignature(by.member.certificate, bytes, same)).ok);
  }
});

type Path = readonly (string | number)[];

function placesIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, member]) =>
    placesIn(member, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return path.length === 0 ? below : [path, ...below];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((item: unknown, at) => (at === key ? replaced(item, rest, by) : item));
  return Object.fromEntries(
    Object.entries(value as object).map(([name, item]: [string, unknown]) => [
      name,
      name === key ? replaced(item, rest, by) : item,
    ]),
  );
}
