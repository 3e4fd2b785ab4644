// Second factor, recovery phrase and reset, and that a session alone changes none of them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { totpCode, totpStep } from '#office/accounts/totp.ts';
import type { TestCluster } from '#vault/database/test-cluster.ts';
import type { SignedIn } from '#web/backend.ts';
import { openSession, type OpenSession } from '#web/client/open-session.ts';
import { createSecurity } from '#web/client/security.ts';
import { startRegistering } from '#web/client/opaque-client.ts';
import { parseSecrets } from '#web/client/secrets.ts';
import { fromBase32 } from '../../from-base32.ts';
import { openAccountHouse, PASSWORD, signUp, startTestCluster, type AccountHouse } from './account-house.ts';

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

async function sessionOf(reach: typeof fetch, signedIn: SignedIn): Promise<OpenSession> {
  const session = await openSession(reach, signedIn);
  if (!session.ok) throw new Error(session.error.kind);
  return session.value;
}

async function withCode(localPart: string) {
  const { client, signedIn } = await signUp(house, localPart);
  const security = createSecurity(await sessionOf(client.reach, signedIn), signedIn.session);
  const { secretBase32, uri } = await security.newCodeSecret();
  assert.match(uri, /^otpauth:\/\/totp\/Siegel/);
  const secret = fromBase32(secretBase32);
  const code = (steps = 0) => totpCode(secret, totpStep(house.clock.nowMs()) + steps);
  assert.deepEqual(await security.confirmCode('000000'), { ok: false, error: { kind: 'wrong-code' } });
  assert.ok((await security.confirmCode(code())).ok);
  return { client, signedIn, security, code };
}

test('the code that set a second factor up opens nothing, wherever the program dies', async () => {
  for (const kind of ['secondFactorPut', 'secondFactorStep'] as const) {
    const name = kind.toLowerCase();
    const { client, signedIn } = await signUp(house, name);
    const security = createSecurity(await sessionOf(client.reach, signedIn), signedIn.session);
    const secret = fromBase32((await security.newCodeSecret()).secretBase32);
    const shown = totpCode(secret, totpStep(house.clock.nowMs()));
    house.breakAt = { kind, when: kind === 'secondFactorPut' ? 'after' : 'before' };
    await security.confirmCode(shown).catch(() => undefined);
    house.breakAt = undefined;
    const { entry } = house.client();
    const step = await entry.signIn({ address: name, plainPassword: PASSWORD });
    assert.ok(step.ok && step.value.step === 'code', kind);
    assert.equal((await entry.giveCode(shown)).ok, false, kind);
  }
});

test('with a second factor the password opens nothing without the code; each code opens once; five wrong ones end the try', async () => {
  const { code, security } = await withCode('anna');
  assert.equal((await security.security()).codeSet, true);
  const entry = house.client().entry;
  const begin = async (one = entry) => {
    house.clock.advanceMs(600_000);
    const step = await one.signIn({ address: 'anna', plainPassword: PASSWORD });
    assert.ok(step.ok && step.value.step === 'code', JSON.stringify(step));
  };
  await begin();
  const now = code();
  assert.ok((await entry.giveCode(now)).ok);
  await begin();
  const used = code();
  assert.ok((await entry.giveCode(used)).ok);
  const again = house.client().entry;
  const step = await again.signIn({ address: 'anna', plainPassword: PASSWORD });
  assert.ok(step.ok && step.value.step === 'code');
  assert.deepEqual(
    await again.giveCode(used),
    { ok: false, error: { kind: 'wrong-code' } },
    'a code read over a shoulder',
  );
  await begin();
  for (let time = 0; time < 5; time++) {
    assert.deepEqual(await entry.giveCode('000000'), { ok: false, error: { kind: 'wrong-code' } });
  }
  assert.deepEqual(await entry.giveCode(code(1)), { ok: false, error: { kind: 'handle-expired' } });
  await begin();
  house.clock.advanceMs(6 * 60_000);
  assert.deepEqual(await entry.giveCode(code()), { ok: false, error: { kind: 'handle-expired' } });
});

test('right passwords with wrong codes do not start the count of tries anew', async () => {
  await withCode('berta');
  const statuses: string[] = [];
  for (let round = 0; round < 7; round++) {
    const { entry } = house.client();
    const step = await entry.signIn({ address: 'berta', plainPassword: PASSWORD });
    statuses.push(step.ok ? 'ok' : step.error.kind);
    if (step.ok) await entry.giveCode('000000');
  }
  assert.ok(statuses.includes('too-many-tries'), statuses.join());
});

test('the code can be removed with a code, and not without', async () => {
  const { security, code } = await withCode('carla');
  house.clock.advanceMs(60_000);
  assert.deepEqual(await security.removeCode('000000'), { ok: false, error: { kind: 'wrong-code' } });
  assert.ok((await security.removeCode(code())).ok);
  const step = await house.client().entry.signIn({ address: 'carla', plainPassword: PASSWORD });
  assert.ok(step.ok && step.value.step === 'done');
});

test('the recovery phrase sets a new password and keeps the keys; a wrong phrase and a wrong address are refused alike', async () => {
  const { client, signedIn } = await signUp(house, 'dora');
  const security = createSecurity(await sessionOf(client.reach, signedIn), signedIn.session);
  const words = await security.newPhrase();
  assert.equal(words.length, 12);
  assert.equal((await security.confirmPhrase([...words].toReversed())).ok, false);
  assert.ok((await security.confirmPhrase(words)).ok);
  assert.equal((await security.security()).phraseSet, true);
  const { entry } = house.client();
  const recover = (address: string, plainPhrase: string) =>
    entry.recover({ address, plainPhrase, plainNewPassword: NEW });
  const otherWords = await security.newPhrase();
  for (const [address, phrase] of [
    ['dora', otherWords.join(' ')],
    ['nobody', words.join(' ')],
    ['dora', 'twelve words that are none'],
  ] as const) {
    assert.deepEqual(await recover(address, phrase), { ok: false, error: { kind: 'wrong-phrase' } });
  }
  const step = await recover('dora', `  ${words.join('\n').toUpperCase()} `);
  assert.ok(step.ok && step.value.step === 'done', JSON.stringify(step));
  const kept = (from: SignedIn) => Buffer.from(parseSecrets(from.secrets)?.rootKey.bytes ?? []).toString('hex');
  assert.equal(kept(step.value.signedIn), kept(signedIn));
  assert.equal((await client.reach('/auth/session')).status, 401, 'sessions from before have ended');
  const old = await house.client().entry.signIn({ address: 'dora', plainPassword: PASSWORD });
  assert.equal(old.ok, false);
  const fresh = await house.client().entry.signIn({ address: 'dora', plainPassword: NEW });
  assert.ok(fresh.ok && fresh.value.step === 'done');
});

test('phrase and code lost: the code falls away after 72 hours, every session sees it, any may cancel', async () => {
  const { client, signedIn, security, code } = await withCode('emil');
  const words = await security.newPhrase();
  assert.ok((await security.confirmPhrase(words)).ok);
  const recover = async () => {
    const { entry } = house.client();
    const recovering = { address: 'emil', plainPhrase: words.join(' '), plainNewPassword: NEW };
    return { entry, step: await entry.recover(recovering) };
  };
  const first = await recover();
  assert.ok(first.step.ok && first.step.value.step === 'code', 'the phrase alone is not enough');
  const lost = await first.entry.codeLost();
  assert.ok(lost.ok && lost.value.step === 'wait');
  assert.equal(await security.recoveryDueMs(), lost.value.untilMs);
  assert.ok((await security.cancelRecovery()).ok);
  house.clock.advanceMs(73 * 3_600_000);
  const cancelled = await recover();
  assert.ok(cancelled.step.ok && cancelled.step.value.step === 'code', 'cancelled: still asked');
  assert.ok((await cancelled.entry.codeLost()).ok);
  house.clock.advanceMs(71 * 3_600_000);
  const early = await recover();
  assert.ok(early.step.ok && early.step.value.step === 'code', 'not before 72 hours');
  house.clock.advanceMs(2 * 3_600_000);
  const late = await recover();
  assert.ok(late.step.ok && late.step.value.step === 'done', JSON.stringify(late.step));
  assert.notEqual(code(), undefined);
  assert.equal((await client.reach('/auth/session')).status, 401);
  assert.equal(signedIn.session.address, 'emil@siegel.test');
});

test('a session cookie alone changes no credential, wrap, code, keyring or account', async () => {
  const { client, signedIn } = await signUp(house, 'fritz');
  const victim = await sessionOf(client.reach, signedIn);
  const challenge = async () => (await client.post('/auth/challenge', {})).body['challenge'];
  const signature = Buffer.alloc(64, 7).toString('base64url');
  const manifest = { version: 2, bytes: 'AAAA' };
  const wrap = { wrapId: 'mine', kind: 'device', arkVersion: 1, publicKey: 'AAAA', sealed: 'AAAA' };
  const secret = Buffer.alloc(20, 1).toString('base64url');
  const code = totpCode(Buffer.alloc(20, 1), totpStep(house.clock.nowMs()));
  for (const [path, body] of [
    ['/auth/wrap/put', { wrap, manifest }],
    ['/auth/wrap/remove', { wrapId: 'phrase', manifest }],
    ['/auth/totp/put', { secret, code }],
    ['/auth/totp/remove', { code }],
    ['/auth/keyring/put', { keyring: { version: 2, sealed: 'AAAA' }, manifest }],
    ['/auth/account/close', {}],
  ] as const) {
    const answer = await client.post(path, { ...body, challenge: await challenge(), signature });
    assert.equal(answer.status, 403, path);
    assert.equal(answer.body['type'], 'urn:siegel:problem:bad-signature', path);
    const unasked = await client.post(path, { ...body, challenge: 'A'.repeat(43), signature });
    assert.equal(unasked.status, 401, `${path} with a challenge nobody gave`);
  }
  const registering = await startRegistering('the thief’s password');
  for (const [path, body] of [
    ['/auth/credential/start', { registrationRequest: registering.registrationRequest }],
    ['/auth/credential/promote', { signature }],
  ] as const) {
    assert.equal((await client.post(path, { handle: 'A'.repeat(43), ...body })).status, 401, path);
  }
  assert.equal(victim.account.manifest.version, 1);
  const still = await house.client().entry.signIn({ address: 'fritz', plainPassword: PASSWORD });
  assert.ok(still.ok);
});

test('a signed change is taken once, and only for what was signed', async () => {
  const { client, signedIn } = await signUp(house, 'gerda');
  const sent: { path: string; body: string }[] = [];
  const listening: typeof fetch = async (input, init) => {
    if (typeof input === 'string' && typeof init?.body === 'string') sent.push({ path: input, body: init.body });
    return client.reach(input, init);
  };
  const security = createSecurity(await sessionOf(listening, signedIn), signedIn.session);
  const { secretBase32 } = await security.newCodeSecret();
  const code = totpCode(fromBase32(secretBase32), totpStep(house.clock.nowMs()));
  assert.ok((await security.confirmCode(code)).ok);
  const put = sent.find(({ path }) => path === '/auth/totp/put');
  assert.ok(put);
  const replayed = await client.post(put.path, JSON.parse(put.body));
  assert.equal(replayed.status, 401, 'the challenge is used up');
});

test('reset by the operator: the person sets a password, old sessions end, mail stays sealed until the phrase re-attaches it', async () => {
  const { client, signedIn } = await signUp(house, 'hanna');
  const security = createSecurity(await sessionOf(client.reach, signedIn), signedIn.session);
  const words = await security.newPhrase();
  assert.ok((await security.confirmPhrase(words)).ok);
  const code = house.accounts.makeResetCode(signedIn.session.accountId);
  const stranger = house.client();
  const registering = await startRegistering(NEW);
  const started = await stranger.post('/auth/reset/start', {
    code,
    registrationRequest: registering.registrationRequest,
  });
  assert.equal(started.body['address'], 'hanna@siegel.test');
  const stretching = { suite: 'argon2id', version: 1, iterations: 3, memoryKib: 65_536, parallelism: 1 } as const;
  const identity = { accountId: signedIn.session.accountId, instanceId: house.kit.instanceId };
  const made = registering.finish(String(started.body['registrationResponse']), identity, stretching);
  const finish = { resetId: started.body['resetId'], record: made?.record, stretching };
  assert.equal((await stranger.post('/auth/reset/finish', finish)).status, 200);
  assert.equal((await stranger.post('/auth/reset/finish', finish)).status, 401, 'the link works once');
  assert.equal((await client.reach('/auth/session')).status, 401);
  const sealedOff = await house.client().entry.signIn({ address: 'hanna', plainPassword: NEW });
  assert.deepEqual(sealedOff, { ok: false, error: { kind: 'wrong-phrase' } }, 'the phrase is asked for');
  const recovered = await house.client().entry.recover({
    address: 'hanna',
    plainPhrase: words.join(' '),
    plainNewPassword: 'third good password',
  });
  assert.ok(recovered.ok && recovered.value.step === 'done');
});
