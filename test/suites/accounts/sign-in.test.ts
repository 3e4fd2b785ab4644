import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openAccountHouse, PASSWORD, signUp, startTestCluster, type AccountHouse } from './account-house.ts';
import type { TestCluster } from '#vault/database/test-cluster.ts';

let cluster: TestCluster;
let house: AccountHouse;

before(async () => {
  cluster = await startTestCluster();
  house = await openAccountHouse(cluster);
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

test('somebody with an invitation signs up with an address and a password, and signs in with them', async () => {
  const { signedIn } = await signUp(house, 'Anna');
  assert.equal(signedIn.session.address, 'anna@siegel.test');
  assert.equal(signedIn.session.role, 'operator', 'the first account of the house is its operator');
  const again = await house.client().entry.signIn({ address: 'anna@siegel.test', plainPassword: PASSWORD });
  assert.ok(again.ok && again.value.step === 'done', JSON.stringify(again));
  assert.deepEqual(again.value.signedIn.secrets, signedIn.secrets, 'the same keys from another device');
  const second = await signUp(house, 'berta');
  assert.equal(second.signedIn.session.role, 'member');
});
