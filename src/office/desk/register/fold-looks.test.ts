// Between collecting and handing over: two different people, exactly this package, and back to where it came from when one does not agree.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDigest } from '#formats/desk/digest.ts';
import { DIGEST, KEYS, LATER, situations, usual } from './test-walk.ts';

describe('what was collected', () => {
  const one = situations['SECOND_LOOK one'];

  it('is handed over when two different people have looked and agree, exactly as they saw it', () => {
    const two = situations['SECOND_LOOK two'];
    const other = { ...usual.DISCLOSED.disclosure, fields: ['name', 'street'] };
    assert.equal(two().try({ ...usual.DISCLOSED, disclosure: other }), 'notAgreed');
    assert.equal(two().try({ ...usual.DISCLOSED, disclosure: { ...usual.DISCLOSED.disclosure, recipient: KEYS.OFFICER } }), 'notAgreed'); // prettier-ignore
    assert.equal(two().try(usual.DISCLOSED), '');
    assert.equal(one().try(one().look('OFFICER')), 'lookedTwice');
    assert.equal(one().try(one().look('LAWYER', { fingerprint: KEYS.OFFICER })), 'lookedTwice');
    assert.equal(one().try(usual.DISCLOSED), 'notAgreed');
  });

  it('may be looked at by who collected it, and by somebody else too', () => {
    const walk = situations.COLLECT().put({ ...usual.COLLECTED, by: KEYS.OFFICER });
    assert.equal(walk.put(walk.look('OFFICER')).try(usual.DISCLOSED), 'notAgreed');
    assert.equal(walk.put(walk.look('LAWYER')).try(usual.DISCLOSED), '');
  });

  it('is looked at as it is: another package, other fields, another recipient, another copy are refused', () => {
    const digest = parseDigest('34'.repeat(32));
    for (const changes of [
      { package: digest },
      { look: digest },
      { fields: [] },
      { fields: ['name', 'street'] },
      { recipient: KEYS.OFFICER },
    ]) {
      assert.equal(one().try(one().look('LAWYER', changes)), 'otherPackage', JSON.stringify(changes));
    }
    assert.equal(one().try(one().look('LAWYER', { filing: LATER })), 'otherFiling');
  });

  it('goes back when one does not agree, to where it came from, and nothing of it counts', () => {
    for (const begin of [situations.COLLECT, situations.NARROWED]) {
      const walk = begin();
      const { state } = walk.now;
      walk.put(usual.COLLECTED).put(walk.look('OFFICER'));
      walk.put(walk.look('LAWYER', { fault: 'TOO_MUCH' }));
      assert.deepEqual([walk.now.state, walk.now.collected, walk.now.looks], [state, undefined, undefined]);
      assert.equal(walk.try(usual.DISCLOSED), 'notNow');
      assert.equal(walk.handOver().now.state, 'DISCLOSED');
    }
  });

  it('anew, makes who has looked look anew; so does a case file put later and a policy put later', () => {
    const again = one().put(usual.COLLECTED);
    assert.deepEqual(again.now.looks, []);
    assert.deepEqual(one().put(usual.CASE_FILE_PUT).now.looks, []);
    const later = one();
    later.put(later.look('LAWYER', { policy: parseDigest('56'.repeat(32)) }));
    assert.deepEqual(
      later.now.looks?.map(({ role }) => role),
      ['LAWYER'],
    );
    assert.equal(later.try(usual.DISCLOSED), 'notAgreed');
  });

  it('is looked at by somebody who has seen all there is of the filing', () => {
    const walk = situations.SECOND_LOOK();
    const stale = walk.look('OFFICER', { head: { entries: walk.nth - 1, hash: DIGEST } });
    assert.equal(walk.try(stale), 'headTooOld');
    assert.equal(walk.try(walk.look('OFFICER', { head: { entries: walk.nth + 1, hash: DIGEST } })), 'headTooOld');
    const [first, second] = [walk.look('OFFICER'), walk.look('LAWYER')];
    assert.equal(walk.put(first).try(second), '');
  });
});
