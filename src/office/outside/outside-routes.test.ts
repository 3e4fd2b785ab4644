// What a reader presses for is fetched in the server's own name, within bounds, and for nobody else. Real sockets on loopback.

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { test, type TestContext } from 'node:test';
import { manualClock, systemClock, type Clock } from '#base/clock.ts';
import { newId, type AccountId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { createOutgoing, type OutgoingOptions } from '#base/outgoing/outgoing.ts';
import { err, ok } from '#base/result.ts';
import { createOutsideRoutes } from './outside-routes.ts';
import { PictureShelf } from './picture-shelf.ts';

const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const anna = newId<AccountId>();
const ben = newId<AccountId>();

interface Peer {
  readonly url: string;
  readonly asked: (IncomingMessage & { text?: string })[];
}

async function serve(t: TestContext, answer: RequestListener): Promise<Peer> {
  const asked: Peer['asked'] = [];
  const server = createServer((request, response) => {
    const seen: Peer['asked'][number] = request;
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      seen.text = Buffer.concat(parts).toString();
      asked.push(seen);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

type Ask = (path: 'image' | 'unsubscribe', url: unknown, by?: AccountId | 'nobody') => Promise<Response>;

function open(options: Partial<OutgoingOptions> = {}, clock: Clock = systemClock): Ask {
  const resolve = () => Promise.resolve(err({ kind: 'noSuchHost' }));
  const routes = createOutsideRoutes({
    clock,
    outgoing: createOutgoing({ resolve, mayPrivate: true, ...options }),
    authenticate: async ({ headers }) => {
      const account = [anna, ben].find((one) => one === headers.get('x-test-account'));
      return account && { accountId: account };
    },
  });
  return async (path, url, by = anna) =>
    routes.request(`/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        cookie: '__Host-session=secret',
        'user-agent': 'Reader/1.0',
        'x-forwarded-for': '203.0.113.7',
        'x-test-account': by,
      },
      body: JSON.stringify({ url }),
    });
}

async function problemOf(response: Response): Promise<string> {
  const told: unknown = await response.json();
  assert.ok(typeof told === 'object' && told !== null && 'type' in told);
  return `${response.status} ${String(told.type).replace('urn:siegel:problem:', '')}`;
}

test('a picture comes back as its bytes and as nothing else', async (t) => {
  const peer = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html', 'set-cookie': 'a=b', 'x-theirs': '1' }).end(GIF);
  });
  const answer = await open()('image', `${peer.url}/logo.gif?u=1`);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'image/gif');
  assert.deepEqual(Buffer.from(await answer.arrayBuffer()), GIF);
  assert.equal(answer.headers.get('cache-control'), 'no-store');
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'; sandbox/);
  assert.equal(answer.headers.get('content-disposition'), 'attachment');
  for (const name of ['set-cookie', 'x-theirs']) assert.equal(answer.headers.get(name), null);
});

test('the other side learns nothing of the reader but the link', async (t) => {
  const peer = await serve(t, (_, response) => response.end(GIF));
  await open()('image', `${peer.url}/logo.gif?u=1#fragment`);
  const [seen] = peer.asked;
  assert.equal(seen?.url, '/logo.gif?u=1');
  assert.deepEqual(Object.keys(seen?.headers ?? {}).toSorted(), [
    'accept',
    'accept-encoding',
    'connection',
    'host',
    'user-agent',
  ]);
  assert.equal(seen?.headers['user-agent'], 'Siegel');
});

test('nobody is served without a session, and no question leaves', async (t) => {
  const peer = await serve(t, (_, response) => response.end(GIF));
  const ask = open();
  assert.equal(await problemOf(await ask('image', peer.url, 'nobody')), '401 signed-out');
  assert.equal(await problemOf(await ask('unsubscribe', peer.url, 'nobody')), '401 signed-out');
  assert.equal(peer.asked.length, 0);
});

test('what is no picture is refused, SVG above all', async (t) => {
  const bodies = ['<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', '<script>1</script>', '%PDF-1.7', ''];
  const ask = open();
  for (const body of bodies) {
    const peer = await serve(t, (_, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).end(body);
    });
    assert.equal(await problemOf(await ask('image', peer.url)), '415 not-a-picture', body);
  }
});

test('a picture that is too large, moved to another host, missing or late is refused', async (t) => {
  const ask = open();
  const big = await serve(t, (_, response) => {
    response.writeHead(200, { 'content-length': String(limits.outside.pictureBytes + 1) });
    response.end(GIF);
  });
  assert.equal(await problemOf(await ask('image', big.url)), '413 too-large');
  const moved = await serve(t, (_, response) => response.writeHead(302, { location: 'http://127.0.0.2/' }).end());
  assert.equal(await problemOf(await ask('image', moved.url)), '502 refused-there');
  const gone = await serve(t, (_, response) => response.writeHead(404).end(GIF));
  assert.equal(await problemOf(await ask('image', gone.url)), '502 refused-there');
  assert.equal(await problemOf(await ask('image', 'http://127.0.0.1:1/')), '502 unreachable');
});

test('an address inside the house is answered like a server that is off, and nothing connects', async (t) => {
  const peer = await serve(t, (_, response) => response.end(GIF));
  const inside = open({ mayPrivate: false, resolve: () => Promise.resolve(ok(['127.0.0.1', '169.254.169.254'])) });
  assert.equal(await problemOf(await inside('image', 'https://inside.test/')), '502 unreachable');
  assert.equal(await problemOf(await inside('image', 'https://127.0.0.1/')), '502 unreachable');
  assert.equal(await problemOf(await inside('unsubscribe', 'https://inside.test/')), '502 unreachable');
  for (const url of [
    `${peer.url}/`,
    'https://example.org:8443/',
    'ftp://example.org/',
    'https://a:b@example.org/',
    'x',
  ])
    assert.equal(await problemOf(await inside('image', url)), '422 not-allowed', url);
  assert.equal(peer.asked.length, 0);
});

test('a question that is none is refused', async () => {
  const ask = open();
  for (const url of [
    1,
    null,
    ['https://example.org'],
    `https://example.org/${'x'.repeat(limits.outgoing.urlCharacters)}`,
  ])
    assert.equal(await problemOf(await ask('image', url)), '400 bad-request');
  assert.equal(await problemOf(await ask('image', 'x'.repeat(limits.outside.requestBytes))), '400 bad-request');
});

test('the same picture is fetched once within minutes for an account, and again for another', async (t) => {
  const clock = manualClock(0);
  const peer = await serve(t, (_, response) => response.end(GIF));
  const ask = open({}, clock);
  for (let turn = 0; turn < 3; turn++) assert.equal((await ask('image', peer.url)).status, 200);
  assert.equal(peer.asked.length, 1);
  await ask('image', peer.url, ben);
  assert.equal(peer.asked.length, 2, 'nobody learns from the speed what a colleague looked at');
  clock.advanceMs(limits.outside.keptMs + 1);
  await ask('image', peer.url);
  assert.equal(peer.asked.length, 3);
});

test('an account asks so often an hour and no more; others go on', async (t) => {
  const clock = manualClock(0);
  const peer = await serve(t, (_, response) => response.writeHead(404).end());
  const ask = open({}, clock);
  for (let turn = 0; turn < limits.outside.unsubscribesPerAccountMax; turn++) await ask('unsubscribe', peer.url);
  assert.equal(await problemOf(await ask('unsubscribe', peer.url)), '429 too-many-requests');
  assert.equal(await problemOf(await ask('unsubscribe', peer.url, ben)), '502 refused-there');
  clock.advanceMs(limits.outside.windowMs);
  assert.equal(await problemOf(await ask('unsubscribe', peer.url)), '502 refused-there');
});

test('an account asks for so many pictures at once and no more', async (t) => {
  const waiting: (() => void)[] = [];
  const peer = await serve(t, (_, response) => void waiting.push(() => response.end(GIF)));
  const ask = open();
  const asked = Array.from({ length: limits.outside.atOncePerAccount + 1 }, (_, i) => ask('image', `${peer.url}/${i}`));
  assert.equal(await problemOf(await Promise.race(asked)), '429 too-many-requests');
  while (waiting.length < limits.outside.atOncePerAccount) await new Promise((resolve) => setTimeout(resolve, 5));
  for (const answer of waiting) answer();
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 200).length, limits.outside.atOncePerAccount);
});

test('a list is left with exactly the words of RFC 8058, and a redirect is no success', async (t) => {
  const peer = await serve(t, (_, response) => response.writeHead(202).end('<p>bye'));
  const ask = open();
  const left = await ask('unsubscribe', `${peer.url}/leave?id=77`);
  assert.equal(left.status, 204);
  const [seen] = peer.asked;
  assert.equal(`${seen?.method} ${seen?.url} ${seen?.text}`, 'POST /leave?id=77 List-Unsubscribe=One-Click');
  assert.equal(seen?.headers['content-type'], 'application/x-www-form-urlencoded');
  for (const name of ['cookie', 'referer', 'origin', 'x-forwarded-for']) assert.equal(seen?.headers[name], undefined);
  const moved = await serve(t, (_, response) => response.writeHead(303, { location: '/done' }).end());
  assert.equal(await problemOf(await ask('unsubscribe', moved.url)), '502 refused-there');
  assert.equal(moved.asked.length, 1);
});

test('the shelf holds no more than its bytes, for one account and for all', () => {
  const shelf = new PictureShelf(manualClock(0));
  const bytes = new Uint8Array(limits.outside.pictureBytes);
  const put = (account: AccountId, name: number): void =>
    shelf.put(account, `https://x.test/${name}`, { type: 'image/png', bytes });
  for (let i = 0; i < 10; i++) put(anna, i);
  assert.ok(shelf.bytes <= limits.outside.keptBytesPerAccount);
  assert.ok(shelf.find(anna, 'https://x.test/9') && !shelf.find(anna, 'https://x.test/0'));
  for (let i = 0; i < 40; i++) put(newId<AccountId>(), i);
  assert.ok(shelf.bytes <= limits.outside.keptBytes);
});
