// Sealed summaries, items, pages, segments and the cache manifest (capability urn:siegel:params:jmap:sealed).

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newId, type ItemId, type LetterId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { list, jmapHouse, text, texts, type Arguments, type Json, type Person } from './test-house.ts';

const house = await jmapHouse();
let anna: Person;
beforeEach(async () => {
  anna = await house.signUp();
});

const errorOf = (set: Json, kind: string, id: string): unknown => set[kind]?.[id]?.['type'];

test('summaries come as the door sealed them; terms only when asked for', async () => {
  const ids = [await house.deliver(anna), await house.deliver(anna)];
  const got = await house.call(anna, 'SealedSummary/get', { ids: [...ids, newId<LetterId>()] });
  assert.deepEqual(
    list(got['list']).map((summary) => summary['id']),
    ids,
  );
  assert.equal(list(got['notFound']).length, 1);
  for (const summary of list(got['list'])) {
    assert.deepEqual(Object.keys(summary).toSorted(), ['id', 'summary', 'version']);
    assert.equal(Buffer.from(text(summary['summary']), 'base64url').length, 256);
  }
  const [terms] = list((await house.call(anna, 'SealedSummary/get', { ids: [ids[0]], properties: ['terms'] }))['list']);
  assert.equal(Buffer.from(text(terms?.['terms']), 'base64url').length, 300);
  const many = Array.from({ length: limits.jmap.termsInGet + 1 }, () => newId<LetterId>());
  assert.equal(await house.error(anna, 'SealedSummary/get', { ids: many, properties: ['terms'] }), 'requestTooLarge');
  assert.equal(await house.error(anna, 'SealedSummary/get', {}), 'requestTooLarge');
  assert.equal(await house.error(anna, 'SealedSummary/get', { ids: [], properties: ['plain'] }), 'invalidArguments');
});

test('a rebuilt summary replaces the first one once, and a second client with the same version is told', async () => {
  const id = await house.deliver(anna);
  const state = text((await house.call(anna, 'Email/get', { ids: [] }))['state']);
  const update = { [id]: { version: 1, summary: 'AAEC', terms: 'AwQF' } };
  const set = await house.call(anna, 'SealedSummary/set', { update });
  assert.deepEqual(set['updated'], { [id]: null });
  const properties = ['version', 'summary', 'terms'];
  const [now] = list((await house.call(anna, 'SealedSummary/get', { ids: [id], properties }))['list']);
  assert.deepEqual(now, { id, version: 1, summary: 'AAEC', terms: 'AwQF' });
  const changes = await house.call(anna, 'Email/changes', { sinceState: state });
  assert.deepEqual(changes['updated'], [id]);
  const again = await house.call(anna, 'SealedSummary/set', { update });
  assert.equal(errorOf(again, 'notUpdated', id), 'versionMismatch');
});

test('summaries are neither made nor destroyed, and wrong ones are refused', async () => {
  const id = await house.deliver(anna);
  const set = await house.call(anna, 'SealedSummary/set', {
    create: { c: { summary: 'AA' } },
    destroy: [id],
    update: { gone: { version: 1, summary: 'AA' }, [id]: { version: 1, summary: '!' } },
  });
  assert.equal(errorOf(set, 'notCreated', 'c'), 'forbidden');
  assert.equal(errorOf(set, 'notDestroyed', id), 'forbidden');
  assert.equal(errorOf(set, 'notUpdated', 'gone'), 'notFound');
  assert.equal(errorOf(set, 'notUpdated', id), 'invalidProperties');
  const large = { version: 1, summary: 'A'.repeat(limits.jmap.sealedSummaryBytes * 2) };
  const tooLarge = await house.call(anna, 'SealedSummary/set', { update: { [id]: large } });
  assert.equal(errorOf(tooLarge, 'notUpdated', id), 'tooLarge');
});

const item = (args: Arguments): Promise<Json> =>
  house.call(anna, 'SealedItem/set', { collection: 'settings', ...args });

test('an item is made under the id its client chose, changed version by version, and removed', async () => {
  const id = newId<ItemId>();
  const made = await item({ create: { a: { id, sealed: 'AAEC' } } });
  assert.deepEqual(made['created'], { a: { id, collection: 'settings', version: 1 } });
  await item({ update: { [id]: { version: 2, sealed: 'BBBB' } } });
  const lost = await item({ update: { [id]: { version: 2, sealed: 'CCCC' } } });
  assert.equal(errorOf(lost, 'notUpdated', id), 'versionMismatch');
  const got = await house.call(anna, 'SealedItem/get', { collection: 'settings', ids: null });
  assert.deepEqual(list(got['list']), [{ id, collection: 'settings', version: 2, sealed: 'BBBB' }]);
  assert.deepEqual((await item({ destroy: [id] }))['destroyed'], [id]);
  const gone = await house.call(anna, 'SealedItem/get', { collection: 'settings', ids: [id] });
  assert.deepEqual(gone['notFound'], [id]);
  const reused = await item({ create: { a: { id, sealed: 'AAEC' } } });
  assert.equal(errorOf(reused, 'notCreated', 'a'), 'invalidProperties');
});

test('each wrong item is refused alone', async () => {
  const id = newId<ItemId>();
  const fine = newId<ItemId>();
  const set = await item({
    create: {
      fine: { id: fine, sealed: 'AAEC' },
      noId: { sealed: 'AAEC' },
      badId: { id: 'short', sealed: 'AAEC' },
      clear: { id, sealed: 'not base64!' },
      late: { id, sealed: 'AAEC', version: 2 },
      more: { id, sealed: 'AAEC', name: 'clear' },
    },
    update: { [id]: { version: 2, sealed: 'AA' } },
    destroy: ['gone'],
  });
  assert.deepEqual(Object.keys(set['created'] ?? {}), ['fine']);
  for (const name of ['noId', 'badId', 'clear', 'late', 'more']) {
    assert.equal(errorOf(set, 'notCreated', name), 'invalidProperties', name);
  }
  assert.equal(errorOf(set, 'notUpdated', id), 'notFound');
  assert.equal(errorOf(set, 'notDestroyed', 'gone'), 'notFound');
  for (const collection of ['', 'Upper', 'a'.repeat(99), 7, undefined]) {
    assert.equal(await house.error(anna, 'SealedItem/get', { collection }), 'invalidArguments');
  }
});

test('changes of items are told by collection', async () => {
  const state = text((await house.call(anna, 'SealedItem/get', { collection: 'contacts' }))['state']);
  const [a, b] = [newId<ItemId>(), newId<ItemId>()];
  await house.call(anna, 'SealedItem/set', { collection: 'contacts', create: { a: { id: a, sealed: 'AAAA' } } });
  await house.call(anna, 'SealedItem/set', { collection: 'drafts', create: { b: { id: b, sealed: 'AAAA' } } });
  const since = { sinceState: state };
  const contacts = await house.call(anna, 'SealedItem/changes', { collection: 'contacts', ...since });
  assert.deepEqual([contacts['created'], contacts['destroyed']], [[a], []]);
  const drafts = await house.call(anna, 'SealedItem/changes', { collection: 'drafts', ...since });
  assert.deepEqual(drafts['created'], [b]);
  const query = await house.call(anna, 'SealedItem/query', { collection: 'drafts', calculateTotal: true });
  assert.deepEqual([texts(query['ids']), query['total']], [[b], 1]);
  const wrong = { collection: 'drafts', sinceState: 'x' };
  assert.equal(await house.error(anna, 'SealedItem/changes', wrong), 'cannotCalculateChanges');
});

test('pages and segments are kept, downloaded as bytes, and destroyed; their bytes never change', async () => {
  const letter = await house.deliver(anna);
  for (const type of ['SealedPage', 'SearchSegment']) {
    const id = newId<ItemId>();
    const made = await house.call(anna, `${type}/set`, {
      create: { p: { id, sealed: 'AAECAwQF', letterIds: [letter] } },
    });
    const blobId = text(made['created']?.['p']?.['blobId']);
    assert.equal((await house.call(anna, `${type}/get`, { ids: [] }))['state'], made['newState']);
    const [row] = list((await house.call(anna, `${type}/get`, { properties: ['size', 'sealed'] }))['list']);
    assert.deepEqual(row, { id, size: 6, sealed: 'AAECAwQF' });
    const bytes = await (await house.fetch(anna, `/jmap/download/${anna.id}/${blobId}/x`)).bytes();
    assert.deepEqual([...bytes], [0, 1, 2, 3, 4, 5]);
    const set = await house.call(anna, `${type}/set`, { update: { [id]: { sealed: 'AAAA' }, gone: {} } });
    assert.equal(errorOf(set, 'notUpdated', id), 'forbidden');
    assert.equal(errorOf(set, 'notUpdated', 'gone'), 'notFound');
    assert.deepEqual((await house.call(anna, `${type}/query`))['ids'], [id]);
    assert.deepEqual((await house.call(anna, `${type}/set`, { destroy: [id] }))['destroyed'], [id]);
    assert.deepEqual((await house.call(anna, `${type}/query`))['ids'], []);
    assert.equal((await house.fetch(anna, `/jmap/download/${anna.id}/${blobId}/x`)).status, 404);
  }
});

test('a page can be made from an upload', async () => {
  const upload = await house.fetch(anna, `/jmap/upload/${anna.id}`, { method: 'POST', body: Buffer.from('sealed') });
  const { blobId } = (await upload.json()) as { blobId: string };
  const create = {
    p: { id: newId<ItemId>(), blobId, letterIds: [] },
    q: { id: newId<ItemId>(), blobId: 'U-x', letterIds: [] },
  };
  const set = await house.call(anna, 'SealedPage/set', { create });
  assert.equal(errorOf(set, 'notCreated', 'q'), 'blobNotFound');
  const [page] = list((await house.call(anna, 'SealedPage/get', { properties: ['sealed'] }))['list']);
  assert.equal(Buffer.from(text(page?.['sealed']), 'base64url').toString(), 'sealed');
});

test('a page that names a letter that is unknown, removed or mortal is refused', async () => {
  const fine = await house.deliver(anna);
  const removed = await house.deliver(anna);
  const mortal = await house.deliver(anna, { expiresMs: Date.now() + 3_600_000 });
  await house.call(anna, 'Email/set', { destroy: [removed] });
  for (const letter of [newId<LetterId>(), removed, mortal, 'nonsense']) {
    const create = { p: { id: newId<ItemId>(), sealed: 'AAAA', letterIds: [fine, letter] } };
    const set = await house.call(anna, 'SealedPage/set', { create });
    assert.equal(errorOf(set, 'notCreated', 'p'), 'invalidProperties', letter);
  }
});

test('of two clients that replace the cache manifest at once, exactly one does', async () => {
  const put = (sealed: string): Promise<Json> =>
    house.call(anna, 'CacheManifest/set', { update: { singleton: { counter: 1, sealed } } });
  const sets = await Promise.all([put('AAAA'), put('BBBB'), put('CCCC')]);
  assert.equal(sets.filter((set) => errorOf(set, 'notUpdated', 'singleton') === 'versionMismatch').length, 2);
  const [manifest] = list((await house.call(anna, 'CacheManifest/get'))['list']);
  const winner = ['AAAA', 'BBBB', 'CCCC'][sets.findIndex((set) => set['updated'] !== null)];
  assert.deepEqual(manifest, { id: 'singleton', counter: 1, sealed: winner });
  const wrong = await house.call(anna, 'CacheManifest/set', {
    create: { c: {} },
    destroy: ['singleton'],
    update: { other: { counter: 2, sealed: 'AAAA' } },
  });
  assert.equal(errorOf(wrong, 'notCreated', 'c'), 'singleton');
  assert.equal(errorOf(wrong, 'notDestroyed', 'singleton'), 'singleton');
  assert.equal(errorOf(wrong, 'notUpdated', 'other'), 'notFound');
});
