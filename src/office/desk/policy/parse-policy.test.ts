// The policy's text: the template filled is one; whatever is wrong in it is refused with its place and what to do.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import * as openpgp from 'openpgp';
import { limits } from '#base/limits.ts';
import { exampleGermany } from './example-policy.ts';
import { parsePolicy, policyDigest } from '#formats/desk/parse-policy.ts';
import type { Policy } from '#formats/desk/policy-shape.ts';
import { bindAs, fillTemplate, joined, KEYS_MADE_MS, makePerson, memberOf, partsOf } from './test-policy.ts';

const anna = await makePerson('Anna Officer', 'OFFICER');
const lars = await makePerson('Lars Lawyer', 'LAWYER');
const clara = await makePerson('Clara Clerk', 'CLERK', { v6: true });
const people = [anna, lars, clara];
const good = fillTemplate(people);

/** The good policy as plain JSON, changed by hand. */
function changed(change: (policy: Mutable) => void): string {
  const copy = JSON.parse(JSON.stringify(good)) as Mutable;
  change(copy);
  return JSON.stringify(copy);
}
type Mutable = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- it is to be made wrong

async function refusalOf(text: string): Promise<string> {
  const parsed = await parsePolicy(text);
  assert.ok(!parsed.ok, 'it was taken');
  return `${parsed.error.place}: ${parsed.error.what}`;
}

describe('a policy', () => {
  it('is read from its text, with members of old and new keys', async () => {
    const parsed = await parsePolicy(JSON.stringify(good, null, 2));
    assert.ok(parsed.ok, JSON.stringify(parsed));
    assert.deepEqual(parsed.value, good);
    assert.equal(clara.member.fingerprint.length, 64);
    assert.equal(anna.member.fingerprint.length, 40);
  });

  it('has a digest that does not depend on how its text is laid out', async () => {
    const parsed = await parsePolicy(JSON.stringify(good, null, 2));
    assert.ok(parsed.ok);
    const turned = Object.fromEntries(Object.entries(good).toReversed()) as unknown as Policy;
    assert.equal(policyDigest(parsed.value), policyDigest(turned));
    const small = { a: 1 } as unknown as Policy;
    assert.equal(policyDigest(small), createHash('sha256').update('{"a":1}').digest('hex'));
  });

  it('is still read when its keys have expired long since', async () => {
    const short = await makePerson('Olaf Old', 'LAWYER', { expiresAfterSeconds: 60 * 86_400 });
    const parsed = await parsePolicy(JSON.stringify(fillTemplate([anna, short])));
    assert.ok(parsed.ok, JSON.stringify(parsed));
  });

  it('may be dated before its keys were made', async () => {
    const late = await makePerson('Lena Late', 'LAWYER', { madeMs: Date.parse('2026-11-20T10:00:00Z') });
    assert.ok((await parsePolicy(JSON.stringify(fillTemplate([anna, late])))).ok);
  });

  it('may fit every channel, say interceptions as they are, and hold for a single day', async () => {
    const wide = changed((p) => {
      p.interceptions.bands = null;
      p.admissibility[2].channels = null;
      p.admissibility[1].until = p.admissibility[1].from;
    });
    assert.ok((await parsePolicy(wide)).ok);
  });

  it('as the template stands cannot be used: its roster is empty', async () => {
    assert.equal(
      await refusalOf(exampleGermany()),
      'roster: names no OFFICER: every verdict needs an OFFICER and a LAWYER',
    );
  });
});

const wrongs: readonly (readonly [place: string, what: RegExp, change: (policy: Mutable) => void])[] = [
  ['v', /must be 1/, (p) => (p.v = 2)],
  ['title', /must be an object/, (p) => (p.title = 'Policy')],
  ['title.en', /is missing: add it/, (p) => delete p.title.en],
  ['title.de', /one line/, (p) => (p.title.de = 'two\nlines')],
  ['title.fr', /no known field: take it out/, (p) => (p.title.fr = 'trois')],
  ['dated', /day of the calendar/, (p) => (p.dated = '2026-02-30')],
  ['dated', /is missing/, (p) => delete p.dated],
  ['before', /64 lower-case hex/, (p) => (p.before = 'AB')],
  ['country', /two capital letters/, (p) => (p.country = 'de')],
  ['union', /country of the house/, (p) => p.union.push('DE')],
  ['union[26]', /twice/, (p) => p.union.push('AT')],
  ['zone', /time zone/, (p) => (p.zone = 'Europe/Atlantis')],
  ['zone', /time zone/, (p) => (p.zone = '+01:00')],
  ['house.replyTo', /e-mail address/, (p) => (p.house.replyTo = 'post')],
  ['house.name', /one line/, (p) => (p.house.name = ' Example')],
  ['surprise', /no known field/, (p) => (p.surprise = 1)],
  ['roster', /must be a list/, (p) => (p.roster = {})],
  ['roster', /names no LAWYER/, (p) => p.roster.splice(1, 1)],
  ['roster', /more than 32/, (p) => (p.roster = Array.from({ length: 33 }, () => p.roster[0]))],
  ['roster[1].name', /twice/, (p) => (p.roster[1].name = 'ANNA  OFFICER')],
  ['roster[0].role', /one of OFFICER, LAWYER, CLERK/, (p) => (p.roster[0].role = 'BOSS')],
  ['roster[0].fingerprint', /without spaces/, (p) => (p.roster[0].fingerprint = 'ABCD 1234')],
  ['roster[1].fingerprint', /key of their own/, (p) => (p.roster[1].fingerprint = p.roster[0].fingerprint)],
  ['roster[2].certificate', /its own is/, (p) => (p.roster[2].certificate = p.roster[0].certificate)],
  ['roster[2].certificate', /cannot be read/, (p) => (p.roster[2].certificate = 'hello')],
  ['roster[2].certificate', /too long/, (p) => (p.roster[2].certificate = 'x'.repeat(300_000))],
  ['roster[0].certificate', /must be an OpenPGP public key/, (p) => (p.roster[0].certificate = null)],
  ['admissibility[1].id', /taken/, (p) => (p.admissibility[1].id = p.admissibility[0].id)],
  ['admissibility[0].id', /word of the program/, (p) => (p.admissibility[0].id = 'emergency')],
  ['admissibility[0].id', /small letters/, (p) => (p.admissibility[0].id = 'No Id')],
  ['admissibility[1].norm', /not among the norms/, (p) => (p.admissibility[1].norm = 'stpo-1')],
  ['admissibility[1].norm', /letter cites/, (p) => (p.admissibility[1].norm = null)],
  ['admissibility[1].reason', /letter gives/, (p) => (p.admissibility[1].reason = null)],
  ['admissibility[1].reason', /one of INADMISSIBLE/, (p) => (p.admissibility[1].reason = 'BECAUSE')],
  ['admissibility[2].reason', /REJECT_FORMAL only/, (p) => (p.admissibility[2].reason = 'LANGUAGE')],
  ['admissibility[1].until', /before/, (p) => (p.admissibility[1].until = '2022-01-01')],
  ['admissibility[0].channels[2]', /one of ESB/, (p) => p.admissibility[0].channels.push('PIGEON')],
  ['admissibility[0].channels', /twice/, (p) => p.admissibility[0].channels.push('FAX')],
  ['admissibility', /more than 200/, (p) => (p.admissibility = Array.from({ length: 201 }, () => p.admissibility[0]))],
  ['norms[1].id', /taken/, (p) => (p.norms[1].id = p.norms[0].id)],
  ['norms[0].source', /https/, (p) => (p.norms[0].source = 'http://example.org/')],
  ['norms[0].until', /before/, (p) => ((p.norms[0].from = '2023-01-01'), (p.norms[0].until = '2022-12-31'))],
  ['norms', /more than 500/, (p) => (p.norms = Array.from({ length: 501 }, () => p.norms[0]))],
  ['interceptions.bands[1]', /greater/, (p) => (p.interceptions.bands = [99, 99])],
  ['interceptions.bands[0]', /whole number/, (p) => (p.interceptions.bands = [0.5])],
  ['deadlines[0].norm', /not among the norms/, (p) => (p.deadlines[0].norm = 'stpo-1')],
  ['deadlines[0].hours', /whole number/, (p) => (p.deadlines[0].hours = 0)],
  ['deadlines[3]', /deadline already/, (p) => p.deadlines.push(p.deadlines[0])],
];

describe('a policy is refused with its place', () => {
  for (const [place, what, change] of wrongs) {
    it(`${place}: ${what.source}`, async () => {
      const refusal = await refusalOf(changed(change));
      assert.ok(refusal.startsWith(`${place}: `), refusal);
      assert.match(refusal, what);
    });
  }

  it('where it is no JSON, or too long', async () => {
    assert.match(await refusalOf('{'), /^policy: is not JSON/);
    assert.match(await refusalOf('"x"'), /^policy: must be an object/);
    assert.match(await refusalOf(' '.repeat(limits.deskPolicy.textBytes + 1)), /^policy: is longer than/);
  });

  it('where a field hides behind the name of a built-in', async () => {
    const text = JSON.stringify(good);
    assert.match(await refusalOf(`{"toString": "x", ${text.slice(1)}`), /known/);
    assert.match(await refusalOf(`{"__proto__": {"v": 9}, ${text.slice(1)}`), /known/);
  });

  it('where a certificate is secret, several, expired, revoked, cannot sign or cannot be sealed to', async () => {
    const made = new Date(KEYS_MADE_MS);
    const withKey = (key: openpgp.Key, certificate = key.toPublic().armor()): string =>
      changed((p) => (p.roster[1] = { ...memberOf('Lars Lawyer', 'LAWYER', key), certificate }));
    assert.match(
      await refusalOf(withKey(lars.secretKey, lars.secretKey.armor())),
      /^roster\[1\]\.certificate: is a secret/,
    );
    const two = openpgp.armor(
      openpgp.enums.armor.publicKey,
      Buffer.concat([lars, anna].map(({ secretKey }) => secretKey.toPublic().write())),
    );
    assert.match(await refusalOf(withKey(lars.secretKey, two)), /cannot be read: put one public key/);
    const short = await makePerson('S', 'LAWYER', { expiresAfterSeconds: 86_400 });
    assert.match(await refusalOf(withKey(short.secretKey)), /cannot sign on the day of this policy: it has expired/);
    const { publicKey: revoked } = await openpgp.revokeKey({ key: lars.secretKey, date: made, format: 'object' });
    assert.match(await refusalOf(withKey(revoked)), /is revoked: put the new key/);
    assert.match(await refusalOf(withKey(await keyWith([]))), /cannot be sealed to/);
    const weak = await openpgp.generateKey({
      type: 'rsa',
      rsaBits: 1024,
      userIDs: [{ name: 'W' }],
      format: 'object',
      date: made,
      config: { minRSABits: 1024 },
    });
    assert.match(await refusalOf(withKey(weak.privateKey)), /cannot sign .* too weak/);
    const [primary, user, , ...rest] = partsOf(lars);
    const onlyCertifies = await bindAs(lars, openpgp.enums.signature.certPositive, { bind: user, flags: 0x01 });
    assert.match(
      await refusalOf(withKey(lars.secretKey, joined([primary, user, onlyCertifies, ...rest]))),
      /cannot sign/,
    );
  });

  it('where one of two has a key of the other among the own ones', async () => {
    const [primary, user, certification] = partsOf(anna);
    const subkey = partsOf(lars)[3];
    const binding = await bindAs(anna, openpgp.enums.signature.subkeyBinding, { bind: subkey, flags: 0x0c });
    const certificate = joined([primary, user, certification, subkey, binding]);
    const taken = { ...anna, member: { ...anna.member, certificate } };
    assert.ok((await parsePolicy(JSON.stringify(fillTemplate([taken, await makePerson('L', 'LAWYER')])))).ok);
    assert.match(
      await refusalOf(JSON.stringify(fillTemplate([lars, taken]))),
      /^roster\[1\]\.certificate: holds a key of somebody else/,
    );
  });
});

async function keyWith(subkeys: openpgp.SubkeyOptions[]): Promise<openpgp.PrivateKey> {
  const date = new Date(KEYS_MADE_MS);
  return (await openpgp.generateKey({ userIDs: [{ name: 'L' }], subkeys, format: 'object', date })).privateKey;
}
