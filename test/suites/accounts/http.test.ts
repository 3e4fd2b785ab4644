// The HTTP door: other sites are refused, published keys are found, the disclosure table says what is true.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { text } from 'node:stream/consumers';
import { readKey } from 'openpgp';
import { disclosure } from '#office/api/disclosure.ts';
import { createHttp, isLoopback } from '#office/api/http-server.ts';
import { wkdHash } from '#formats/openpgp/wkd-address.ts';
import type { TestCluster } from '#vault/database/test-cluster.ts';
import { openAccountHouse, PASSWORD, signUp, startTestCluster, type AccountHouse } from './account-house.ts';
import { deliver } from './deliver.ts';

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

/** fetch sets Origin and Fetch Metadata itself: a bare request can carry any. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string>,
  body = '',
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const asking = request(new URL(path, house.url), { method, headers }, (answer) => {
      text(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 0, body: read, headers: answer.headers }),
        reject,
      );
    });
    asking.once('error', reject);
    asking.end(body);
  });
}

test('requests that other sites make are refused, whatever they carry; there is no CORS', async () => {
  const { host } = new URL(house.url);
  const json = { 'content-type': 'application/json' };
  const body = JSON.stringify({ code: 'x' });
  const status = async (headers: Record<string, string>, method = 'POST', path = '/auth/invitation') =>
    (await ask(method, path, { ...json, ...headers }, method === 'POST' ? body : '')).status;
  assert.equal(await status({}), 404, 'no browser: asked and answered');
  assert.equal(await status({ origin: `http://${host}`, 'sec-fetch-site': 'same-origin' }), 404);
  for (const headers of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
    { origin: `http://${host}.evil.example` },
  ]) {
    assert.equal(await status(headers), 403, JSON.stringify(headers));
  }
  assert.equal(await status({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 'GET', '/auth/session'), 403);
  assert.equal(await status({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 'GET', '/'), 200);
  const preflight = await ask('OPTIONS', '/auth/login/start', { origin: 'https://evil.example' });
  assert.equal(preflight.status, 403);
  for (const path of ['/', '/auth/session', '/api/disclosure', '/jmap/session']) {
    const answer = await ask('GET', path, {});
    assert.equal(answer.headers['access-control-allow-origin'], undefined, path);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff', path);
  }
});

test('bad bodies get a clear answer and stop nothing', async () => {
  const json = { 'content-type': 'application/json' };
  for (const [headers, body] of [
    [json, ''],
    [json, '{'],
    [json, 'null'],
    [json, '[]'],
    [json, '{"address":1}'],
    [json, '{"address":"a","startLoginRequest":"AAAA"}'],
    [json, '{"address":"a","startLoginRequest":"!!"}'],
    [json, '{"address":"a","startLoginRequest":"AAAA","extra":1}'],
    [{ 'content-type': 'text/plain' }, '{"address":"a","startLoginRequest":"AAAA"}'],
    [json, `{"address":"${'a'.repeat(600)}","startLoginRequest":"AAAA"}`],
    [json, `{"__proto__":{"a":1},"address":"a\\u0000","startLoginRequest":"AAAA"}`],
  ] as const) {
    const answer = await ask('POST', '/auth/login/start', headers, body);
    assert.equal(answer.status, 400, body.slice(0, 60));
    assert.match(answer.body, /"type":"urn:siegel:problem:bad-request","title":".+","detail":".+"/);
  }
  const tooLarge = await ask('POST', '/auth/login/start', json, `{"address":"${'a'.repeat(2_000_000)}"}`);
  assert.equal(tooLarge.status, 413);
  assert.equal((await ask('GET', '/auth/nothing', {})).status, 404);
  assert.equal((await ask('GET', '/healthz', {})).status, 200);
});

test('keys are published by both methods of WKD, binary, with a policy; nobody else’s, no list', async () => {
  const { signedIn } = await signUp(house, 'joe.doe');
  assert.equal(wkdHash('Joe.Doe'), 'iy9q119eutrkn8s1mk4r39qejnbu3n5q', 'the example of the draft');
  const hash = wkdHash('joe.doe');
  for (const path of [
    `/.well-known/openpgpkey/siegel.test/hu/${hash}?l=Joe.Doe`,
    `/.well-known/openpgpkey/siegel.test/hu/${hash}`,
    `/.well-known/openpgpkey/hu/${hash}?l=joe.doe`,
  ]) {
    const answer = await fetch(new URL(path, house.url));
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
    const key = await readKey({ binaryKey: new Uint8Array(await answer.arrayBuffer()) });
    assert.ok(!key.isPrivate());
    assert.deepEqual(key.getUserIDs(), ['<joe.doe@siegel.test>']);
  }
  for (const path of ['/.well-known/openpgpkey/siegel.test/policy', '/.well-known/openpgpkey/policy']) {
    assert.equal((await fetch(new URL(path, house.url))).status, 200);
  }
  for (const path of [
    `/.well-known/openpgpkey/siegel.test/hu/${wkdHash('nobody')}?l=nobody`,
    `/.well-known/openpgpkey/siegel.test/hu/${hash}?l=nobody`,
    `/.well-known/openpgpkey/other.test/hu/${hash}?l=joe.doe`,
    '/.well-known/openpgpkey/siegel.test/hu/',
    '/.well-known/openpgpkey/siegel.test/hu/x',
  ]) {
    assert.equal((await fetch(new URL(path, house.url))).status, 404, path);
  }
  assert.equal(signedIn.session.address, 'joe.doe@siegel.test');
});

test('without a certificate only loopback is served', async () => {
  for (const host of ['127.0.0.1', '127.0.0.2', '::1', 'localhost']) assert.ok(isLoopback(host), host);
  for (const host of ['0.0.0.0', '::', '192.168.1.1', '127.evil.example', '128.0.0.1'])
    assert.ok(!isLoopback(host), host);
  const options = { host: '0.0.0.0', port: 0, tls: undefined, log: { info() {}, warn() {}, error() {}, fault() {} } };
  // It refuses before it would use any of its neighbours.
  const server = createHttp(
    options,
    Object.create({
      ...Object.fromEntries(
        ['auth', 'jmap', 'wkd', 'book', 'outside', 'trust'].map((name) => [name, house.accounts.routes]),
      ),
      more: [],
    }),
  );
  assert.deepEqual(await server.listen(), { ok: false, error: { kind: 'needsCertificate', host: '0.0.0.0' } });
});

test('the disclosure table has every row in both languages, each once', () => {
  const keys = disclosure.rows.map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  for (const { key, what, operatorSees } of disclosure.rows) {
    for (const words of [what, operatorSees]) {
      assert.ok(words.en.length > 3 && words.de.length > 3, key);
      assert.doesNotMatch(words.en + words.de, /!|—|military|unbreakable/);
    }
  }
});

test('what the table says is stored is stored, and what it says is not is nowhere in the rows and the journal’s answers', async () => {
  const { client, signedIn } = await signUp(house, 'karla');
  const letter =
    'From: Zwiebelfisch <zwiebel@fisch.example>\r\nTo: karla@siegel.test\r\nSubject: Sonnenblumenkerne\r\n' +
    'Date: Sun, 17 May 2026 12:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nQuittenmarmelade\r\n';
  await deliver(house, signedIn.session.accountId, letter);
  await client.post('/auth/rules', {
    // oxlint-disable-next-line unicorn/no-thenable
    rules: [{ if: { field: 'subject', op: 'contains', value: 'Pfefferkuchen' }, then: { flag: true } }],
  });
  await house.vault.door.settled(signedIn.session.accountId);
  const rows = await everyRow();
  const isStored = (needle: string) => rows.includes(needle) || rows.includes(Buffer.from(needle).toString('hex'));
  const told = (key: string) => disclosure.rows.find((row) => row.key === key)?.operatorSees.en ?? '';
  for (const [key, needle] of [
    ['contents', 'Sonnenblumenkerne'],
    ['contents', 'Quittenmarmelade'],
    ['correspondents', 'zwiebel@fisch.example'],
    ['correspondents', 'Zwiebelfisch'],
    ['password', PASSWORD],
    ['door-rules', 'Pfefferkuchen'],
    ['sessions', '127.0.0.1'],
    ['sessions', 'undici'],
  ] as const) {
    assert.ok(!isStored(needle), `${needle} is in the rows`);
    assert.match(told(key), /Not|Nothing|Neither|under a key|No network address/, key);
  }
  assert.ok(isStored('karla@siegel.test'), 'own addresses are known, and the table says so');
  assert.match(told('address'), /^Yes/);
});

async function everyRow(): Promise<string> {
  await using session = await house.vault.database.connect();
  const tables = await session.rows<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'",
  );
  let all = '';
  for (const { name } of tables) {
    const rows = await session.rows<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM "${name}" t`);
    all += rows.map(({ row }) => row).join('\n');
  }
  return all;
}

test('a refused request with a body costs the next one on the same connection nothing', async () => {
  const body = `{"address":"${'a'.repeat(500)}"}`;
  const headers = { 'content-type': 'application/json' };
  for (let time = 0; time < 3; time++) {
    for (const path of ['/auth/challenge', '/jmap/api', '/auth/login/start', '/nothing']) {
      const refused = await fetch(new URL(path, house.url), { method: 'POST', headers, body });
      await refused.text();
      assert.ok(refused.status >= 400, path);
      await new Promise((resolve) => setTimeout(resolve, 170));
      assert.equal((await fetch(new URL('/healthz', house.url))).status, 200, path);
    }
  }
});

test('while the database is away sign-in says so and nothing breaks; when it is back people sign in', async () => {
  const { entry } = house.client();
  const signIn = () => entry.signIn({ address: 'karla', plainPassword: PASSWORD });
  assert.ok((await signIn()).ok);
  await cluster.stop();
  try {
    assert.deepEqual(await signIn(), { ok: false, error: { kind: 'server-unavailable' } });
    assert.equal((await ask('GET', '/', {})).status, 200);
  } finally {
    await cluster.start();
  }
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 250) {
    if ((await signIn()).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  assert.fail('nobody signs in any more');
});
