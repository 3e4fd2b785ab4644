// Policies of other domains in memory: kept as long as they say, and a server of policies that fails is not asked for every letter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manualClock } from '#base/clock.ts';
import { limits } from '#base/limits.ts';
import { err, ok } from '#base/result.ts';
import { createStsPolicies } from './sts-policies.ts';

const POLICY = 'version: STSv1\r\nmode: enforce\r\nmx: mx.there.test\r\nmax_age: 86400\r\n';

function world() {
  const state = { id: 'one', asked: 0, fails: false };
  const clock = manualClock(0);
  const policies = createStsPolicies({
    clock,
    dns: { lookUp: () => ok([[`v=STSv1; id=${state.id};`]]) },
    outgoing: {
      connections: new Map(),
      async request() {
        state.asked += 1;
        const headers = { 'content-type': 'text/plain' };
        return state.fails ? err({ kind: 'timeout' }) : ok({ status: 200, headers, body: Buffer.from(POLICY) });
      },
    },
  });
  return { state, clock, find: () => policies.find('there.test') };
}

test('a new policy that cannot be fetched is asked for once in five minutes, and the old one holds meanwhile', async () => {
  const { state, clock, find } = world();
  assert.equal((await find()).policy?.mode, 'enforce');
  Object.assign(state, { id: 'two', fails: true });
  for (let letter = 0; letter < 5; letter += 1) {
    const { policy, problem } = await find();
    assert.deepEqual([policy?.mode, problem], ['enforce', 'sts-policy-fetch-error']);
  }
  assert.equal(state.asked, 2);
  clock.advanceMs(limits.delivery.stsRetryMs);
  state.fails = false;
  assert.deepEqual([(await find()).problem, state.asked], [undefined, 3]);
  await find();
  assert.equal(state.asked, 3);
});

test('a policy that was never seen and cannot be fetched is asked for once in five minutes', async () => {
  const { state, find } = world();
  state.fails = true;
  for (let letter = 0; letter < 5; letter += 1) assert.equal((await find()).policy, undefined);
  assert.equal(state.asked, 1);
});

test('a policy whose time is over holds no longer', async () => {
  const { state, clock, find } = world();
  await find();
  state.fails = true;
  clock.advanceMs(86_400_000);
  assert.equal((await find()).policy, undefined);
});
