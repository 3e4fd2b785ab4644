// The JMAP server from outside: HTTP, session, references, limits, upload, download, events (RFC 8620).

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#base/limits.ts';
import { ALL, list, jmapHouse, text, texts, type Json, type Person } from './test-house.ts';

const house = await jmapHouse();
const anna = await house.signUp('anna@siegel.test');
const bert = await house.signUp('bert@siegel.test');

const json = async (response: Response): Promise<Json> => (await response.json()) as Json;

test('the session names the account, its capabilities and absolute addresses', async () => {
  const session = await json(await house.fetch(anna, '/.well-known/jmap'));
  assert.equal(session['username'], 'anna@siegel.test');
  assert.deepEqual(Object.keys(session['accounts'] ?? {}), [anna.id]);
  for (const capability of ALL) assert.equal(session['primaryAccounts']?.[capability], anna.id);
  for (const name of ['apiUrl', 'downloadUrl', 'uploadUrl', 'eventSourceUrl']) {
    assert.ok(text(session[name]).startsWith(house.url), name);
  }
  const answer = await house.post(anna, JSON.stringify({ using: [], methodCalls: [] }));
  assert.equal((await json(answer))['sessionState'], session['state']);
});

test('nobody is answered without a session', async () => {
  const nobody = { ...anna, token: 'nobody' };
  for (const path of ['/jmap/session', '/jmap/events', `/jmap/download/${anna.id}/L1-x/x`]) {
    assert.equal((await house.fetch(nobody, path)).status, 401, path);
  }
  assert.equal((await house.post(nobody, '{}')).status, 401);
  assert.equal((await house.fetch(nobody, `/jmap/upload/${anna.id}`, { method: 'POST', body: 'x' })).status, 401);
});

test('Core/echo gives back what it got', async () => {
  const args = { hello: true, high: 5, deep: [{ a: null }] };
  assert.deepEqual(await house.call(anna, 'Core/echo', args), args);
});

test('a malformed request is refused as a whole, with the name RFC 8620 gives it', async () => {
  const refused = async (body: BodyInit, contentType?: string): Promise<string> => {
    const response = await house.post(anna, body, contentType);
    const problem = await json(response);
    assert.equal(response.status, problem['status']);
    assert.match(response.headers.get('Content-Type') ?? '', /application\/problem\+json/);
    return text(problem['type']).replace('urn:ietf:params:jmap:error:', '');
  };
  assert.equal(await refused('{'), 'notJSON');
  assert.equal(await refused('{}', 'text/plain'), 'notJSON');
  assert.equal(await refused('{}'), 'notRequest');
  assert.equal(await refused('{"using":["urn:nobody:knows"],"methodCalls":[]}'), 'unknownCapability');
  const many = Array.from({ length: limits.jmap.callsInRequest + 1 }, () => ['Core/echo', {}, 'c']);
  assert.equal(await refused(JSON.stringify({ using: ALL, methodCalls: many })), 'limit');
  assert.equal(await refused(new Uint8Array(limits.jmap.sizeRequestBytes + 1)), 'limit');
});

test('a call that fails is told alone, and the calls around it are answered', async () => {
  const answers = await house.calls(anna, [
    ['Core/echo', { n: 1 }],
    ['Nobody/knows', {}],
    ['Mailbox/get', { accountId: bert.id }],
    ['Mailbox/get', { accountId: 7 }],
    ['Email/get', { ids: 'all' }],
    ['Email/get', { '#ids': { resultOf: 'c0', name: 'Core/echo', path: '/nope' } }],
    ['Core/echo', { n: 2 }],
  ]);
  const told = answers.map(([name, args]) => (name === 'error' ? args['type'] : args['n']));
  const expected = [1, 'unknownMethod', 'accountNotFound', 'invalidArguments', 'invalidArguments'];
  assert.deepEqual(told, [...expected, 'invalidResultReference', 2]);
});

test('a method is unknown unless the request names its capability', async () => {
  assert.equal(await house.error(anna, 'Mailbox/get', {}, ['urn:ietf:params:jmap:core']), 'unknownMethod');
  assert.equal(
    await house.error(anna, 'SealedItem/get', { collection: 'x' }, ['urn:ietf:params:jmap:mail']),
    'unknownMethod',
  );
});

test('query, get and threads go in one request by reference', async () => {
  const id = await house.deliver(anna);
  const answers = await house.calls(anna, [
    ['Email/query', { filter: { inMailbox: anna.mailboxes.inbox } }],
    ['Email/get', { '#ids': { resultOf: 'c0', name: 'Email/query', path: '/ids' }, properties: ['threadId'] }],
    ['Thread/get', { '#ids': { resultOf: 'c1', name: 'Email/get', path: '/list/*/threadId' } }],
  ]);
  assert.deepEqual(answers[2]?.[1]['list'], [{ id, emailIds: [id] }]);
});

test('ids made in one request can be named in the next through createdIds', async () => {
  const create = { m: { siegelSealedName: 'AAAA' } };
  const methodCalls = [['Mailbox/set', { accountId: anna.id, create }, 'c']];
  const answer = await json(await house.post(anna, JSON.stringify({ using: ALL, methodCalls, createdIds: {} })));
  const id = text(answer['createdIds']?.['m']);
  const next = [['Mailbox/set', { accountId: anna.id, destroy: ['#m'] }, 'c']];
  const body = JSON.stringify({ using: ALL, methodCalls: next, createdIds: { m: id } });
  const done = await json(await house.post(anna, body));
  assert.deepEqual(done['methodResponses']?.['0']?.['1']?.['destroyed'], [id]);
});

test('a letter downloads as the message its size and parts were told of, and its bytes never change', async () => {
  const id = await house.deliver(anna);
  const blobId = `L1-${id}`;
  const whole = await house.fetch(anna, `/jmap/download/${anna.id}/${blobId}/letter%20one.eml?type=message/rfc822`);
  assert.equal(whole.status, 200);
  assert.equal(whole.headers.get('Content-Type'), 'message/rfc822');
  assert.match(whole.headers.get('Content-Disposition') ?? '', /^attachment; filename\*=UTF-8''letter%20one\.eml$/);
  assert.match(whole.headers.get('Content-Security-Policy') ?? '', /sandbox/);
  const first = await whole.text();
  assert.match(first, /^Date: .*\r\nFrom: Sealed letter/);
  const again = await house.fetch(anna, `/jmap/download/${anna.id}/${blobId}/x`);
  assert.equal(await again.text(), first);
  const part = await house.fetch(anna, `/jmap/download/${anna.id}/${blobId}-2/encrypted.asc`);
  const armor = await part.text();
  assert.match(armor, /^-----BEGIN PGP MESSAGE-----[\s\S]*-----END PGP MESSAGE-----\r?\n?$/);
  const [email] = list(
    (await house.call(anna, 'Email/get', { ids: [id], properties: ['size', 'attachments'] }))['list'],
  );
  assert.equal(email?.['size'], first.length);
  assert.deepEqual(
    list(email?.['attachments']).map((attachment) => attachment['size']),
    [12, armor.length],
  );
});

test('nobody downloads what is not his, not there, or gone', async () => {
  const id = await house.deliver(anna);
  const path = (person: Person, blobId: string): string => `/jmap/download/${person.id}/${blobId}/x`;
  assert.equal((await house.fetch(bert, path(anna, `L1-${id}`))).status, 404);
  assert.equal((await house.fetch(bert, path(bert, `L1-${id}`))).status, 404);
  assert.equal((await house.fetch(anna, path(anna, `L2-${id}`))).status, 404);
  assert.equal((await house.fetch(anna, path(anna, `L1-${id}-3`))).status, 404);
  assert.equal((await house.fetch(anna, path(anna, 'nonsense'))).status, 404);
  await house.call(anna, 'Email/set', { destroy: [id] });
  assert.equal((await house.fetch(anna, path(anna, `L1-${id}`))).status, 404);
});

test('an upload comes back to its own account only, and one too large is refused', async () => {
  const upload = (body: BodyInit): Promise<Response> =>
    house.fetch(anna, `/jmap/upload/${anna.id}`, { method: 'POST', body, headers: { 'Content-Type': 'text/html' } });
  const response = await upload('<b>clear</b>');
  assert.equal(response.status, 201);
  const told = await json(response);
  assert.deepEqual([told['accountId'], told['size'], told['type']], [anna.id, 12, 'text/html']);
  const path = `/${text(told['blobId'])}/x?type=text/html`;
  const back = await house.fetch(anna, `/jmap/download/${anna.id}${path}`);
  assert.equal(await back.text(), '<b>clear</b>');
  assert.equal(back.headers.get('Cache-Control'), 'no-store');
  assert.equal((await house.fetch(bert, `/jmap/download/${bert.id}${path}`)).status, 404);
  assert.equal((await house.fetch(bert, `/jmap/upload/${anna.id}`, { method: 'POST', body: 'x' })).status, 404);
  const large = await json(await upload(new Uint8Array(limits.http.uploadBytes + 1)));
  assert.equal(large['limit'], 'maxSizeUpload');
});

/** Reads an event stream until `until` is in it; returns all of it so far. */
async function readEvents(response: Response, until: string, waitMs = 5000): Promise<string> {
  assert.ok(response.body);
  const reader = response.body.getReader();
  const timer = setTimeout(() => void reader.cancel(), waitMs);
  let all = '';
  const decoder = new TextDecoder();
  while (!all.includes(until)) {
    const { value, done } = await reader.read();
    if (done) break;
    all += decoder.decode(value, { stream: true });
  }
  clearTimeout(timer);
  await reader.cancel();
  return all;
}

test('a new letter wakes the event stream, with the states a client can ask from', async () => {
  const state = text((await house.call(anna, 'Email/get', { ids: [] }))['state']);
  const stream = await house.fetch(anna, '/jmap/events?types=*&closeafter=no&ping=0');
  assert.equal(stream.headers.get('Content-Type'), 'text/event-stream');
  const reading = readEvents(stream, 'event: state');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const id = await house.deliver(anna);
  const event = JSON.parse(/data: (.*)/.exec((await reading) + '\n')?.[1] ?? (await reading)) as Json;
  assert.equal(event['@type'], 'StateChange');
  const changed = event['changed']?.[anna.id];
  assert.ok(changed?.['Mailbox'] && changed['Thread'] && changed['Quota']);
  const changes = await house.call(anna, 'Email/changes', { sinceState: state });
  assert.deepEqual([changes['newState'], changes['created']], [changed['Email'], [id]]);
});

test('who looks on when other rows begin to serve is told at once, of a state in which all is to be loaded again', async () => {
  const before = text((await house.call(anna, 'Email/get', { ids: [] }))['state']);
  const reading = readEvents(await house.fetch(anna, '/jmap/events?types=Email&closeafter=state&ping=0'), 'never');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const era = Number(before.split('.')[0]) + 1;
  const effect = { era, reason: 'undone', lostTail: false, endsSessions: false } as const;
  assert.ok((await house.door.noteEra(effect)).ok);
  assert.match(await reading, new RegExp(`"Email":"${era}\\.`));
  assert.equal(await house.error(anna, 'Email/changes', { sinceState: before }), 'cannotCalculateChanges');
});

test('a stream tells only the types asked for, nothing of other accounts, and closes after a state if asked', async () => {
  const reading = readEvents(await house.fetch(anna, '/jmap/events?types=Email&closeafter=state&ping=0'), 'never');
  await new Promise((resolve) => setTimeout(resolve, 100));
  await house.deliver(bert);
  await house.deliver(anna);
  const all = await reading;
  assert.equal(all.match(/event: state/g)?.length, 1);
  assert.match(all, /"Email":/);
  assert.doesNotMatch(all, /"Mailbox":|"Thread":/);
  assert.doesNotMatch(all, new RegExp(bert.id));
});

test('who comes back with Last-Event-ID is told at once what he missed', async () => {
  const first = readEvents(await house.fetch(anna, '/jmap/events?types=*&closeafter=state&ping=0'), 'never');
  await new Promise((resolve) => setTimeout(resolve, 100));
  await house.deliver(anna);
  const id = /id: (.*)/.exec(await first)?.[1] ?? '';
  await house.deliver(anna);
  const headers = { 'Last-Event-ID': id };
  const back = await house.fetch(anna, '/jmap/events?types=*&closeafter=state&ping=0', { headers });
  assert.match(await readEvents(back, 'never'), /event: state/);
});

test('a stream ends when its session ends', async () => {
  const carl = await house.signUp('carl@siegel.test');
  const reading = readEvents(await house.fetch(carl, '/jmap/events'), 'event: state');
  await new Promise((resolve) => setTimeout(resolve, 100));
  house.signOut(carl);
  await house.deliver(carl);
  assert.doesNotMatch(await reading, /event: state/);
});

test('too many streams of one account, and wrong parameters, are refused', async () => {
  const dora = await house.signUp('dora@siegel.test');
  for (const query of ['types=a b', 'closeafter=maybe', 'ping=soon']) {
    assert.equal((await house.fetch(dora, `/jmap/events?${query}`)).status, 400, query);
  }
  const open: Response[] = [];
  for (let i = 0; i < limits.jmap.eventStreamsPerAccountMax; i++) open.push(await house.fetch(dora, '/jmap/events'));
  assert.equal((await house.fetch(dora, '/jmap/events')).status, 429);
  for (const response of open) await response.body?.cancel();
  await new Promise((resolve) => setTimeout(resolve, 200));
  const again = await house.fetch(dora, '/jmap/events');
  assert.equal(again.status, 200);
  await again.body?.cancel();
});

test('identities are the own addresses; names, signatures and addresses are not set here', async () => {
  const got = await house.call(anna, 'Identity/get');
  const [identity] = list(got['list']);
  assert.deepEqual([identity?.['email'], identity?.['name'], identity?.['mayDelete']], ['anna@siegel.test', '', false]);
  const id = text(identity?.['id']);
  const set = await house.call(anna, 'Identity/set', {
    create: { i: { email: 'eva@siegel.test' } },
    update: { [id]: { name: 'Anna' }, other: { name: 'x' } },
    destroy: [id],
  });
  assert.equal(set['notCreated']?.['i']?.['type'], 'forbiddenFrom');
  assert.equal(set['notUpdated']?.[id]?.['type'], 'forbidden');
  assert.equal(set['notUpdated']?.['other']?.['type'], 'notFound');
  assert.equal(set['notDestroyed']?.[id]?.['type'], 'forbidden');
  const changes = await house.call(anna, 'Identity/changes', { sinceState: text(got['state']) });
  assert.deepEqual(changes['updated'], []);
  assert.equal(await house.error(anna, 'Identity/changes', { sinceState: 'old' }), 'cannotCalculateChanges');
});

test('the quota tells what letters take, and that it changed', async () => {
  const eva = await house.signUp('eva@siegel.test');
  const before1 = await house.call(eva, 'Quota/get');
  await house.deliver(eva, { sizeBytes: 4321 });
  const [quota] = list((await house.call(eva, 'Quota/get', { ids: ['letters', 'x'] }))['list']);
  assert.deepEqual([quota?.['used'], quota?.['resourceType'], quota?.['scope']], [4321, 'octets', 'account']);
  const changes = await house.call(eva, 'Quota/changes', { sinceState: text(before1['state']) });
  assert.deepEqual([texts(changes['updated']), changes['updatedProperties']], [['letters'], ['used']]);
  assert.deepEqual((await house.call(eva, 'Quota/query', { filter: { type: 'Email' } }))['ids'], ['letters']);
  assert.deepEqual((await house.call(eva, 'Quota/query', { filter: { scope: 'domain' } }))['ids'], []);
});

test('what lies outside one account cannot be copied', async () => {
  const copy = { create: {}, fromAccountId: bert.id };
  assert.equal(await house.error(anna, 'Email/copy', copy), 'fromAccountNotFound');
  assert.equal(await house.error(anna, 'Email/copy', { ...copy, fromAccountId: anna.id }), 'invalidArguments');
  assert.equal(await house.error(anna, 'Blob/copy', { fromAccountId: bert.id, blobIds: [] }), 'fromAccountNotFound');
});

test('while the database is away nothing is half-answered: 503, and the same request later is answered', async () => {
  await house.cluster.kill();
  const away = await house.post(
    anna,
    JSON.stringify({ using: ALL, methodCalls: [['Mailbox/get', { accountId: anna.id }, 'c']] }),
  );
  const body = await json(away);
  const told = away.status === 503 ? 'serverUnavailable' : body['methodResponses']?.['0']?.['1']?.['type'];
  assert.equal(told, 'serverUnavailable');
  await house.cluster.start();
  await house.untilAnswered(anna);
});
