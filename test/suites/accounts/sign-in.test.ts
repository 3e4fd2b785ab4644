// Sign-up and sign-in over real HTTP: what opens, what does not, and that nobody learns who has a mailbox.

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
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
});

const signIn = (address: string, plainPassword = PASSWORD) => house.client().entry.signIn({ address, plainPassword });

test('somebody with an invitation signs up with an address and a password, and signs in with them', async () => {
  const { signedIn } = await signUp(house, 'Anna');
  assert.equal(signedIn.session.address, 'anna@siegel.test');
  assert.equal(signedIn.session.role, 'operator', 'the first account of the house is its operator');
  const again = await signIn('anna@siegel.test');
  assert.ok(again.ok && again.value.step === 'done', JSON.stringify(again));
  assert.deepEqual(again.value.signedIn.secrets, signedIn.secrets, 'the same keys from another device');
  const short = await signIn('anna');
  assert.ok(short.ok, 'the domain need not be typed');
  assert.equal((await signUp(house, 'berta')).signedIn.session.role, 'member');
});

test('a wrong password, an address nobody has, and one that cannot be an address are refused alike', async () => {
  for (const [address, password] of [
    ['anna@siegel.test', 'wrong password'],
    ['nobody@siegel.test', PASSWORD],
    ['nobody@elsewhere.test', PASSWORD],
    ['not an address', PASSWORD],
  ] as const) {
    assert.deepEqual(await signIn(address, password), { ok: false, error: { kind: 'wrong-credentials' } });
  }
});

test('invitations work once and not for ever; addresses are given once; names of the house to nobody', async () => {
  const { entry } = house.client();
  const code = await house.invite();
  const outcome = async (invitation: string, localPart: string, plainPassword = PASSWORD) => {
    const signedUp = await entry.signUp({ code: invitation, localPart, plainPassword });
    return signedUp.ok ? 'ok' : signedUp.error.kind;
  };
  assert.equal(await outcome(code, 'anna'), 'address-taken');
  assert.equal(await outcome(code, 'ANNA'), 'address-taken');
  for (const name of ['postmaster', 'a b', 'x@y', 'anna+shop', '', '.dot', 'a'.repeat(65), 'x\u0000y']) {
    assert.equal(await outcome(code, name), 'address-invalid', name);
  }
  assert.equal(await outcome(code, 'dora', 'short'), 'password-too-short');
  assert.equal(await outcome('never-made', 'dora'), 'invitation-unknown');
  const racing = await Promise.all(['dora', 'dorothea'].map((name) => outcome(code, name)));
  assert.deepEqual(racing.toSorted(), ['invitation-unknown', 'ok'], 'two at once with one invitation: one gets in');
  const sameName = await Promise.all(
    [await house.invite(), await house.invite()].map((invitation) => outcome(invitation, 'emil')),
  );
  assert.deepEqual(sameName.toSorted(), ['address-taken', 'ok'], 'two at once for one address: one gets it');
  const old = await house.invite();
  house.clock.advanceMs(2 * 86_400_000);
  assert.equal(await outcome(old, 'fritz'), 'invitation-unknown');
});

test('start answers for known and unknown addresses have the same bytes but for what is random', async () => {
  const ask = async (address: string) => {
    const { startLoginRequest } = opaque.startLogin({ password: 'guess' });
    return house.client().post('/auth/login/start', { address, startLoginRequest });
  };
  const shape = (value: unknown): unknown =>
    typeof value === 'string'
      ? value.length
      : Array.isArray(value)
        ? value.map(shape)
        : typeof value === 'object' && value !== null
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]))
          : value;
  const known = await ask('berta@siegel.test');
  const unknown = await ask('nobody2@siegel.test');
  assert.equal(known.status, 200);
  assert.deepEqual(shape(known), shape(unknown));
  const again = await ask('nobody2@siegel.test');
  assert.equal(again.body['accountId'], unknown.body['accountId'], 'an unknown address keeps its made-up account');
  const phraseShape = async (address: string) =>
    shape(await house.client().post('/auth/recover/start', { address, token: 'A'.repeat(43) }));
  assert.deepEqual(await phraseShape('berta'), await phraseShape('nobody2'));
});

test('nothing the server hands out at the start of a login is an answer to it', async () => {
  const { startLoginRequest } = opaque.startLogin({ password: 'guess' });
  const started = await house.client().post('/auth/login/start', { address: 'berta', startLoginRequest });
  const handed = Buffer.from(JSON.stringify(started.body));
  const [first] = started.body['candidates'] as [{ loginResponse: string }];
  const response = Buffer.from(first.loginResponse, 'base64url');
  assert.ok(response.length >= 64 && handed.length > 64);
  for (let at = 0; at + 64 <= response.length; at += 8) {
    // Each try uses the state up, so each window is tried on a login of its own, with a clock that forgives.
    house.clock.advanceMs(600_000);
    const { startLoginRequest: request } = opaque.startLogin({ password: 'guess' });
    const fresh = await house.client().post('/auth/login/start', { address: 'berta', startLoginRequest: request });
    const [place] = fresh.body['candidates'] as [{ loginResponse: string }];
    const window = Buffer.from(place.loginResponse, 'base64url').subarray(at, at + 64);
    const finished = await house.client().post('/auth/login/finish', {
      loginId: fresh.body['loginId'],
      candidate: 0,
      finishLoginRequest: window.toString('base64url'),
      purpose: 'session',
    });
    assert.equal(finished.status, 401, `window ${at}`);
  }
});

test('a state of a login works once, and not after a minute', async () => {
  const finish = async (ageMs: number, times: number) => {
    const { startLoginRequest, clientLoginState } = opaque.startLogin({ password: PASSWORD });
    const client = house.client();
    const started = await client.post('/auth/login/start', { address: 'berta', startLoginRequest });
    const [place] = started.body['candidates'] as [{ loginResponse: string }];
    const finished = opaque.finishLogin({
      clientLoginState,
      loginResponse: place.loginResponse,
      password: PASSWORD,
      identifiers: { client: String(started.body['accountId']), server: String(started.body['instanceId']) },
      keyStretching: { 'argon2id-custom': { iterations: 3, memory: 65_536, parallelism: 1 } },
    });
    assert.ok(finished);
    house.clock.advanceMs(ageMs);
    const { finishLoginRequest } = finished;
    const body = { loginId: started.body['loginId'], candidate: 0, finishLoginRequest, purpose: 'session' };
    const statuses: number[] = [];
    for (let time = 0; time < times; time++) statuses.push((await client.post('/auth/login/finish', body)).status);
    return statuses;
  };
  house.clock.advanceMs(600_000);
  assert.deepEqual(await finish(0, 2), [200, 401]);
  assert.deepEqual(await finish(61_000, 1), [401]);
});

test('after a change of the domain and a new start everybody still signs in', async () => {
  await house.restart('moved.example');
  const outcome = await signIn('berta@siegel.test');
  assert.ok(outcome.ok && outcome.value.step === 'done', JSON.stringify(outcome));
  await house.restart();
});

test('a session lives in a cookie that scripts cannot read, ends when told, and after 30 days', async () => {
  const { client } = await signUp(house, 'gerda');
  const { startLoginRequest } = opaque.startLogin({ password: 'x' });
  const response = await client.reach('/auth/login/start', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ address: 'gerda', startLoginRequest }),
  });
  assert.equal(response.headers.get('cache-control'), 'no-store');
  const sessionStatus = async () => (await client.reach('/auth/session')).status;
  assert.equal(await sessionStatus(), 200);
  const other = house.client();
  assert.ok((await other.entry.signIn({ address: 'gerda', plainPassword: PASSWORD })).ok);
  const listed = await (await client.reach('/auth/sessions')).json();
  const { sessions } = listed as { sessions: { id: string; current: boolean }[] };
  assert.deepEqual(sessions.map((one) => String(one.current)).toSorted(), ['false', 'true']);
  const others = sessions.filter((one) => !one.current).map((one) => one.id);
  assert.equal((await client.post('/auth/sessions/end', { id: others[0] })).status, 200);
  assert.equal((await other.reach('/auth/session')).status, 401);
  house.clock.advanceMs(31 * 86_400_000);
  assert.equal(await sessionStatus(), 401);
});

test('somebody else’s session cannot be ended', async () => {
  const first = await signUp(house, 'hans');
  const second = await signUp(house, 'ida');
  const listed = (await (await second.client.reach('/auth/sessions')).json()) as { sessions: { id: string }[] };
  const ended = await first.client.post('/auth/sessions/end', { id: listed.sessions[0]?.id });
  assert.equal(ended.status, 404);
  assert.equal((await second.client.reach('/auth/session')).status, 200);
});
