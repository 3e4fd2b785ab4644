// A chain of policies counts from the trust list only: two people for each, of the roster before it, with keys that were good then.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as openpgp from 'openpgp';
import { canonicalJson } from '#formats/canonical-json/canonical-json.ts';
import type { CalendarDay, Digest } from '#formats/desk/model.ts';
import { checkPolicyChain, type ChainRefusal, type SignedPolicy } from '#formats/desk/check-policy-signatures.ts';
import { checkMemberSignature } from '#formats/desk/member-signature.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import {
  bindAs,
  fillTemplate,
  joined,
  KEYS_MADE_MS,
  makePerson,
  memberOf,
  partsOf,
  signAs,
  signByHand,
  type Person,
} from './test-policy.ts';

const DAY_MS = 86_400_000;
const anna = await makePerson('Anna Officer', 'OFFICER');
const lars = await makePerson('Lars Lawyer', 'LAWYER', { v6: true });
const clara = await makePerson('Clara Clerk', 'CLERK');
const nora = await makePerson('Nora Officer', 'OFFICER', { v6: true });
const stranger = await makePerson('Sam Stranger', 'LAWYER');

const one = fillTemplate([anna, lars, clara]);
const two = fillTemplate([nora, lars], { before: policyDigest(one), dated: '2022-03-01' as CalendarDay });
const three = fillTemplate([nora, lars, anna], { before: policyDigest(two), dated: '2022-03-01' as CalendarDay });
const trust = [anna.member.fingerprint, lars.member.fingerprint];
const first = await signedBy(one, anna, lars);
const second = await signedBy(two, anna, lars);
const third = await signedBy(three, nora, lars);

async function signedBy(policy: Policy, ...people: readonly Person[]): Promise<SignedPolicy> {
  return {
    text: JSON.stringify(policy, null, 2),
    signatures: await Promise.all(people.map((by) => signAs(by, policy))),
  };
}

async function refusalOf(links: readonly SignedPolicy[], by = trust): Promise<ChainRefusal> {
  const checked = await checkPolicyChain(links, by);
  assert.ok(!checked.ok, 'it was taken');
  return checked.error;
}

async function whyOf(links: readonly SignedPolicy[], by = trust): Promise<string> {
  const { at, why } = await refusalOf(links, by);
  return `${at} ${why}`;
}

describe('a chain of policies', () => {
  it('is taken from the trust list on, each signed by two of the roster before it', async () => {
    const checked = await checkPolicyChain([first, second, third], trust);
    assert.ok(checked.ok, JSON.stringify(checked));
    assert.deepEqual(checked.value, [one, two, three]);
  });

  it('is taken when more than two have signed, and all signatures hold', async () => {
    const more = fillTemplate([nora, lars, anna], { before: policyDigest(three), dated: '2022-04-01' as CalendarDay });
    assert.ok((await checkPolicyChain([first, second, third, await signedBy(more, nora, lars, anna)], trust)).ok);
  });

  it('without a first policy is refused', async () => {
    assert.equal(await whyOf([]), '0 noPolicy');
  });

  it('is refused when the machine trusts nobody of the first, or only one', async () => {
    assert.equal(await whyOf([first], []), '0 notASigner');
    assert.equal(await whyOf([first], [stranger.member.fingerprint]), '0 notASigner');
    assert.equal(await whyOf([first], [anna.member.fingerprint]), '0 notASigner');
    assert.equal(
      await whyOf([{ ...first, signatures: first.signatures.slice(0, 1) }], trust.slice(0, 1)),
      '0 tooFewSigners',
    );
  });

  it('is refused when somebody put a policy with keys of their own into the database', async () => {
    const mallory = await makePerson('Mallory', 'OFFICER');
    const own = fillTemplate([mallory, stranger]);
    const { at, why, what } = await refusalOf([await signedBy(own, mallory, stranger)]);
    assert.equal(`${at} ${why}`, '0 notASigner');
    assert.match(what, /^Policy 0: signature 1 is by nobody of: nobody \(desk-trust names none of this roster\)\.$/);
    // the twin: where the machine trusts these two, the same is taken
    const theirs = [mallory.member.fingerprint, stranger.member.fingerprint];
    assert.ok((await checkPolicyChain([await signedBy(own, mallory, stranger)], theirs)).ok);
    const follows = fillTemplate([mallory, stranger], { before: policyDigest(one), dated: one.dated });
    assert.equal(await whyOf([first, await signedBy(follows, mallory, stranger)]), '1 notASigner');
    // one who may sign does not carry in one who may not
    assert.equal(await whyOf([first, await signedBy(follows, anna, mallory)]), '1 notASigner');
  });

  it('is refused when the new roster signs itself in', async () => {
    assert.equal(await whyOf([first, await signedBy(two, nora, lars)]), '1 notASigner');
  });

  it('is refused when a clerk signs', async () => {
    assert.equal(await whyOf([first, await signedBy(two, anna, clara)]), '1 notASigner');
    assert.equal(await whyOf([await signedBy(one, anna, clara)], [...trust, clara.member.fingerprint]), '0 notASigner');
  });

  it('is refused when one person signs twice', async () => {
    const twice = [await signAs(anna, two), await signAs(anna, two, { madeMs: KEYS_MADE_MS + 2 * DAY_MS })];
    assert.equal(await whyOf([first, { ...second, signatures: twice }]), '1 samePersonTwice');
  });

  it('is refused when signatures are missing, or too many', async () => {
    assert.equal(await whyOf([first, { ...second, signatures: [] }]), '1 tooFewSigners');
    assert.equal(await whyOf([first, { ...second, signatures: second.signatures.slice(1) }]), '1 tooFewSigners');
    const many = Array.from({ length: 40 }, () => second.signatures[0] ?? '');
    assert.equal(await whyOf([first, { ...second, signatures: many }]), '1 tooManySignatures');
  });

  it('is refused when a policy names another before it, or one is left out or turned round', async () => {
    assert.equal(await whyOf([first, third]), '1 otherBefore');
    assert.equal(await whyOf([first, second, second]), '2 otherBefore');
    assert.equal(await whyOf([second, first]), '0 otherBefore');
    const wrong = { ...two, before: '0'.repeat(64) as Digest };
    assert.equal(await whyOf([first, await signedBy(wrong, anna, lars)]), '1 otherBefore');
  });

  it('is refused when a later policy is dated earlier', async () => {
    const early = { ...two, dated: '2022-01-31' as CalendarDay };
    assert.equal(await whyOf([first, await signedBy(early, anna, lars)]), '1 datedBefore');
  });

  it('is refused when its text was altered after it was signed', async () => {
    const altered = JSON.stringify({ ...two, country: 'AT', union: ['DE'] });
    assert.equal(await whyOf([first, { ...second, text: altered }]), '1 doesNotHold');
  });

  it('is refused when a text is no policy, and says where', async () => {
    const { why, what } = await refusalOf([first, { ...second, text: JSON.stringify({ ...two, zone: 'Nowhere' }) }]);
    assert.equal(why, 'badPolicy');
    assert.equal(what, 'Policy 1: zone must be a time zone, like "Europe/Berlin".');
  });
});

describe('a signature', () => {
  const bytes = new TextEncoder().encode(canonicalJson(two));
  const check = async (by: Person, armored: string, certificate = by.member.certificate): Promise<string> => {
    const checked = await checkMemberSignature(certificate, bytes, armored);
    return checked.ok ? new Date(checked.value.signedMs).toISOString() : checked.error.kind;
  };

  it('holds by old and new keys, and says when it was made', async () => {
    for (const by of [anna, nora]) assert.equal(await check(by, await signAs(by, two)), '2022-01-03T12:00:00.000Z');
  });

  it('holds by a signing subkey, and not by one without its own consent', async () => {
    const { privateKey } = await openpgp.generateKey({
      userIDs: [{ name: 'S' }],
      subkeys: [{ sign: true }, {}],
      format: 'object',
      date: new Date(KEYS_MADE_MS),
    });
    const by = { member: memberOf('S', 'LAWYER', privateKey), secretKey: privateKey };
    const armored = await signAs(by, two);
    const { packets } = await openpgp.readSignature({ armoredSignature: armored });
    assert.equal(packets[0]?.issuerKeyID.toHex(), privateKey.subkeys[0]?.getKeyID().toHex());
    assert.equal(await check(by, armored), '2022-01-03T12:00:00.000Z');
    const [primary, user, certification, subkey] = partsOf(by);
    const binding = await bindAs(by, openpgp.enums.signature.subkeyBinding, { bind: subkey, flags: 0x02 });
    const taken = joined([primary, user, certification, subkey, binding]);
    assert.equal(await check(by, armored, taken), 'keyNotGoodThen');
  });

  it('of another key, of other bytes or of none is refused', async () => {
    assert.equal(await check(anna, await signAs(stranger, two)), 'otherKey');
    assert.equal(await check(anna, await signAs(anna, one)), 'doesNotHold');
    assert.equal(await check(anna, await signAs(anna, `${canonicalJson(two)}\n`)), 'doesNotHold');
    assert.equal(await check(anna, 'hello'), 'unreadable');
    assert.equal(await check(anna, anna.member.certificate), 'unreadable');
    assert.equal(await check(anna, `${await signAs(anna, two)}${'x'.repeat(20_000)}`), 'unreadable');
  });

  it('with another signature in the same armor is refused', async () => {
    const both = await Promise.all(
      [anna, stranger].map(async (by) => {
        const read = await openpgp.readSignature({ armoredSignature: await signAs(by, two) });
        return read.packets.write();
      }),
    );
    assert.equal(
      await check(anna, openpgp.armor(openpgp.enums.armor.signature, Buffer.concat(both))),
      'notOneSignature',
    );
  });

  it('with SHA-1 is refused', async () => {
    const { privateKey } = await openpgp.generateKey({
      type: 'rsa',
      rsaBits: 2048,
      userIDs: [{ name: 'R' }],
      format: 'object',
      date: new Date(KEYS_MADE_MS),
    });
    const by = { member: memberOf('R', 'LAWYER', privateKey), secretKey: privateKey };
    assert.equal(
      await check(by, await signByHand(by, bytes, { hash: openpgp.enums.hash.sha512 })),
      '2022-01-03T12:00:00.000Z',
    );
    assert.equal(await check(by, await signByHand(by, bytes, { hash: openpgp.enums.hash.sha1 })), 'weakHash');
    assert.equal(await check(by, await signByHand(by, bytes, { hash: openpgp.enums.hash.ripemd })), 'weakHash');
  });

  it('of another type, or one that would expire, is refused', async () => {
    assert.equal(
      await check(anna, await signByHand(anna, bytes, { type: openpgp.enums.signature.standalone })),
      'otherType',
    );
    assert.equal(await check(anna, await signByHand(anna, bytes, { expiresSeconds: 100 })), 'expiringSignature');
    assert.equal(await check(anna, await signByHand(anna, bytes, {})), '2022-01-03T12:00:00.000Z');
  });

  it('with a key that had expired, was revoked or not made yet is refused, and was good before', async () => {
    const short = await makePerson('S', 'LAWYER', { expiresAfterSeconds: 10 * 86_400 });
    assert.equal(await check(short, await signAs(short, two)), '2022-01-03T12:00:00.000Z');
    const late = await signByHand(short, bytes, { madeMs: KEYS_MADE_MS + 11 * DAY_MS });
    assert.equal(await check(short, late), 'keyNotGoodThen');
    const early = await signByHand(short, bytes, { madeMs: KEYS_MADE_MS - DAY_MS });
    assert.equal(await check(short, early), 'keyNotGoodThen');
  });

  it('with a key revoked as lost is refused for all times, with one retired later it holds', async () => {
    const revokedFor = async (flag: openpgp.enums.reasonForRevocation): Promise<string> => {
      const { publicKey } = await openpgp.revokeKey({
        key: anna.secretKey,
        reasonForRevocation: { flag },
        date: new Date(KEYS_MADE_MS + 5 * DAY_MS),
        format: 'armored',
      });
      return publicKey;
    };
    const { keyCompromised, keyRetired } = openpgp.enums.reasonForRevocation;
    const armored = await signAs(anna, two);
    assert.equal(await check(anna, armored, await revokedFor(keyCompromised)), 'keyNotGoodThen');
    assert.equal(await check(anna, armored, await revokedFor(keyRetired)), '2022-01-03T12:00:00.000Z');
    const after = await signAs(anna, two, { madeMs: KEYS_MADE_MS + 6 * DAY_MS });
    assert.equal(await check(anna, after, await revokedFor(keyRetired)), 'keyNotGoodThen');
  });
});
