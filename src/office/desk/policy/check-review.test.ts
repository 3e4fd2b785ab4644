// A verdict counts when the person whom the policy names in that role signed exactly its statement; each other one is refused.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDigest } from '#formats/desk/digest.ts';
import type { FilingNumber, Fingerprint, Review } from '#formats/desk/model.ts';
import { checkReview, parseReview, statementOf } from '#formats/desk/check-review.ts';
import { reviewToSign } from '../book/review-to-sign.ts';
import { policyDigest } from '#formats/desk/parse-policy.ts';
import { fillTemplate, KEYS_MADE_MS, makePerson, signAs, signByHand, type Person } from './test-policy.ts';

const anna = await makePerson('Anna Officer', 'OFFICER', { expiresAfterSeconds: 400 * 86_400 });
const lars = await makePerson('Lars Lawyer', 'LAWYER', { v6: true });
const stranger = await makePerson('Sam Stranger', 'LAWYER');
const policy = fillTemplate([anna, lars]);
const good: Review = {
  filing: '2022-0007' as FilingNumber,
  role: 'OFFICER',
  fingerprint: anna.member.fingerprint,
  verdict: 'REJECT',
  reasons: ['INADMISSIBLE_CHANNEL', 'LANGUAGE'],
  items: null,
  policy: policyDigest(policy),
  caseFiles: [parseDigest('ab'.repeat(32))],
  head: { entries: 12, hash: parseDigest('cd'.repeat(32)) },
  signedAt: '2022-01-03T12:00:00Z',
};

async function whyNot(review: Review, signature: string, by = policy): Promise<string> {
  const checked = await checkReview(review, signature, by);
  assert.ok(!checked.ok, 'it was taken');
  assert.match(checked.error.what, /^[A-Z].*\.$/s);
  return checked.error.why;
}

async function signed(by: Person, review: Review): Promise<string> {
  return signAs(by, statementOf(review));
}

describe('the statement', () => {
  it('is the text that decision 0018 names, to the byte', () => {
    assert.equal(
      statementOf(good),
      `{"caseFiles":["${'ab'.repeat(32)}"],"filing":"2022-0007","fingerprint":"${anna.member.fingerprint}",` +
        `"head":{"entries":12,"hash":"${'cd'.repeat(32)}"},"items":null,"policy":"${policyDigest(policy)}",` +
        '"reasons":["INADMISSIBLE_CHANNEL","LANGUAGE"],"role":"OFFICER","signedAt":"2022-01-03T12:00:00Z",' +
        '"verdict":"REJECT","what":"siegel desk review 1"}',
    );
  });

  it('holds nothing that the review holds besides', () => {
    assert.equal(statementOf({ ...good, note: 'x', head: { ...good.head, note: 'x' } } as Review), statementOf(good));
  });

  it('is read back as the review it was made of', () => {
    for (const value of [good, JSON.parse(statementOf(good)) as unknown]) {
      const parsed = parseReview(value);
      assert.ok(parsed.ok);
      assert.deepEqual(parsed.value, good);
    }
  });
});

describe('a verdict', () => {
  it('of each of the two counts, by old and new keys', async () => {
    const checked = await checkReview(good, await signed(anna, good), policy);
    assert.ok(checked.ok, JSON.stringify(checked));
    assert.deepEqual(checked.value, { member: anna.member, signedMs: KEYS_MADE_MS + 86_400_000 });
    const other: Review = { ...good, role: 'LAWYER', fingerprint: lars.member.fingerprint };
    assert.ok((await checkReview(other, await signed(lars, other), policy)).ok);
  });

  it('with a broken signature is refused', async () => {
    assert.equal(await whyNot(good, 'hello'), 'unreadable');
    const armored = await signed(anna, good);
    assert.equal(await whyNot(good, armored.replace(/\n\n.{8}/, '\n\nAAAAAAAA')), 'unreadable');
    assert.equal(await whyNot(good, `${armored.slice(0, 120)}\n-----END PGP SIGNATURE-----\n`), 'unreadable');
  });

  it('signed with the key of another is refused', async () => {
    assert.equal(await whyNot(good, await signed(lars, good)), 'otherKey');
    assert.equal(await whyNot(good, await signed(stranger, good)), 'otherKey');
  });

  it('of somebody who is not in the roster is refused', async () => {
    const foreign: Review = { ...good, fingerprint: stranger.member.fingerprint };
    assert.equal(await whyNot(foreign, await signed(stranger, foreign)), 'notInRoster');
  });

  it('with the right key in the wrong role is refused', async () => {
    const wrong: Review = { ...good, role: 'LAWYER' };
    assert.equal(await whyNot(wrong, await signed(anna, wrong)), 'otherRole');
    const clerk = await makePerson('Clara Clerk', 'CLERK');
    const roster = fillTemplate([anna, lars, clerk]);
    const byClerk: Review = { ...good, fingerprint: clerk.member.fingerprint, policy: policyDigest(roster) };
    assert.equal(await whyNot(byClerk, await signed(clerk, byClerk), roster), 'otherRole');
  });

  it('under another policy is refused, even when both stand in it', async () => {
    const other = fillTemplate([anna, lars], { country: 'AT', union: ['DE'] });
    assert.equal(await whyNot(good, await signed(anna, good), other), 'otherPolicy');
  });

  it('altered in any of its parts after it was signed is refused', async () => {
    const armored = await signed(anna, good);
    const altered: readonly Partial<Review>[] = [
      { filing: '2022-0008' as FilingNumber },
      { verdict: 'ADMIT' },
      { verdict: 'NARROW', items: [0] },
      { reasons: ['INADMISSIBLE_CHANNEL'] },
      { reasons: ['LANGUAGE', 'INADMISSIBLE_CHANNEL'] },
      { items: [0] },
      { caseFiles: [] },
      { caseFiles: [...good.caseFiles, parseDigest('00'.repeat(32))] },
      { head: { ...good.head, entries: 13 } },
      { head: { ...good.head, hash: parseDigest('ce'.repeat(32)) } },
      { signedAt: '2022-01-03T12:00:01Z' },
    ];
    for (const change of altered) {
      assert.equal(await whyNot({ ...good, ...change }, armored), 'doesNotHold', JSON.stringify(change));
    }
    // the twin: the same change, signed anew, counts
    const anew = { ...good, ...altered[1] };
    assert.ok((await checkReview(anew, await signed(anna, anew), policy)).ok);
  });

  it('signed before its statement was made, or long after, is refused; a few days on a machine of one’s own are not', async () => {
    const bytes = new TextEncoder().encode(statementOf(good));
    const madeMs = Date.parse(good.signedAt);
    const at = (ms: number): Promise<string> => signByHand(anna, bytes, { madeMs: ms });
    assert.equal(await whyNot(good, await at(madeMs - 3_600_000)), 'otherTime');
    assert.equal(await whyNot(good, await at(madeMs + 15 * 86_400_000)), 'otherTime');
    assert.ok((await checkReview(good, await at(madeMs + 13 * 86_400_000), policy)).ok);
    assert.ok((await checkReview(good, await at(madeMs - 60_000), policy)).ok);
  });

  it('signed with a key that had expired is refused', async () => {
    const bytes = new TextEncoder().encode(statementOf(good));
    const late = await signByHand(anna, bytes, { madeMs: KEYS_MADE_MS + 401 * 86_400_000 });
    assert.equal(await whyNot(good, late), 'keyNotGoodThen');
    assert.ok((await checkReview(good, await signByHand(anna, bytes, {}), policy)).ok);
  });
});

describe('a review from outside is refused', () => {
  const wrongs: readonly (readonly [change: Record<string, unknown>, what: RegExp])[] = [
    [{ what: 'siegel desk review 2' }, /what must be/],
    [{ filing: '2022/7' }, /filing must be the number/],
    [{ role: 'CLERK' }, /role must be one of OFFICER, LAWYER/],
    [{ fingerprint: anna.member.fingerprint.toUpperCase() }, /fingerprint must be/],
    [{ verdict: 'MAYBE' }, /verdict must be one of/],
    [{ reasons: ['BECAUSE'] }, /reasons\[0\] must be one of/],
    [{ reasons: ['LANGUAGE', 'LANGUAGE'] }, /reasons names something twice/],
    [{ reasons: [] }, /REJECT names at least one/],
    [{ verdict: 'ADMIT' }, /ADMIT names none/],
    [{ verdict: 'ADMIT', reasons: [], items: [0] }, /NARROW names what is admitted/],
    [{ verdict: 'NARROW' }, /NARROW names what is admitted/],
    [{ verdict: 'NARROW', items: [] }, /say REJECT instead/],
    [{ verdict: 'NARROW', items: [0.5] }, /items\[0\] must be a whole number/],
    [{ verdict: 'NARROW', items: [-1] }, /items\[0\] must be a whole number/],
    [{ policy: 'x' }, /policy must be a SHA-256/],
    [{ caseFiles: ['x'] }, /caseFiles\[0\] must be a SHA-256/],
    [{ head: { entries: 1 } }, /head.hash is missing/],
    [{ head: { entries: -1, hash: '00'.repeat(32) } }, /head.entries must be a whole number/],
    [{ signedAt: '2022-02-30T12:00:00Z' }, /signedAt must be a moment/],
    [{ signedAt: '2022-01-03T12:00:00+01:00' }, /signedAt must be a moment/],
    [{ surprise: 1 }, /surprise is no known field/],
  ];
  for (const [change, what] of wrongs) {
    it(JSON.stringify(change), () => {
      const parsed = parseReview({ ...good, ...change });
      assert.ok(!parsed.ok && parsed.error.why === 'malformed');
      assert.match(parsed.error.what, what);
    });
  }

  it('when it is no object', () => {
    for (const value of [null, 'x', [good]]) assert.ok(!parseReview(value).ok);
  });
});

describe('what a member signs', () => {
  const row = { filing: good.filing, caseFiles: good.caseFiles } as Parameters<typeof reviewToSign>[0]['row'];
  const said = {
    verdict: 'REJECT',
    reasons: ['LANGUAGE', 'INADMISSIBLE_CHANNEL'],
    items: null,
    head: good.head,
  } as const;

  it('is made of the filing as it stands', () => {
    const nowMs = Date.parse(good.signedAt) + 999;
    const made = reviewToSign({ row, member: anna.member, policy, nowMs, ...said });
    assert.ok(made.ok);
    assert.deepEqual(made.value, good);
  });

  it('is refused for a clerk', () => {
    const member = { ...anna.member, role: 'CLERK' as const, fingerprint: 'ab'.repeat(20) as Fingerprint };
    assert.ok(!reviewToSign({ row, member, policy, nowMs: 0, ...said }).ok);
  });
});
