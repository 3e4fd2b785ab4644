// A mailbox that is closed: nobody signs in and no letter comes, and for fourteen days its owner opens it again by signing in.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { limits } from '#base/limits.ts';
import type { TestCluster } from '#vault/database/test-cluster.ts';
import { closeMailbox } from '#web/client/deleted-letters.ts';
import { openSession } from '#web/client/open-session.ts';
import { openAccountHouse, PASSWORD, signUp, startTestCluster, type AccountHouse } from './account-house.ts';

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

async function closed(localPart: string): Promise<typeof fetch> {
  const { client, signedIn } = await signUp(house, localPart);
  const session = await openSession(client.reach, signedIn);
  assert.ok(session.ok);
  assert.ok((await closeMailbox(session.value)).ok);
  return client.reach;
}

test('closing ends every session at once, and needs the account’s own signature', async () => {
  const reach = await closed('anna');
  assert.equal((await reach('/auth/sessions')).status, 401);
  const { client } = await signUp(house, 'bruno');
  const forged = await client.post('/auth/account/close', { challenge: 'x'.repeat(43), signature: 'y'.repeat(86) });
  assert.ok(forged.status >= 400);
  assert.equal((await client.reach('/auth/sessions')).status, 200);
});

test('within fourteen days whoever knows the password opens the mailbox again, and finds it as it was', async () => {
  await closed('clara');
  house.clock.advanceMs(limits.forgetting.graceMs - 60_000);
  const { entry, reach } = house.client();
  const wrong = await entry.signIn({ address: 'clara', plainPassword: 'not the password' });
  assert.deepEqual(wrong, { ok: false, error: { kind: 'wrong-credentials' } });
  const step = await entry.signIn({ address: 'clara', plainPassword: PASSWORD });
  assert.ok(step.ok && step.value.step === 'closed');
  assert.ok(step.value.reopenUntilMs > house.clock.nowMs());
  assert.equal((await reach('/auth/sessions')).status, 401, 'asking is not opening');
  const opened = await entry.reopen();
  assert.ok(opened.ok && opened.value.step === 'done');
  assert.ok((await openSession(reach, opened.value.signedIn)).ok);
  assert.deepEqual(await entry.reopen(), { ok: false, error: { kind: 'handle-expired' } });
});

test('after fourteen days it is as if there had never been one', async () => {
  await closed('dora');
  house.clock.advanceMs(limits.forgetting.graceMs + 60_000);
  const late = await house.client().entry.signIn({ address: 'dora', plainPassword: PASSWORD });
  assert.deepEqual(late, { ok: false, error: { kind: 'wrong-credentials' } });
});

test('a question that was open when the grace ended reopens nothing', async () => {
  await closed('emil');
  house.clock.advanceMs(limits.forgetting.graceMs - 60_000);
  const { entry } = house.client();
  const step = await entry.signIn({ address: 'emil', plainPassword: PASSWORD });
  assert.ok(step.ok && step.value.step === 'closed');
  house.clock.advanceMs(120_000);
  assert.equal((await entry.reopen()).ok, false);
});
