// Limits on tries: by account with a delay that grows and outlives a restart and by network address in memory.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { client as opaque, ready } from '@serenity-kit/opaque';
import type { TestCluster } from '#vault/database/test-cluster.ts';
import { openAccountHouse, PASSWORD, signUp, startTestCluster, type AccountHouse } from './account-house.ts';

let cluster: TestCluster;
let house: AccountHouse;

before(async () => {
  await ready;
  cluster = await startTestCluster();
  house = await openAccountHouse(cluster);
  await signUp(house, 'anna');
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const start = async (of: AccountHouse, address: string) => {
  const { startLoginRequest } = opaque.startLogin({ password: 'guess' });
  return of.client().post('/auth/login/start', { address, startLoginRequest });
};

test('after five tries each next one waits longer, for known and unknown addresses alike; a good login ends it', async () => {
  for (const address of ['anna', 'nobody']) {
    const waits: unknown[] = [];
    for (let round = 0; round < 9; round++) {
      const answer = await start(house, address);
      if (answer.status === 200) {
        waits.push(0);
        continue;
      }
      assert.equal(answer.status, 429);
      waits.push(Math.round(Number(answer.body['retryAfterMs']) / 1000));
      house.clock.advanceMs(Number(answer.body['retryAfterMs']));
    }
    assert.deepEqual(waits, [0, 0, 0, 0, 0, 1, 0, 2, 0], address);
  }
  house.clock.advanceMs(10_000);
  assert.ok((await house.client().entry.signIn({ address: 'anna', plainPassword: PASSWORD })).ok);
  for (let time = 0; time < 5; time++) assert.equal((await start(house, 'anna')).status, 200, `try ${time}`);
});

test('the delay of an account outlives a restart', async () => {
  for (let time = 0; time < 8; time++) {
    const answer = await start(house, 'anna');
    if (answer.status === 429) house.clock.advanceMs(Number(answer.body['retryAfterMs']));
  }
  await new Promise((resolve) => setTimeout(resolve, 600));
  await house.restart();
  assert.equal((await start(house, 'anna')).status, 429);
  house.clock.advanceMs(600_000);
});

test('one network address gets thirty tries a minute', async () => {
  await using limited = await openAccountHouse(cluster, { isPeerLimited: true });
  const statuses: number[] = [];
  for (let time = 0; time < 31; time++) statuses.push((await start(limited, `somebody${time}`)).status);
  assert.deepEqual(new Set(statuses.slice(0, 30)), new Set([200]));
  assert.equal(statuses[30], 429);
  limited.clock.advanceMs(61_000);
  assert.equal((await start(limited, 'somebody')).status, 200);
});
