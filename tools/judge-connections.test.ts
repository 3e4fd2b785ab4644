// What is said at the end of a test run about connections: that it can find one, by whatever way and in whichever process it begins.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import {
  joinThreads,
  judgeConnections,
  placesJudged,
  sayConnections,
  startRecording,
  type NotedConnection,
} from './judge-connections.ts';
import { OPENERS } from './tidy/socket-rules.ts';

const SIEGEL = '/srv/siegel/src/programs/siegel.ts';

function noted(place: string, to: string, rest: Partial<NotedConnection> = {}): NotedConnection {
  return { how: 'tcp', to, places: [`/srv/siegel/${place}:12`], main: SIEGEL, ...rest };
}

test('every place that may open a connection is judged', () => {
  assert.deepEqual(
    [...OPENERS.keys()].filter((place) => !placesJudged.has(place)),
    [],
  );
});

const EXCHANGE = 'src/base/outgoing/exchange.ts';
const PG = 'node_modules/pg/lib/connection.js';
const STORE = 'node_modules/@redis/client/dist/lib/client/socket.js:1';
const LISTED: readonly (readonly [string, NotedConnection])[] = [
  ['wkd', noted(EXCHANGE, '192.0.2.1:443', { kind: 'wkd' })],
  ['rspamd', noted(EXCHANGE, '127.0.0.1:11333', { kind: 'rspamd' })],
  ['rspamd', noted(EXCHANGE, '/run/rspamd.sock', { kind: 'rspamd', how: 'unix' })],
  ['dns', noted('src/base/dns/dns.ts', '192.0.2.53', { how: 'names' })],
  ['dns', noted('', '192.0.2.53', { how: 'names', places: ['data::99'] })],
  ['delivery or smarthost', noted('src/post/delivery/peer/wire.ts', '192.0.2.25:25')],
  ['database', noted(PG, '/srv/data/postgres/run/.s.PGSQL.5432', { how: 'unix' })],
  ['database', noted(PG, '192.0.2.2:5432')],
  ['documents', noted(STORE, '/run/store/redis.sock', { how: 'unix' })],
  ['documents', noted(STORE, '192.0.2.2:6379')],
  ['page', noted('src/web/client/jar-fetch.ts', '127.0.0.1:8080')],
  ['the operator’s socket', noted('src/programs/operator-socket.ts', '/srv/data/siegel.sock', { how: 'unix' })],
];

test('what is on the public list is counted by its kind', () => {
  for (const [kind, connection] of LISTED)
    assert.deepEqual(judgeConnections([connection]), { kinds: new Map([[kind, 1]]), ofTests: 0, strangers: [] });
  const said = sayConnections(judgeConnections(LISTED.map(([, connection]) => connection)));
  assert.equal(said.isWell, true);
  assert.match(said.text, /^connections: 12 from the program, all in the egress list \(database 2, delivery /);
});

const STRANGE: readonly (readonly [string, NotedConnection])[] = [
  ['a place that is not on the list', noted('src/office/api/http-server.ts', '192.0.2.1:443')],
  ['HTTP for nothing of the list', noted(EXCHANGE, '192.0.2.1:443', { kind: 'weather' })],
  ['HTTP that does not say what for', noted(EXCHANGE, '192.0.2.1:443')],
  ['a kind that comes in', noted(EXCHANGE, '192.0.2.1:443', { kind: 'page' })],
  ['a local kind that leaves', noted(EXCHANGE, '192.0.2.1:11333', { kind: 'rspamd' })],
  ['a sealing thread with a connection', noted('', '192.0.2.1:443', { places: ['data::99'] })],
  ['the database’s library at a socket of another', noted(PG, '/run/other.sock', { how: 'unix' })],
  ['a library of the program', noted('node_modules/pino/lib/x.js', '192.0.2.1:443')],
  ['an operator’s question to another socket', noted('src/programs/operator-socket.ts', '/run/x', { how: 'unix' })],
  ['a person’s command to another house', noted('src/web/client/jar-fetch.ts', '192.0.2.1:443')],
  ['nobody’s code', noted('', '192.0.2.1:443', { places: [] })],
];

for (const [what, connection] of STRANGE)
  test(`it is found: ${what}`, () => {
    const said = sayConnections(judgeConnections([...LISTED.map(([, listed]) => listed), connection]));
    assert.equal(said.isWell, false);
    assert.match(said.text, new RegExp(`connects to ${connection.to.replaceAll('.', '\\.')} `));
  });

test('a whole run in which nothing was heard is no proof', () => {
  assert.equal(sayConnections(judgeConnections([]), false).isWell, false);
  assert.equal(sayConnections(judgeConnections([])).isWell, true);
});

test('what tests do themselves is no connection of the program', () => {
  const own = [
    noted('test/fakes/hostile-peer.ts', '127.0.0.1:9'),
    noted('src/post/reception/dialogues/test-rspamd.ts', '127.0.0.1:9'),
    noted('node_modules/playwright-core/x.js', '127.0.0.1:9', { main: '/srv/siegel/test/journeys/page.test.ts' }),
    noted('', '127.0.0.1:9', {
      places: [`/x/${EXCHANGE}:80`, '/x/src/base/outgoing/outgoing.test.ts:9'],
      main: '/x/src/base/outgoing/outgoing.test.ts',
    }),
  ];
  assert.deepEqual(judgeConnections(own), { kinds: new Map(), ofTests: own.length, strangers: [] });
});

test('a thread is of the program that began it, and half a line of a killed one is no line', () => {
  const main = '{"main":"/srv/siegel/src/programs/siegel.ts","pid":7,"thread":0}\n';
  const thread = '{"main":"","pid":7,"thread":2}\n{"places":["/a:1"]}\n{"how":"tcp","to":"192.0.2.1:1","at":0}\n{"how"';
  assert.deepEqual(joinThreads([thread, main]), [
    { how: 'tcp', to: '192.0.2.1:1', kind: undefined, places: ['/a:1'], main: SIEGEL },
  ]);
});

/** Stands in for a file of the program that connects although the list has nothing of it. */
const IN_DISGUISE = `
import { createConnection, Socket } from 'node:net';
import { createSocket } from 'node:dgram';
import { get } from 'node:http';
import { connect as connectTls } from 'node:tls';
import { Resolver, lookup } from 'node:dns/promises';
export const ways = {
  socket: () => createConnection(1, '127.0.0.1').on('error', () => undefined),
  'own socket': () => new Socket().on('error', () => undefined).connect({ port: 2, host: '127.0.0.1' }),
  'unix socket': () => createConnection('/nowhere').on('error', () => undefined),
  tls: () => connectTls(3, '127.0.0.1').on('error', () => undefined),
  http: () => get('http://127.0.0.1:4/').on('error', () => undefined),
  fetch: () => fetch('http://127.0.0.1:5555/').catch(() => undefined),
  datagram: () => { const one = createSocket('udp4'); one.send('x', 6, '127.0.0.1', () => one.close()); },
  name: () => { const one = new Resolver({ timeout: 1, tries: 1 }); one.setServers(['127.0.0.1:7']); one.resolveMx('a.test').catch(() => undefined); },
  lookup: () => lookup('localhost'),
};
`;
const SEEN = ['1', '2', '/nowhere', '3', '4', '5555', '6', '7', 'the machine'];

const BEGINS = `
import { spawn, spawnSync } from 'node:child_process';
import { Worker, isMainThread } from 'node:worker_threads';
import { ways } from '../office/api/http-server.ts';
const [, self, inward] = process.argv;
if (isMainThread && inward === undefined) {
  new Worker(new URL(import.meta.url));
  spawn(process.execPath, [self, 'spawned'], { env: {}, stdio: 'inherit' });
  spawnSync(process.execPath, [self, 'spawned'], { env: {}, stdio: 'inherit' });
}
for (const way of Object.values(ways)) way();
`;

function plant(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'siegel-planted-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test('a program that connects elsewhere is found by every way, in its threads and in its children', (t) => {
  const folder = plant(t, {
    'package.json': '{"type":"module"}',
    'src/office/api/http-server.ts': IN_DISGUISE,
    'src/programs/siegel.ts': BEGINS,
  });
  using recording = startRecording();
  const ran = spawnSync(process.execPath, [join(folder, 'src/programs/siegel.ts')], {
    encoding: 'utf8',
    env: { NODE_OPTIONS: recording.flag },
  });
  assert.equal(ran.status, 0, ran.stderr);
  const connections = recording.read();
  for (const to of SEEN) {
    const found = connections.filter((one) => one.to === to || one.to.endsWith(`:${to}`));
    assert.equal(found.length, 4, `${to}: main, thread, spawned, spawned and waited for`);
  }
  const said = sayConnections(judgeConnections(connections));
  assert.equal(said.isWell, false);
  assert.match(said.text, /src\/office\/api\/http-server\.ts:\d+ connects to 127\.0\.0\.1:5555 \(tcp\)/);
});

test('without the recorder nothing is heard: the twin', (t) => {
  const folder = plant(t, {
    'package.json': '{}',
    'begin.test.ts': 'fetch("http://127.0.0.1:5555/").catch(() => 0);',
  });
  using recording = startRecording();
  const begin = (flag: string): number => {
    spawnSync(process.execPath, [join(folder, 'begin.test.ts')], { env: { NODE_OPTIONS: flag } });
    return recording.read().length;
  };
  assert.equal(begin(''), 0);
  assert.equal(begin(recording.flag), 1);
});
