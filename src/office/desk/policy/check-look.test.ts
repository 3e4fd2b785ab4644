// A second look counts when the person whom the policy names in that role signed exactly its statement; each other one is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkLook, parseLook, statementOfLook } from '#formats/desk/check-look.ts';
import { parseDigest } from '#formats/desk/digest.ts';
import type { FilingNumber, Fingerprint, Look } from '#formats/desk/model.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import { lookToSign } from '../book/look-to-sign.ts';
import { mutationsOf } from '../report/test-mutations.ts';
import { fillTemplate, makePerson, signAs, type Person } from './test-policy.ts';

const anna = await makePerson('Anna Officer', 'OFFICER');
const lars = await makePerson('Lars Lawyer', 'LAWYER', { v6: true });
const clara = await makePerson('Clara Clerk', 'CLERK');
const stranger = await makePerson('Sam Stranger', 'LAWYER');
const policy = fillTemplate([anna, lars, clara]);
const digest = (byte: string): Look['package'] => parseDigest(byte.repeat(32));
const good: Look = {
  filing: '2022-0007' as FilingNumber,
  role: 'OFFICER',
  fingerprint: anna.member.fingerprint,
  agrees: true,
  fault: null,
  package: digest('ab'),
  fields: ['SUBSCRIBER.addresses', 'SUBSCRIBER.aliases'],
  recipient: 'ee'.repeat(20) as Fingerprint,
  look: digest('cd'),
  policy: policyDigest(policy),
  head: { entries: 12, hash: digest('ef') },
  signedAt: '2022-01-03T12:00:00Z',
};

async function signed(by: Person, look: Look): Promise<string> {
  return signAs(by, statementOfLook(look));
}

async function whyNot(look: Look, signature: string): Promise<string> {
  const checked = await checkLook(look, signature, policy);
  assert.ok(!checked.ok, 'it was taken');
  assert.match(checked.error.what, /^[A-Z].*\.$/s);
  return checked.error.why;
}

describe('the statement of a second look', () => {
  it('is the text that decision 0018 names, to the byte', () => {
    assert.equal(
      statementOfLook(good),
      `{"agrees":true,"fault":null,"fields":["SUBSCRIBER.addresses","SUBSCRIBER.aliases"],"filing":"2022-0007",` +
        `"fingerprint":"${anna.member.fingerprint}","head":{"entries":12,"hash":"${'ef'.repeat(32)}"},"look":"${'cd'.repeat(32)}",` +
        `"package":"${'ab'.repeat(32)}","policy":"${policyDigest(policy)}","recipient":"${'ee'.repeat(20)}","role":"OFFICER",` +
        '"signedAt":"2022-01-03T12:00:00Z","what":"siegel desk look 1"}',
    );
  });

  it('is read back as the look it was made of; whatever is altered in it is refused or no longer signed', async () => {
    const parsed = parseLook(JSON.parse(statementOfLook(good)));
    assert.ok(parsed.ok);
    assert.deepEqual(parsed.value, good);
    const signature = await signed(anna, good);
    assert.ok((await checkLook(good, signature, policy)).ok);
    let refused = 0;
    for (const { name, value } of mutationsOf(good)) {
      const again = parseLook(value);
      if (again.ok) assert.ok(!(await checkLook(again.value, signature, policy)).ok, name);
      refused += 1;
    }
    assert.ok(refused > 20);
  });

  it('names a fault where somebody does not agree, and only there', () => {
    assert.ok(parseLook({ ...good, agrees: false, fault: 'TOO_MUCH' }).ok);
    for (const wrong of [
      { ...good, agrees: false },
      { ...good, fault: 'TOO_MUCH' },
      { ...good, agrees: false, fault: 'OVERBROAD' },
      { ...good, fields: ['two\nlines'] },
      { ...good, more: 1 },
      { ...good, what: 'siegel desk review 1' },
      null,
    ]) {
      const parsed = parseLook(wrong);
      assert.ok(!parsed.ok && parsed.error.why === 'malformed', JSON.stringify(wrong));
      assert.match(parsed.error.what, /^The statement: .*\.$/);
    }
  });
});

describe('a second look', () => {
  it('by another key, in another role, under another policy, signed by another is refused', async () => {
    const ofLars: Look = { ...good, role: 'LAWYER', fingerprint: lars.member.fingerprint };
    assert.ok((await checkLook(ofLars, await signed(lars, ofLars), policy)).ok);
    const ofSam: Look = { ...good, role: 'LAWYER', fingerprint: stranger.member.fingerprint };
    assert.equal(await whyNot(ofSam, await signed(stranger, ofSam)), 'notInRoster');
    const asLawyer: Look = { ...good, role: 'LAWYER' };
    assert.equal(await whyNot(asLawyer, await signed(anna, asLawyer)), 'otherRole');
    const earlier: Look = { ...good, policy: digest('11') };
    assert.equal(await whyNot(earlier, await signed(anna, earlier)), 'otherPolicy');
    assert.equal(await whyNot(good, await signed(lars, good)), 'otherKey');
    assert.equal(await whyNot({ ...good, look: digest('22') }, await signed(anna, good)), 'doesNotHold');
    assert.equal(await whyNot(good, 'no signature'), 'unreadable');
    const text = statementOfLook(good);
    for (const days of [-1, 15]) {
      const madeMs = Date.parse(good.signedAt) + days * 86_400_000;
      assert.equal(await whyNot(good, await signAs(anna, text, { madeMs })), 'otherTime', `${days}`);
    }
  });

  it('is made for who gives verdicts: a clerk makes none', () => {
    const disclosure = { fields: good.fields, package: good.package, recipient: good.recipient };
    const seen = { filing: good.filing, collected: { disclosure, look: good.look }, policy, head: good.head };
    const at = { ...seen, nowMs: Date.parse(good.signedAt), fault: null };
    const made = lookToSign({ ...at, member: anna.member });
    assert.ok(made.ok);
    assert.deepEqual(made.value, good);
    const refused = lookToSign({ ...at, member: clara.member });
    assert.ok(!refused.ok && refused.error.why === 'malformed');
  });
});
