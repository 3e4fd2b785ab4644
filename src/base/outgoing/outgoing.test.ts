// The one door for HTTP to the outside: who may be asked, and that a hostile answer costs nothing. Real sockets on loopback.

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createRawServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { startDnsServer } from '../../../test/fakes/dns-server.ts';
import { testCertificate } from '#post/wire/dialogues/test-certificate.ts';
import { systemClock } from '../clock.ts';
import { createDns } from '../dns/dns.ts';
import { err, ok, type Result } from '../result.ts';
import { destinations, type Destinations } from './destinations.ts';
import { exchange } from './exchange.ts';
import {
  createOutgoing,
  type Outgoing,
  type OutgoingAnswer,
  type OutgoingOptions,
  type OutgoingRequest,
} from './outgoing.ts';
import { createResolveName, type ResolveName } from './resolve-name.ts';

const inUse = (kind: keyof Destinations): Destinations[typeof kind] => ({ ...destinations[kind], inUse: true });
const all: Destinations = {
  rspamd: inUse('rspamd'),
  wkd: inUse('wkd'),
  'mta-sts': inUse('mta-sts'),
  'image-proxy': inUse('image-proxy'),
  unsubscribe: inUse('unsubscribe'),
  'tls-report': inUse('tls-report'),
  acme: inUse('acme'),
  'backup-place': inUse('backup-place'),
  relay: inUse('relay'),
  telemetry: inUse('telemetry'),
};
const loopback: ResolveName = () => Promise.resolve(ok(['127.0.0.1']));

function open(options: Partial<OutgoingOptions> = {}): Outgoing {
  return createOutgoing({ resolve: loopback, mayPrivate: true, destinations: all, ...options });
}

function get(url: string, rest: Partial<OutgoingRequest> = {}): OutgoingRequest {
  return { url, method: 'GET', timeoutMs: 2_000, ...rest };
}

async function listen(t: TestContext, server: Server, host = '127.0.0.1', port = 0): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(port, host, resolve);
  });
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return portOf(server.address());
}

function portOf(address: string | AddressInfo | null): number {
  assert.ok(typeof address === 'object' && address !== null, 'a server on a port');
  return address.port;
}

interface Peer {
  readonly port: number;
  readonly asked: readonly IncomingMessage[];
}

async function serve(t: TestContext, answer: RequestListener, host?: string, port?: number): Promise<Peer> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  return { port: await listen(t, server, host, port), asked };
}

/** A peer that says what it likes, in bytes. */
async function say(t: TestContext, talk: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>();
  const server = createRawServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => talk(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  t.after(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return portOf(server.address());
}

function kindOf(answer: Result<OutgoingAnswer, { readonly kind: string }>): string {
  return answer.ok ? `answered ${answer.value.status}` : answer.error.kind;
}

test('an address inside the house is refused in every notation, and nothing connects', async (t) => {
  const peer = await serve(t, (_, response) => response.end('inside'));
  const told: string[] = [];
  const outgoing = open({ mayPrivate: false, onConnection: (_, host) => told.push(host) });
  const hosts = [
    ...'127.0.0.1 127.1 2130706433 0x7f000001 0x7f.1 0177.0.0.1 017700000001 127.0.0.1. 10.0.0.1 172.16.0.1'.split(' '),
    ...'192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 0 224.0.0.1 255.255.255.255 192.0.2.1 [::] [::1]'.split(' '),
    ...'[::ffff:127.0.0.1] [::ffff:7f00:1] [64:ff9b::7f00:1] [2002:7f00:1::] [fe80::1] [fc00::1] [fd00::1]'.split(' '),
    ...'[ff02::1] [2001:db8::1] １２７.0.0.1 127。0。0。1'.split(' '),
  ];
  for (const host of hosts)
    assert.equal(kindOf(await outgoing.request('image-proxy', get(`https://${host}/`))), 'notPublic', host);
  assert.equal(kindOf(await outgoing.request('image-proxy', get('https://inside.test/'))), 'notPublic', 'by name');
  assert.equal(kindOf(await outgoing.request('image-proxy', get(`http://1.1.1.1/`))), 'notHttps');
  assert.equal(kindOf(await outgoing.request('image-proxy', get(`https://1.1.1.1:25/`))), 'badPort');
  assert.deepEqual([told.length, outgoing.connections.size, peer.asked.length], [0, 0, 0]);
  // The twin: with private networks open the same address is reached.
  const opened = await open().request('image-proxy', get(`http://127.1:${peer.port}/`));
  assert.equal(kindOf(opened), 'answered 200');
});

test('of the addresses of a name only those that are public are asked', async (t) => {
  const peer = await serve(t, (_, response) => response.end('inside'));
  const mixed: ResolveName = () => Promise.resolve(ok(['10.1.1.1', '127.0.0.1', 'not an address']));
  const refused = await open({ resolve: mixed, mayPrivate: false }).request('wkd', get('https://mixed.test/'));
  assert.equal(kindOf(refused), 'notPublic');
  // Plain HTTP never goes to a public address, not even in tests.
  const both: ResolveName = () => Promise.resolve(ok(['1.1.1.1', '127.0.0.1']));
  const clear = await open({ resolve: both }).request('wkd', get(`http://mixed.test:${peer.port}/`));
  assert.equal(kindOf(clear), 'answered 200');
  assert.equal(peer.asked[0]?.headers.host, `mixed.test:${peer.port}`);
});

test('a name that resolves differently the second time is still asked at its first address', async (t) => {
  const first = await serve(t, ({ url }, response) => {
    if (url === '/') response.writeHead(302, { location: '/again' });
    response.end('first');
  });
  const second = await serve(t, (_, response) => response.end('second'), '127.0.0.2', first.port);
  let questions = 0;
  const rebinding: ResolveName = () => Promise.resolve(ok([++questions === 1 ? '127.0.0.1' : '127.0.0.2']));
  const url = `http://rebinding.test:${first.port}/`;
  const answer = await open({ resolve: rebinding }).request('wkd', get(url));
  assert.ok(answer.ok);
  assert.equal(Buffer.from(answer.value.body).toString(), 'first');
  assert.deepEqual([questions, first.asked.length, second.asked.length], [1, 2, 0]);
  assert.equal(first.asked[1]?.headers.host, `rebinding.test:${first.port}`);

  // The twin: checked first and resolved again for the connection, it ends where it was never checked.
  questions = 0;
  const checked = await rebinding('rebinding.test');
  const again = await rebinding('rebinding.test');
  assert.ok(checked.ok && again.ok);
  const unpinned = await exchange({
    target: { url: new URL(url), isSecure: false, hostname: 'rebinding.test' },
    addresses: again.value,
    socketPath: undefined,
    method: 'GET',
    headers: {},
    body: undefined,
    bytesMax: 1_000,
    signal: AbortSignal.timeout(2_000),
    trustPem: undefined,
  });
  assert.ok(unpinned.ok);
  assert.equal(Buffer.from(unpinned.value.body).toString(), 'second');
});

test('a redirect is followed on the same host only, three times at most, and not where the kind forbids it', async (t) => {
  const other = await serve(t, (_, response) => response.end('other'));
  const peer = await serve(t, ({ url = '' }, response) => {
    const hops = /^\/hops\/(\d+)$/.exec(url)?.[1];
    const away = new Map([
      ['/off', `http://127.0.0.1:${other.port}/`],
      ['/name', `http://other.test:${other.port}/`],
      ['/scheme', 'file:///etc/passwd'],
      ['/user', `http://a:b@127.0.0.1:${peer.port}/hops/0`],
      ['/self', '/self'],
      ['/slashes', `//127.0.0.1:${other.port}/`],
    ]).get(url);
    if (hops !== undefined && hops !== '0') response.writeHead(301, { location: `/hops/${Number(hops) - 1}` });
    if (away !== undefined) response.writeHead(307, { location: away });
    response.end('here');
  });
  const outgoing = open();
  const ask = async (path: string, rest: Partial<OutgoingRequest> = {}): Promise<string> =>
    kindOf(await outgoing.request('image-proxy', get(`http://127.0.0.1:${peer.port}${path}`, rest)));
  assert.equal(await ask('/hops/3'), 'answered 200');
  assert.equal(await ask('/hops/4'), 'redirected');
  assert.equal(await ask('/hops/1', { redirectsMax: 0 }), 'redirected');
  assert.equal(await ask('/hops/1', { method: 'POST' }), 'redirected');
  assert.equal(await ask('/self'), 'redirected');
  for (const path of ['/off', '/name', '/scheme', '/slashes']) assert.equal(await ask(path), 'redirected', path);
  assert.equal(await ask('/user'), 'badUrl');
  assert.equal(other.asked.length, 0);
  const forbidden = await outgoing.request('mta-sts', get(`http://127.0.0.1:${peer.port}/hops/1`));
  assert.equal(kindOf(forbidden), 'redirected');
});

test('an answer larger than its bound is cut off, announced or not, in its body or its header', async (t) => {
  const peer = await serve(t, ({ url }, response) => {
    if (url === '/announced') response.writeHead(200, { 'content-length': '1001' });
    if (url === '/header') response.setHeader('x-long', 'x'.repeat(20_000));
    response.write('x'.repeat(1_000));
    if (url === '/endless') setInterval(() => response.write('x'.repeat(100_000)), 1).unref();
    else if (url !== '/exact') response.end('x');
    else response.end();
  });
  for (const [path, expected] of [
    ['/exact', 'answered 200'],
    ['/announced', 'tooLarge'],
    ['/more', 'tooLarge'],
    ['/endless', 'tooLarge'],
    ['/header', 'tooLarge'],
  ] as const) {
    const answer = await open().request('wkd', get(`http://127.0.0.1:${peer.port}${path}`, { bytesMax: 1_000 }));
    assert.equal(kindOf(answer), expected, path);
  }
});

test('an answer that does not end, a name that is not answered and a chain of slow hops take no more than the whole time', async (t) => {
  const drip = await serve(t, (_, response) => {
    const timer = setInterval(() => response.write('x'), 10);
    response.on('close', () => clearInterval(timer));
  });
  const mute = await say(t, () => {});
  const hops = await serve(t, (_, response) => {
    setTimeout(() => response.writeHead(302, { location: '/' }).end(), 150);
  });
  const never: ResolveName = () => new Promise(() => {});
  const beganMs = performance.now();
  const answers = await Promise.all([
    open().request('wkd', get(`http://127.0.0.1:${drip.port}/`, { timeoutMs: 200 })),
    open().request('wkd', get(`http://127.0.0.1:${mute}/`, { timeoutMs: 200 })),
    open().request('wkd', get(`http://127.0.0.1:${hops.port}/`, { timeoutMs: 200 })),
    open({ resolve: never }).request('wkd', get('https://mute.test/', { timeoutMs: 200 })),
  ]);
  assert.deepEqual(answers.map(kindOf), ['timeout', 'timeout', 'timeout', 'timeout']);
  assert.ok(performance.now() - beganMs < 1_500, `${performance.now() - beganMs} ms`);
});

test('packed answers, answers that are no HTTP and answers that break off are refused', async (t) => {
  const packed = await serve(t, ({ headers }, response) => {
    response.setHeader('x-asked', String(headers['accept-encoding']));
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(1_000_000)));
  });
  const nonsense = await say(t, (socket) => socket.end('220 mail.test ESMTP\r\n'));
  const broken = await say(t, (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'));
  const other = await say(t, (socket) =>
    socket.end('HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
  );
  for (const port of [packed.port, nonsense, broken, other])
    assert.equal(kindOf(await open().request('wkd', get(`http://127.0.0.1:${port}/`))), 'badAnswer');
  assert.equal(packed.asked[0]?.headers['accept-encoding'], 'identity');
  assert.equal(kindOf(await open().request('wkd', get('http://127.0.0.1:1/'))), 'unreachable');
});

test('a certificate must be valid for the name that was asked, whatever the address', async (t) => {
  const { keyPem, certificatePem } = testCertificate();
  const names: unknown[] = [];
  const server = createSecureServer({ key: keyPem, cert: certificatePem }, ({ socket }, response) => {
    names.push('servername' in socket && socket.servername);
    response.end('safe');
  });
  const port = await listen(t, server);
  const trusting = open({ trustPem: certificatePem });
  assert.equal(kindOf(await trusting.request('wkd', get(`https://siegel.test:${port}/`))), 'answered 200');
  assert.equal(kindOf(await trusting.request('wkd', get(`https://other.test:${port}/`))), 'untrusted');
  assert.equal(kindOf(await trusting.request('wkd', get(`https://127.0.0.1:${port}/`))), 'untrusted');
  assert.equal(kindOf(await open().request('wkd', get(`https://siegel.test:${port}/`))), 'untrusted');
  assert.deepEqual(names, ['siegel.test']);
});

test('nothing is said beyond the question: no cookie, no referrer, one name of program', async (t) => {
  const peer = await serve(t, (_, response) => {
    response.setHeader('set-cookie', 'a=b').setHeader('x-kept', '1').end('ok');
  });
  const outgoing = open();
  const sent = {
    headers: { Accept: 'text/plain' },
    body: Buffer.from('List-Unsubscribe=One-Click'),
    method: 'POST',
  } as const;
  const answer = await outgoing.request('unsubscribe', get(`http://127.0.0.1:${peer.port}/a?b#c`, sent));
  assert.ok(answer.ok);
  assert.deepEqual([answer.value.headers['x-kept'], answer.value.headers['set-cookie']], ['1', undefined]);
  const [asked] = peer.asked;
  assert.deepEqual([asked?.method, asked?.url], ['POST', '/a?b']);
  assert.deepEqual(asked?.headers, {
    accept: 'text/plain',
    'accept-encoding': 'identity',
    connection: 'close',
    'content-length': '26',
    host: `127.0.0.1:${peer.port}`,
    'user-agent': 'Siegel',
  });
  for (const name of ['Cookie', 'user-agent', 'HOST', 'Referer'])
    await assert.rejects(
      outgoing.request('wkd', get('https://a.test', { headers: { [name]: 'x' } })),
      /only the door sets/,
    );
});

test('a local kind speaks to loopback or a unix socket, and to nothing else', async (t) => {
  const peer = await serve(t, (_, response) => response.end('pong'));
  const socketPath = join(tmpdir(), `siegel-outgoing-${process.pid}.sock`);
  const behindSocket = createServer((_, response) => response.end('pong'));
  await new Promise<void>((resolve) => {
    behindSocket.listen(socketPath, resolve);
  });
  t.after(() => behindSocket.close());
  const outgoing = open({ mayPrivate: false, resolve: () => Promise.resolve(err({ kind: 'noAnswer' })) });
  const ask = async (url: string, rest: Partial<OutgoingRequest> = {}): Promise<string> =>
    kindOf(await outgoing.request('rspamd', get(url, rest)));
  assert.equal(await ask(`http://127.0.0.1:${peer.port}/`), 'answered 200');
  assert.equal(await ask('http://127.0.0.1/', { socketPath }), 'answered 200');
  for (const host of ['192.168.0.1', '1.1.1.1', 'localhost', '[::ffff:127.0.0.1]', '0.0.0.0'])
    assert.equal(await ask(`http://${host}:11333/`), 'notLocal', host);
  await assert.rejects(outgoing.request('wkd', get('https://a.test', { socketPath })), /unix socket is local/);
  assert.equal(outgoing.connections.get('rspamd'), 2);
});

test('a kind that the public list calls unused cannot be used, and every connection is counted under its kind', async (t) => {
  const peer = await serve(t, ({ url }, response) => {
    if (url === '/') response.writeHead(302, { location: '/b' });
    response.end();
  });
  const told: string[] = [];
  const outgoing = open({ onConnection: (kind, host) => told.push(`${kind} ${host}`) });
  await outgoing.request('wkd', get(`http://a.test:${peer.port}/`));
  assert.deepEqual(told, ['wkd a.test', 'wkd a.test']);
  assert.deepEqual([...outgoing.connections], [['wkd', 2]]);
  const unused = open({ destinations: { ...all, wkd: { ...all.wkd, inUse: false } } });
  await assert.rejects(unused.request('wkd', get('https://a.test/')), /unused/);
});

test('names come from the name servers that were given, and one that is not there is told from one that cannot be asked', async (t) => {
  const dns = await startDnsServer({
    'both.test': { A: ['192.0.2.1'], AAAA: ['2001:db8::1'] },
    'six.test': { AAAA: ['2001:db8::2'] },
    'broken.test': 'servfail',
    'mail.test': { MX: [{ priority: 1, exchange: 'both.test' }] },
  });
  t.after(() => dns.close());
  const resolve = createResolveName(createDns(systemClock, { servers: [dns] }));
  const both = await resolve('both.test');
  assert.deepEqual(both.ok && both.value, ['192.0.2.1', '2001:db8::1']);
  const six = await resolve('six.test');
  assert.deepEqual(six.ok && six.value, ['2001:db8::2']);
  const kinds = await Promise.all(['gone.test', 'mail.test', 'broken.test'].map((name) => resolve(name)));
  assert.deepEqual(
    kinds.map((answer) => !answer.ok && answer.error.kind),
    ['noSuchHost', 'noSuchHost', 'noAnswer'],
  );
  const refused = await open({ resolve }).request('wkd', get('https://gone.test/'));
  assert.equal(kindOf(refused), 'noSuchHost');
});

test('every row of the public list says what leaves and when', () => {
  for (const [kind, row] of Object.entries(destinations))
    for (const text of [row.purpose, row.sends, row.when]) assert.match(text, /^[A-Z][^]{20,}\.$/, kind);
});
