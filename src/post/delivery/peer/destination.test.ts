// Where a letter goes: mail hosts in order, the next one when one fails, never round in a circle, never into a private network.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startHostilePeer } from '../../../../test/fakes/hostile-peer.ts';
import { inShort, openWorld } from './test-world.ts';

const mx = (...hosts: readonly string[]): { MX: { priority: number; exchange: string }[] } => ({
  MX: hosts.map((exchange, at) => ({ priority: 10 * (at + 1), exchange })),
});

test('what DNS says about a domain decides: no mail, no such domain, no answer, the domain itself', async (t) => {
  const { send, peer, settled } = await openWorld(
    t,
    {},
    {
      zone: {
        'null.test': mx(''),
        'broken.test': 'servfail',
        'implicit.test': { A: ['127.0.0.1'] },
        'empty.test': { TXT: ['x'] },
        'lost.test': mx('mx.lost.test'),
        'own.test': mx('mx.siegel.test'),
        'backup.test': mx('127-0-0-1.test', 'mx.siegel.test', 'worse.test'),
        '127-0-0-1.test': { A: ['127.0.0.1'] },
      },
      ownHosts: new Set(['mx.siegel.test']),
    },
  );
  const to = async (domain: string): Promise<string> =>
    (await send({ domain, recipients: [`x@${domain}`] })).map(({ kind, enhanced }) => `${kind} ${enhanced}`).join();
  assert.equal(await to('null.test'), 'failed 5.1.10');
  assert.equal(await to('nowhere.test'), 'failed 5.1.2');
  assert.equal(await to('broken.test'), 'deferred 4.4.3');
  assert.equal(await to('empty.test'), 'deferred 4.4.4');
  assert.equal(await to('lost.test'), 'deferred 4.4.4');
  assert.equal(await to('own.test'), 'failed 5.4.6');
  assert.equal(peer.connectionsCount, 0);
  assert.deepEqual(
    settled.map(({ address }) => address),
    ['x@null.test', 'x@nowhere.test', 'x@own.test'],
    'the queue hears of what was decided without a peer',
  );
  assert.equal(await to('implicit.test'), 'delivered 2.0.0');
  assert.equal(await to('backup.test'), 'delivered 2.0.0');
});

test('without leave nothing goes to a private address or to an address literal; with it both do', async (t) => {
  const zone = {
    'there.test': mx('mx.there.test'),
    'mx.there.test': { A: ['127.0.0.1', '10.0.0.1'], AAAA: ['fd00::1'] },
  };
  const { send, peer } = await openWorld(t, {}, { zone, mayPrivate: false });
  const literal = { domain: '[127.0.0.1]', recipients: ['x@[127.0.0.1]'] };
  assert.deepEqual(inShort(await send()), ['failed 0 5.4.4 none']);
  assert.deepEqual(inShort(await send(literal)), ['failed 0 5.1.2 none']);
  assert.equal(peer.connectionsCount, 0);
  const open = await openWorld(t, {}, { zone: { ...zone, 'mx.there.test': { A: ['127.0.0.1'] } } });
  assert.equal((await open.send())[0]?.kind, 'delivered');
  assert.equal((await open.send(literal))[0]?.kind, 'delivered');
});

test('the next host takes what the first one cannot, and an address that is dead is not asked again soon', async (t) => {
  const zone = {
    'there.test': mx('mx1.there.test', 'mx2.there.test'),
    'mx1.there.test': { A: ['127.0.0.2'] },
    'mx2.there.test': { A: ['127.0.0.1'] },
  };
  const refused = await openWorld(t, {}, { zone, waits: { idleMs: 0 } });
  assert.deepEqual(inShort(await refused.send()), ['delivered 250 2.0.0 none']);
  const connections = refused.transport.counters.connections;
  assert.equal(connections, 2);
  for (const answers of [
    { CONNECT: '421 4.3.2 full' },
    { CONNECT: '554 no' },
    { MAIL: '451 4.3.0 sick' },
    { RCPT: '450 4.2.0 grey' },
    { DOT: '452 4.3.1 disk' },
  ]) {
    const second = await openWorld(t, { extensions: ['PIPELINING'] }, { zone });
    await using first = await startHostilePeer({ extensions: ['PIPELINING'], answers }, '127.0.0.2', second.peer.port);
    assert.deepEqual(inShort(await second.send()), ['delivered 250 2.0.0 none'], JSON.stringify(answers));
    assert.deepEqual([first.letters.length, second.peer.letters.length], [0, 1]);
  }
  const second = await openWorld(t, {}, { zone });
  await using first = await startHostilePeer({ answers: { RCPT: '550 5.1.1 unknown' } }, '127.0.0.2', second.peer.port);
  assert.deepEqual(inShort(await second.send()), ['failed 550 5.1.1 none'], '"never" is not asked twice');
  assert.deepEqual([first.connectionsCount, second.peer.connectionsCount], [1, 0]);
});

test('recipients that one host puts off are tried at the next, the others are not sent twice', async (t) => {
  const zone = {
    'there.test': mx('mx1.there.test', 'mx2.there.test'),
    'mx1.there.test': { A: ['127.0.0.2'] },
    'mx2.there.test': { A: ['127.0.0.1'] },
  };
  const second = await openWorld(t, {}, { zone });
  const grey = { RCPT: (line: string) => (line.includes('eva') ? '451 4.7.1 grey' : undefined) };
  await using first = await startHostilePeer({ answers: grey }, '127.0.0.2', second.peer.port);
  const outcomes = await second.send({ recipients: ['ben@there.test', 'eva@there.test'] });
  assert.deepEqual(inShort(outcomes), ['delivered 250 2.0.0 none', 'delivered 250 2.0.0 none']);
  assert.deepEqual(first.letters[0]?.recipients, ['ben@there.test']);
  assert.deepEqual(second.peer.letters[0]?.recipients, ['eva@there.test']);
});

test('a domain in other letters is asked for, and written, in its ASCII form', async (t) => {
  const zone = { 'xn--mller-kva.test': mx('mx.there.test'), 'mx.there.test': { A: ['127.0.0.1'] } };
  const { send, peer } = await openWorld(t, { extensions: ['PIPELINING'] }, { zone });
  assert.equal((await send({ domain: 'müller.test', recipients: ['ben@müller.test'] }))[0]?.kind, 'delivered');
  assert.ok(peer.lines.includes('RCPT TO:<ben@xn--mller-kva.test>'));
});
