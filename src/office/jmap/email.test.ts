// Letters over JMAP: what is shown, asked, changed, and every refusal (RFC 8621 §4).

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newId, type LetterId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { list, jmapHouse, text, texts, type Arguments, type Json, type Person } from './test-house.ts';

const house = await jmapHouse();
let anna: Person;
beforeEach(async () => {
  anna = await house.signUp();
});

async function email(id: string, properties?: readonly string[]): Promise<Json> {
  const got = await house.call(anna, 'Email/get', { ids: [id], ...(properties ? { properties } : {}) });
  const [found] = list(got['list']);
  assert.ok(found);
  return found;
}

async function query(args: Arguments): Promise<readonly string[]> {
  return texts((await house.call(anna, 'Email/query', args))['ids']);
}

async function mailbox(id: string): Promise<Json> {
  const [found] = list((await house.call(anna, 'Mailbox/get', { ids: [id] }))['list']);
  assert.ok(found);
  return found;
}

test('a sealed letter shows its outside and nothing of its inside', async () => {
  const id = await house.deliver(anna, { receivedMs: Date.UTC(2026, 2, 5, 6, 7, 8), keywords: ['$flagged'] });
  const shown = await email(id);
  assert.equal(shown['subject'], '[...]');
  assert.equal(shown['preview'], '');
  assert.equal(shown['hasAttachment'], false);
  assert.equal(shown['threadId'], id);
  assert.equal(shown['receivedAt'], '2026-03-05T06:07:08Z');
  assert.equal(shown['sentAt'], '2026-03-05T00:00:00Z');
  assert.deepEqual(shown['keywords'], { $flagged: true });
  assert.deepEqual(shown['mailboxIds'], { [anna.mailboxes.inbox]: true });
  assert.deepEqual(shown['from'], [{ name: 'Sealed letter', email: 'sealed@sealed.invalid' }]);
  assert.deepEqual([shown['to'], shown['cc'], shown['textBody'], shown['bodyValues']], [[], null, [], {}]);
});

test('header properties and the MIME tree are those of the outer message', async () => {
  const id = await house.deliver(anna);
  const properties = ['bodyStructure', 'header:Subject', 'header:subject:asText:all', 'header:X-None', 'headers'];
  const got = await house.call(anna, 'Email/get', {
    ids: [id],
    properties,
    bodyProperties: ['type', 'partId', 'header:Content-Type'],
    fetchAllBodyValues: true,
  });
  const [shown] = list(got['list']);
  assert.equal(shown?.['header:Subject'], ' [...]');
  assert.deepEqual(shown['header:subject:asText:all'], ['[...]']);
  assert.equal(shown['header:X-None'], null);
  assert.equal(list(shown['headers']).length, 7);
  assert.equal(shown['bodyStructure']?.['type'], 'multipart/encrypted');
  const parts = list(shown['bodyStructure']['subParts']);
  assert.deepEqual(
    parts.map((part) => part['partId']),
    ['1', '2'],
  );
  assert.match(text(parts[1]?.['header:Content-Type']), /application\/octet-stream/);
});

test('wrong properties, ids and sizes of a get are refused', async () => {
  const refused = (args: Arguments): Promise<string> => house.error(anna, 'Email/get', args);
  assert.equal(await refused({ ids: ['x'], properties: ['nonsense'] }), 'invalidArguments');
  assert.equal(await refused({ ids: ['x'], properties: ['header:From:asDate'] }), 'invalidArguments');
  assert.equal(await refused({ ids: ['x'], bodyProperties: ['subject'] }), 'invalidArguments');
  assert.equal(await refused({ ids: ['not an id'] }), 'invalidArguments');
  assert.equal(await refused({ ids: [''] }), 'invalidArguments');
  assert.equal(await refused({ ids: [], maxBodyValueBytes: -1 }), 'invalidArguments');
  assert.equal(await refused({ ids: [], surprise: 1 }), 'invalidArguments');
  const many = Array.from({ length: limits.jmap.objectsInGet + 1 }, () => newId<LetterId>());
  assert.equal(await refused({ ids: many }), 'requestTooLarge');
  const unknown = newId<LetterId>();
  const got = await house.call(anna, 'Email/get', { ids: [unknown, unknown, 'x'] });
  assert.deepEqual(texts(got['notFound']), [unknown, 'x']);
});

test('letters come newest first, in pages by position, from the end, and around an anchor', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 7; i++) ids.unshift(await house.deliver(anna, { receivedMs: 1_700_000_000_000 + i * 1000 }));
  const filter = { inMailbox: anna.mailboxes.inbox };
  assert.deepEqual(await query({ filter }), ids);
  assert.deepEqual(await query({ filter, position: 2, limit: 3 }), ids.slice(2, 5));
  assert.deepEqual(await query({ filter, position: -2 }), ids.slice(5));
  assert.deepEqual(await query({ filter, position: -99, limit: 1 }), ids.slice(0, 1));
  assert.deepEqual(await query({ filter, position: 99 }), []);
  assert.deepEqual(await query({ filter, anchor: ids[3], anchorOffset: -1, limit: 2 }), ids.slice(2, 4));
  assert.deepEqual(await query({ filter, anchor: ids[3], anchorOffset: -9, limit: 1 }), ids.slice(0, 1));
  assert.deepEqual(await query({ filter, limit: 0 }), []);
  assert.deepEqual(await query({ sort: [{ property: 'receivedAt' }], collapseThreads: true }), ids.toReversed());
  const told = await house.call(anna, 'Email/query', { filter, position: 5, calculateTotal: true });
  assert.deepEqual([told['position'], told['total'], told['limit']], [5, 7, limits.jmap.queryLimit]);
  for (const anchor of [newId<LetterId>(), 'x']) {
    assert.equal(await house.error(anna, 'Email/query', { filter, anchor }), 'anchorNotFound');
  }
  assert.equal(await house.error(anna, 'Email/query', { limit: -1 }), 'invalidArguments');
  assert.equal(await house.error(anna, 'Email/query', { filter: { subject: 'x' } }), 'unsupportedFilter');
  assert.equal(await house.error(anna, 'Email/query', { sort: [{ property: 'subject' }] }), 'unsupportedSort');
});

test('filters by place, time, size and keyword find what they say, joined by AND, OR and NOT', async () => {
  const { inbox, archive } = anna.mailboxes;
  const at = (minute: number): number => Date.UTC(2026, 0, 1, 0, minute);
  const a = await house.deliver(anna, { receivedMs: at(1), sizeBytes: 100, keywords: ['$seen'] });
  const b = await house.deliver(anna, { receivedMs: at(2), sizeBytes: 200, mailboxId: archive });
  const c = await house.deliver(anna, { receivedMs: at(3), sizeBytes: 300, keywords: ['$seen', '$flagged'] });
  await house.call(anna, 'Email/set', { update: { [c]: { [`mailboxIds/${archive}`]: true } } });
  const sort = [{ property: 'receivedAt' }];
  const found = (filter: Arguments): Promise<readonly string[]> => query({ filter, sort });
  assert.deepEqual(await found({ inMailbox: inbox }), [a, c]);
  assert.deepEqual(await found({ inMailbox: archive, hasKeyword: '$Seen' }), [c]);
  assert.deepEqual(await found({ inMailboxOtherThan: [archive] }), [a, c]);
  assert.deepEqual(await found({ inMailboxOtherThan: [archive, inbox] }), []);
  assert.deepEqual(await found({ before: '2026-01-01T00:02:00Z' }), [a]);
  assert.deepEqual(await found({ after: '2026-01-01T00:02:00Z' }), [b, c]);
  assert.deepEqual(await found({ inMailbox: inbox, after: '2026-01-01T00:02:00Z' }), [c]);
  assert.deepEqual(await found({ minSize: 200, maxSize: 300 }), [b]);
  assert.deepEqual(await found({ notKeyword: '$seen' }), [b]);
  assert.deepEqual(await found({ someInThreadHaveKeyword: '$flagged' }), [c]);
  assert.deepEqual(await found({ noneInThreadHaveKeyword: '$flagged' }), [a, b]);
  assert.deepEqual(await found({ hasKeyword: 'not a keyword' }), []);
  assert.deepEqual(await found({ inMailbox: 'nowhere' }), []);
  const inBoth = { operator: 'AND', conditions: [{ inMailbox: inbox }, { inMailbox: archive }] };
  assert.deepEqual(await found(inBoth), [c]);
  assert.deepEqual(await found({ operator: 'NOT', conditions: [inBoth, { maxSize: 150 }] }), [b]);
  assert.deepEqual(await found({ operator: 'OR', conditions: [{ maxSize: 150 }, { inMailbox: archive }] }), [a, b, c]);
  assert.deepEqual(await found({ operator: 'OR', conditions: [] }), []);
  assert.deepEqual(await query({ sort: [{ property: 'size', isAscending: false }] }), [c, b, a]);
  const byFlag = [{ property: 'hasKeyword', keyword: '$flagged', isAscending: false }, { property: 'size' }];
  assert.deepEqual(await query({ sort: byFlag }), [c, a, b]);
  assert.deepEqual(await query({ filter: { inMailbox: inbox }, sort: byFlag }), [c, a]);
});

test('keywords are set whole or one by one, in lower case, and counts follow', async () => {
  const id = await house.deliver(anna);
  const state = text((await house.call(anna, 'Email/get', { ids: [] }))['state']);
  assert.equal((await mailbox(anna.mailboxes.inbox))['unreadEmails'], 1);
  const set = await house.call(anna, 'Email/set', { ifInState: state, update: { [id]: { 'keywords/$Seen': true } } });
  assert.deepEqual(set['updated'], { [id]: null });
  assert.notEqual(set['newState'], set['oldState']);
  assert.deepEqual((await email(id))['keywords'], { $seen: true });
  assert.equal((await mailbox(anna.mailboxes.inbox))['unreadEmails'], 0);
  await house.call(anna, 'Email/set', { update: { [id]: { keywords: { work: true } } } });
  assert.deepEqual((await email(id))['keywords'], { work: true });
  await house.call(anna, 'Email/set', { update: { [id]: { 'keywords/work': null } } });
  assert.deepEqual((await email(id))['keywords'], {});
});

test('a change that changes nothing leaves the state as it is', async () => {
  const id = await house.deliver(anna, { keywords: ['$seen'] });
  const set = await house.call(anna, 'Email/set', { update: { [id]: { 'keywords/$seen': true, id } } });
  assert.deepEqual([set['updated'], set['newState']], [{ [id]: null }, set['oldState']]);
});

test('each wrong change of a letter is refused alone, with the error RFC 8621 names', async () => {
  const [a, b] = [await house.deliver(anna), await house.deliver(anna)];
  const tooMany = Object.fromEntries(
    Array.from({ length: limits.jmap.keywordsPerLetterMax + 1 }, (_, i) => [`k${i}`, true]),
  );
  const refused = async (update: Arguments): Promise<unknown> => {
    const set = await house.call(anna, 'Email/set', { update: { [a]: update, [b]: { 'keywords/fine': true } } });
    assert.deepEqual(set['updated'], { [b]: null });
    return set['notUpdated']?.[a]?.['type'];
  };
  assert.equal(await refused({ keywords: { 'a b': true } }), 'invalidProperties');
  assert.equal(await refused({ 'keywords/x': 1 }), 'invalidProperties');
  assert.equal(await refused({ keywords: {}, 'keywords/x': true }), 'invalidPatch');
  assert.equal(await refused({ keywords: tooMany }), 'tooManyKeywords');
  assert.equal(await refused({ mailboxIds: {} }), 'invalidProperties');
  assert.equal(await refused({ mailboxIds: { [newId<MailboxId>()]: true } }), 'invalidProperties');
  assert.equal(await refused({ [`mailboxIds/${anna.mailboxes.inbox}`]: null }), 'invalidProperties');
  assert.equal(await refused({ subject: 'new' }), 'invalidProperties');
  assert.equal(await refused({ receivedAt: '2020-01-01T00:00:00Z' }), 'invalidProperties');
  const set = await house.call(anna, 'Email/set', { update: { [a]: {}, gone: {} }, destroy: [a, 'gone'] });
  assert.equal(set['notUpdated']?.[a]?.['type'], 'willDestroy');
  assert.equal(set['notUpdated']?.['gone']?.['type'], 'notFound');
  assert.deepEqual([set['destroyed'], set['notDestroyed']?.['gone']?.['type']], [[a], 'notFound']);
  assert.equal(await house.error(anna, 'Email/set', { ifInState: '1.0', destroy: [b] }), 'stateMismatch');
  assert.ok(await email(b));
  const many = Array.from({ length: limits.jmap.objectsInSet + 1 }, () => newId<LetterId>());
  assert.equal(await house.error(anna, 'Email/set', { destroy: many }), 'requestTooLarge');
  assert.equal(await house.error(anna, 'Email/set', { update: [] }), 'invalidArguments');
});

test('letters of others are neither seen nor changed', async () => {
  const bert = await house.signUp();
  const id = await house.deliver(bert);
  assert.deepEqual((await house.call(anna, 'Email/get', { ids: [id] }))['notFound'], [id]);
  const set = await house.call(anna, 'Email/set', { destroy: [id], update: { [id]: { 'keywords/x': true } } });
  assert.equal(set['notDestroyed']?.[id]?.['type'], 'notFound');
  assert.equal(list((await house.call(bert, 'Email/get', { ids: [id] }))['list']).length, 1);
});

test('a house without a door for it takes no clear letter by create, import or parse, and the reason is told', async () => {
  const set = await house.call(anna, 'Email/set', { create: { c: { mailboxIds: { [anna.mailboxes.drafts]: true } } } });
  assert.equal(set['notCreated']?.['c']?.['type'], 'forbidden');
  assert.match(text(set['notCreated']['c']['description']), /in the clear/);
  const imported = await house.call(anna, 'Email/import', { emails: { i: { blobId: 'x', mailboxIds: {} } } });
  assert.equal(imported['notCreated']?.['i']?.['type'], 'forbidden');
  assert.equal(await house.error(anna, 'Email/parse', { blobIds: ['x'] }), 'forbidden');
  assert.equal(
    await house.error(anna, 'SearchSnippet/get', { filter: { text: 'x' }, emailIds: [] }),
    'unsupportedFilter',
  );
});

test('changes since a state name what was made, changed and destroyed; an unknown state is not guessed', async () => {
  const old = await house.deliver(anna);
  const doomed = await house.deliver(anna);
  const state = text((await house.call(anna, 'Email/get', { ids: [] }))['state']);
  const fresh = await house.deliver(anna);
  const brief = await house.deliver(anna);
  await house.call(anna, 'Email/set', { update: { [old]: { 'keywords/x': true } }, destroy: [doomed, brief] });
  const told = await house.call(anna, 'Email/changes', { sinceState: state });
  assert.deepEqual([told['created'], told['updated'], told['destroyed']], [[fresh], [old], [doomed]]);
  assert.equal(told['hasMoreChanges'], false);
  const threads = await house.call(anna, 'Thread/changes', { sinceState: state });
  assert.deepEqual([threads['created'], threads['updated'], threads['destroyed']], [[fresh], [], [doomed]]);
  for (const sinceState of ['', 'x', '2.1', '1.999999', '0.1']) {
    assert.equal(await house.error(anna, 'Email/changes', { sinceState }), 'cannotCalculateChanges', sinceState);
    assert.equal(await house.error(anna, 'Mailbox/changes', { sinceState }), 'cannotCalculateChanges', sinceState);
    const since = { sinceQueryState: sinceState };
    assert.equal(await house.error(anna, 'Email/queryChanges', since), 'cannotCalculateChanges', sinceState);
  }
  assert.equal(await house.error(anna, 'Email/changes', { sinceState: state, maxChanges: 0 }), 'invalidArguments');
});

test('queryChanges brings an old list to the new one, and tells when there is too much', async () => {
  const filter = { inMailbox: anna.mailboxes.inbox };
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) ids.push(await house.deliver(anna, { receivedMs: 1_700_000_000_000 + i }));
  const old = await house.call(anna, 'Email/query', { filter });
  await house.call(anna, 'Email/set', {
    destroy: [ids[1]],
    update: {
      [ids[2] ?? '']: { mailboxIds: { [anna.mailboxes.trash]: true } },
      [ids[3] ?? '']: { 'keywords/x': true },
    },
  });
  await house.deliver(anna, { receivedMs: 1_700_000_000_002 });
  const since = { filter, sinceQueryState: text(old['queryState']), calculateTotal: true };
  const told = await house.call(anna, 'Email/queryChanges', since);
  const removed = new Set(texts(told['removed']));
  const now = texts(old['ids']).filter((id) => !removed.has(id));
  for (const { index, id } of list(told['added'])) now.splice(Number(index), 0, text(id));
  assert.deepEqual(now, await query({ filter }));
  assert.equal(told['total'], 5);
  assert.equal(await house.error(anna, 'Email/queryChanges', { ...since, maxChanges: 1 }), 'tooManyChanges');
});

test('a client that takes the states of its own changes for the newest misses no letter that arrives meanwhile', async () => {
  const mine = await house.deliver(anna);
  const known = new Set<string>([mine]);
  let state = text((await house.call(anna, 'Email/get', { ids: [] }))['state']);
  let taken = 0;
  const follow = async (): Promise<void> => {
    const told = await house.call(anna, 'Email/changes', { sinceState: state });
    for (const id of texts(told['created'])) known.add(id);
    state = text(told['newState']);
  };
  for (let round = 0; round < 40; round++) {
    const change = house.call(anna, 'Email/set', { update: { [mine]: { keywords: { [`k${round}`]: true } } } });
    const [set] = await Promise.all([change, round % 2 === 0 ? house.deliver(anna) : undefined]);
    if (text(set['oldState']) === state) {
      state = text(set['newState']);
      taken++;
    } else await follow();
  }
  assert.ok(taken > 0);
  await follow();
  assert.deepEqual([...known].toSorted(), (await query({})).toSorted());
});
