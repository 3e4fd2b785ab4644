// App passwords: made in a signed change, good for sending only, ended by a new password, the same answers for names that nobody has.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newId, type AppPasswordId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import type { TestCluster } from '#vault/database/test-cluster.ts';
import { parseAppSecret } from '#vault/sealing/app-secret.ts';
import { makeAppPassword, readAppPasswords, removeAppPassword } from '#web/client/app-passwords.ts';
import { openSession, type OpenSession } from '#web/client/open-session.ts';
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

async function person(localPart: string) {
  const { client, signedIn } = await signUp(house, localPart);
  const session = await openSession(client.reach, signedIn);
  assert.ok(session.ok);
  return { client, signedIn, session: session.value };
}

async function made(session: OpenSession, name = 'Büro') {
  const result = await makeAppPassword(session, name);
  assert.ok(result.ok);
  return { ...result.value, plainSecret: parseAppSecret(result.value.plainSecret) };
}

const check = (name: string, plainSecret: string | undefined) => house.accounts.appSignIn.check(name, plainSecret);

test('an app password signs in by every way to write the address, and its day of use is noted once', async () => {
  const { session, signedIn } = await person('anna');
  const { id, plainSecret } = await made(session);
  for (const name of ['anna@siegel.test', 'anna', ' ANNA@Siegel.Test']) {
    const answer = await check(name, plainSecret);
    assert.deepEqual(answer, { ok: true, value: { accountId: signedIn.session.accountId, appPasswordId: id } });
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  const listed = await readAppPasswords(session);
  const usedMs = Math.floor(house.clock.nowMs() / 86_400_000) * 86_400_000;
  assert.ok(listed.ok);
  assert.deepEqual(
    listed.value.map((one) => ({ ...one, createdMs: 0 })),
    [{ id, name: 'Büro', createdMs: 0, usedMs }],
  );
  const records = house.vault.journal.durableSeq;
  assert.ok((await check('anna', plainSecret)).ok);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(house.vault.journal.durableSeq, records, 'a second use on the same day writes nothing');
});

test('wrong passwords wait longer and longer, for known and unknown names alike; a right one never waits', async () => {
  const { session } = await person('ben');
  const { plainSecret } = await made(session);
  const waits = async (name: string): Promise<readonly number[]> => {
    const seen: number[] = [];
    for (let round = 0; round < 12; round++) {
      const answer = await check(name, 'z'.repeat(24));
      assert.ok(!answer.ok && answer.error.kind === 'wrong');
      seen.push(Math.round(answer.error.waitMs / 1_000));
      house.clock.advanceMs(answer.error.waitMs);
    }
    return seen;
  };
  const known = await waits('ben');
  assert.deepEqual(await waits('nobody'), known);
  assert.ok((known.at(-1) ?? 0) >= 4, known.join());
  assert.ok(known.every((seconds) => seconds * 1_000 <= limits.submission.wrongWaitMaxMs));
  assert.ok((await check('ben', plainSecret)).ok);
  assert.equal((await check('ben', undefined)).ok, false);
});

test('a session alone makes and removes no app password', async () => {
  const { client, session } = await person('clara');
  const { id } = await made(session);
  const ask = async (path: string, body: object) => {
    const { challenge } = (await client.post('/auth/challenge', {})).body;
    return client.post(path, { ...body, challenge, signature: Buffer.alloc(64).toString('base64url') });
  };
  const put = { id: newId<AppPasswordId>(), verifier: Buffer.alloc(32).toString('base64url'), sealedName: 'AAAA' };
  assert.equal((await ask('/auth/app-password/put', put)).status, 403);
  assert.equal((await ask('/auth/app-password/remove', { id })).status, 403);
  const listed = await readAppPasswords(session);
  assert.deepEqual(listed.ok && listed.value.map((one) => one.id), [id]);
});

test('there are at most so many, and a removed one makes room', async () => {
  const { session } = await person('dora');
  const ids: AppPasswordId[] = [];
  for (let count = 0; count < limits.account.appPasswordsMax; count++) ids.push((await made(session, `${count}`)).id);
  assert.deepEqual(await makeAppPassword(session, 'one more'), { ok: false, error: { kind: 'too-many' } });
  const [first] = ids;
  assert.ok(first !== undefined);
  assert.ok((await removeAppPassword(session, first)).ok);
  assert.deepEqual(await removeAppPassword(session, first), { ok: false, error: { kind: 'gone' } });
  assert.ok((await makeAppPassword(session, 'one more')).ok);
});

test('somebody else’s app password opens nothing of mine, and neither does the password of the mailbox', async () => {
  const [emil, frida] = [await person('emil'), await person('frida')];
  const { plainSecret } = await made(emil.session);
  await made(frida.session);
  assert.equal((await check('frida', plainSecret)).ok, false);
  assert.equal((await check('emil', PASSWORD)).ok, false);
});

test('a new password ends them all; one that was given up ends none', async () => {
  const { client, signedIn, session } = await person('gero');
  const { plainSecret } = await made(session);
  house.breakAt = { kind: 'credentialPromoted', when: 'before' };
  const half = { signedIn, plainOldPassword: PASSWORD, plainNewPassword: 'another good password' };
  await client.entry.changePassword(half).catch(() => undefined);
  house.breakAt = undefined;
  assert.ok((await house.client().entry.signIn({ address: 'gero', plainPassword: PASSWORD })).ok, 'given up');
  assert.ok((await check('gero', plainSecret)).ok);
  assert.ok((await client.entry.changePassword(half)).ok);
  assert.equal((await check('gero', plainSecret)).ok, false);
});

test('what stands in the rows is no secret and nothing that signs in', async () => {
  const { session, signedIn } = await person('hanna');
  const { plainSecret } = await made(session, 'Kanzlei');
  const { rows } = await house.vault.database.reader.db
    .selectFrom('app_password')
    .selectAll()
    .execute()
    .then((all) => ({ rows: all }));
  const stored = Buffer.concat(rows.flatMap((row) => [row.hash, row.sealed_name]));
  for (const needle of [plainSecret ?? '', 'Kanzlei']) assert.equal(stored.includes(needle), false);
  const verifier = Buffer.from(
    await crypto.subtle.digest('SHA-256', Buffer.from(`siegel/app-password/v1\0${plainSecret}`)),
  );
  assert.equal(stored.includes(verifier), false, 'without the kit nobody can check a guess');
  assert.ok(signedIn.session.accountId);
});
