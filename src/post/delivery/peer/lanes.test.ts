// Connections are used again, are not too many, and are given up when the peer is gone.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inShort, openWorld } from './test-world.ts';

test('letters to one destination share a connection, also letters to other domains with the same hosts', async (t) => {
  const zone = {
    'there.test': { MX: [{ priority: 10, exchange: 'mx.there.test' }] },
    'other.test': { MX: [{ priority: 10, exchange: 'mx.there.test' }] },
    'mx.there.test': { A: ['127.0.0.1'] },
  };
  const { send, peer, transport } = await openWorld(t, {}, { zone });
  for (let n = 0; n < 10; n++) await send();
  await send({ domain: 'other.test', recipients: ['x@other.test'] });
  assert.deepEqual([peer.letters.length, peer.connectionsCount, transport.counters.reused], [11, 1, 10]);
});

test('no more connections are open to one destination than may be, and everybody has his turn', async (t) => {
  const { send, peer, transport } = await openWorld(t, { delayMs: 5 }, { connectionsPerDestinationMax: 3 });
  let most = 0;
  const sent = Array.from({ length: 30 }, async () => {
    const outcome = await send();
    most = Math.max(most, transport.connectionsCount);
    return outcome[0]?.kind;
  });
  assert.deepEqual(new Set(await Promise.all(sent)), new Set(['delivered']));
  assert.deepEqual([peer.letters.length, peer.connectionsCount, most], [30, 3, 3]);
});

test('an idle connection that the peer has closed costs nothing: the letter goes over a new one at once', async (t) => {
  const byPeer = await openWorld(t, { answers: { MAIL: (_, count) => (count === 2 ? 'hangUp' : undefined) } });
  assert.equal((await byPeer.send())[0]?.kind, 'delivered');
  assert.deepEqual(inShort(await byPeer.send()), ['delivered 250 2.0.0 none']);
  assert.deepEqual([byPeer.peer.letters.length, byPeer.peer.connectionsCount], [2, 2]);
  const timedOut = await openWorld(t, {
    answers: { MAIL: (_, count) => (count === 2 ? '421 4.4.2 too slow' : undefined) },
  });
  await timedOut.send();
  assert.deepEqual(inShort(await timedOut.send()), ['delivered 250 2.0.0 none']);
});

test('an idle connection is closed politely after a while', async (t) => {
  const { send, peer, transport } = await openWorld(t, {}, { waits: { idleMs: 30 } });
  await send();
  assert.equal(transport.connectionsCount, 1);
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
  assert.equal(transport.connectionsCount, 0);
  assert.equal(peer.lines.at(-1), 'QUIT');
});

test('a refused letter leaves the connection usable for the next one', async (t) => {
  const { send, peer } = await openWorld(t, {
    extensions: ['PIPELINING', 'CHUNKING'],
    answers: { RCPT: (line) => (line.includes('nobody') ? '550 5.1.1 unknown' : undefined) },
  });
  assert.equal((await send({ recipients: ['nobody@there.test'] }))[0]?.kind, 'failed');
  assert.equal((await send())[0]?.kind, 'delivered');
  assert.deepEqual(peer.letters[0]?.recipients, ['ben@there.test']);
  assert.equal(peer.connectionsCount, 1);
  assert.ok(peer.lines.includes('RSET'));
});

test('a connection carries a bounded number of letters', async (t) => {
  const { send, peer } = await openWorld(t, {});
  for (let n = 0; n < 101; n++) await send();
  assert.deepEqual([peer.letters.length, peer.connectionsCount], [101, 2]);
});

test('at the end letters on the wire may finish, waiting ones are put off, and nothing stays open', async (t) => {
  const { send, peer, transport } = await openWorld(t, { delayMs: 20 }, { connectionsPerDestinationMax: 1 });
  const [first, second] = [send(), send()];
  await new Promise((resolve) => {
    setTimeout(resolve, 30);
  });
  await transport[Symbol.asyncDispose]();
  assert.equal((await first)[0]?.kind, 'delivered');
  assert.deepEqual(inShort(await second), ['deferred 0 4.3.2 none']);
  assert.deepEqual(inShort(await send()), ['deferred 0 4.3.2 none']);
  assert.deepEqual([peer.letters.length, transport.connectionsCount], [1, 0]);
});
