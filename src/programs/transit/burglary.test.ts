// What a burglar finds of a document that went through: nothing on disk, nothing in the store, nothing in the room’s next process; and the search is not blind.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '#base/log/log.ts';
import { redisSkip, startRedis } from '../../../test/suites/transit-store/redis-server.ts';
import { tryBurglary } from './burglary.ts';
import { openStoreBurglar } from './burgle-store.ts';
import { formsOf } from './search-memory.ts';

const TINY = new URL('../../../test/transit/tiny-room.ts', import.meta.url);
const FORGETFUL = new URL('../../../test/transit/forgetful-room.ts', import.meta.url);
const skip = redisSkip ?? false;
const place = { domain: 'siegel.test', transitAccept: ['swap', 'piped-cores'], dataDir: '/nonexistent' } as const;

test('a marked document leaves no trace that the search would find, and the search finds the mark where it is', async (t) => {
  const tried = await tryBurglary(place, silentLog, { entry: TINY, flags: [] });
  assert.ok(tried.ok, JSON.stringify(tried));
  t.diagnostic(JSON.stringify(tried.value));
  const { inStore, onDisk, inLivingMemory, inMemory, control } = tried.value;
  assert.deepEqual([inStore, onDisk, inLivingMemory, inMemory], [0, 0, 0, 0]);
  assert.equal(control.onDisk, 1);
  assert.ok(control.inMemory >= 1);
  assert.ok(control.unwiped > 100, 'a room that does not wipe holds it');
});

test(
  'a store outside took the documents and holds nothing of them, nor do its server’s memory and folder; what is left or open there is found',
  { skip },
  async (t) => {
    using server = await startRedis();
    const tried = await tryBurglary({ ...place, store: server.place }, silentLog, { entry: TINY, flags: [] });
    assert.ok(tried.ok, JSON.stringify(tried));
    t.diagnostic(JSON.stringify(tried.value));
    const { inStore, onDisk, outside, control } = tried.value;
    assert.deepEqual([inStore, onDisk], [0, 0]);
    assert.ok(outside !== undefined && outside.puts >= 4, 'the order, the document, the report and the result');
    const { keys, unread, left, marked, inMemory } = outside;
    assert.deepEqual({ keys, unread, left, marked, inMemory }, { keys: 0, unread: 0, left: 0, marked: 0, inMemory: 0 });
    assert.equal(outside.onDisk?.hits, 0, 'its folder was looked at');
    assert.deepEqual([control.outside?.left, control.outside?.marked], [2, 1]);
    assert.ok((control.outside?.inMemory ?? 0) > 0);
    assert.equal(await server.command('DBSIZE'), 0, 'the burglar leaves nothing');
  },
);

test('a room that does not erase in the store, and says that it did, is found out', { skip }, async () => {
  using server = await startRedis();
  const tried = await tryBurglary({ ...place, store: server.place }, silentLog, { entry: FORGETFUL, flags: [] });
  assert.ok(tried.ok, JSON.stringify(tried));
  assert.ok((tried.value.outside?.left ?? 0) >= 4);
  assert.equal(tried.value.inStore, tried.value.outside?.left);
  assert.equal(tried.value.outside?.marked, 0, 'all of it sealed');
});

test('keys of others, a mark among them, and a copy on the server’s disk are found', { skip }, async () => {
  using server = await startRedis();
  const mark = 'Mark of a document';
  const opened = await openStoreBurglar(server.place, silentLog, { key: new Uint8Array(32), mark });
  assert.ok(opened.ok);
  await using burglar = opened.value;
  await server.command('SET', `of-others ${mark}`, 'x');
  await server.command('SET', 'siegel-transit:other', mark);
  await server.command('SAVE');
  const looked = await burglar.look();
  assert.ok(looked.ok);
  const { keys, unread, left, marked, onDisk, inMemory } = looked.value;
  assert.deepEqual({ keys, unread, left, marked }, { keys: 2, unread: 1, left: 0, marked: 2 });
  assert.equal(onDisk?.hits, 1, 'dump.rdb');
  assert.ok((inMemory ?? 0) >= 2);
});

test('a text is searched for as it is, as UTF-16, and as base64 wherever it begins', () => {
  const text = 'Aktenzeichen 4711/26';
  for (const before of ['', 'x', 'xy', 'xyz']) {
    const coded = Buffer.from(Buffer.from(`${before}${text} and more`).toString('base64'));
    assert.ok(
      formsOf(text).some((form) => coded.includes(form)),
      before,
    );
  }
  assert.ok(formsOf(text).some((form) => Buffer.from(`a${text}`, 'utf16le').includes(form)));
});
