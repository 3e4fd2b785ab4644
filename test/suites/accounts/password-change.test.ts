// A password change cut off between every two steps: exactly one of both passwords opens, and the same keys with it.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { TestCluster } from '#vault/database/test-cluster.ts';
import { createEntryClient } from '#web/client/entry.ts';
import { parseSecrets } from '#web/client/secrets.ts';
import {
  openAccountHouse,
  PASSWORD,
  signUp,
  startTestCluster,
  type AccountHouse,
  type TestClient,
} from './account-house.ts';

let cluster: TestCluster;
let house: AccountHouse;
const NEW = 'another good password';

before(async () => {
  cluster = await startTestCluster();
  house = await openAccountHouse(cluster);
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

/** Whether a password opens, and the root key it opens. */
async function opens(address: string, plainPassword: string): Promise<string | undefined> {
  house.clock.advanceMs(600_000);
  const outcome = await house.client().entry.signIn({ address, plainPassword });
  if (!outcome.ok) {
    assert.equal(outcome.error.kind, 'wrong-credentials');
    return undefined;
  }
  assert.ok(outcome.value.step === 'done');
  return rootKeyOf(outcome.value.signedIn.secrets);
}

function rootKeyOf(secrets: Uint8Array<ArrayBuffer>): string {
  return Buffer.from(parseSecrets(secrets)?.rootKey.bytes ?? []).toString('hex');
}

const change = async (client: TestClient, signedIn: Parameters<TestClient['entry']['changePassword']>[0]['signedIn']) =>
  client.entry.changePassword({ signedIn, plainOldPassword: PASSWORD, plainNewPassword: NEW });

test('a password change: the new one opens the same keys, the old one nothing; other sessions end, this one goes on', async () => {
  const { client, signedIn } = await signUp(house, 'anna');
  const other = house.client();
  assert.ok((await other.entry.signIn({ address: 'anna', plainPassword: PASSWORD })).ok);
  const changed = await change(client, signedIn);
  assert.ok(changed.ok, JSON.stringify(changed));
  assert.equal((await client.reach('/auth/session')).status, 200);
  assert.equal((await other.reach('/auth/session')).status, 401);
  assert.equal(await opens('anna', PASSWORD), undefined);
  assert.equal(await opens('anna', NEW), rootKeyOf(signedIn.secrets));
});

test('a wrong old password changes nothing', async () => {
  const { client, signedIn } = await signUp(house, 'berta');
  const changed = await client.entry.changePassword({ signedIn, plainOldPassword: 'wrong one', plainNewPassword: NEW });
  assert.deepEqual(changed, { ok: false, error: { kind: 'wrong-credentials' } });
  assert.ok(await opens('berta', PASSWORD));
});

const STEPS = [
  '/auth/login/start',
  '/auth/login/finish',
  '/auth/credential/start',
  '/auth/credential/pending',
  '/auth/credential/promote',
];

for (const path of STEPS) {
  for (const when of ['before', 'after'] as const) {
    // Up to here the server holds one credential: whichever is tried first, the same happens.
    const isDecided = STEPS.indexOf(path) < 3;
    for (const order of isDecided ? (['old first'] as const) : (['old first', 'new first'] as const)) {
      test(`the client dies ${when} ${path}, ${order}: exactly one of both passwords opens`, async () => {
        const name = `c${STEPS.indexOf(path)}-${when}-${order.slice(0, 3)}`;
        const { client, signedIn } = await signUp(house, name);
        const dying: typeof fetch = async (input, init) => {
          if (input === path && when === 'before') throw new Error('gone');
          const answer = await client.reach(input, init);
          if (input === path) throw new Error('gone');
          return answer;
        };
        const entry = createEntryClient(dying, house.clock);
        const changed = await entry.changePassword({ signedIn, plainOldPassword: PASSWORD, plainNewPassword: NEW });
        assert.equal(changed.ok, false);
        await exactlyOneOpens(name, order, rootKeyOf(signedIn.secrets));
      });
    }
  }
}

for (const kind of ['credentialPending', 'credentialPromoted'] as const) {
  for (const when of ['before', 'after'] as const) {
    test(`the server dies ${when} it keeps ${kind}: exactly one of both passwords opens`, async () => {
      const name = `s-${kind.slice(10)}-${when}`.toLowerCase();
      const { client, signedIn } = await signUp(house, name);
      house.breakAt = { kind, when };
      assert.equal((await change(client, signedIn)).ok, false);
      await house.restart();
      await exactlyOneOpens(name, 'new first', rootKeyOf(signedIn.secrets));
    });
  }
}

async function exactlyOneOpens(name: string, order: 'old first' | 'new first', rootKey: string): Promise<void> {
  const passwords = order === 'old first' ? [PASSWORD, NEW] : [NEW, PASSWORD];
  const opened: (string | undefined)[] = [];
  for (const password of passwords) opened.push(await opens(name, password));
  assert.deepEqual(
    opened.filter((key) => key !== undefined),
    [rootKey],
  );
  // The first good login has decided: whatever is tried first now, it stays so.
  assert.equal(await opens(name, passwords[1] ?? ''), opened[1]);
}
