// Mailboxes and letters over JMAP: what is shown, asked, changed, and every refusal (RFC 8621).

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { after, before, beforeEach, test } from 'node:test';
import { newId, type LetterId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { startTestCluster, type TestCluster } from '#vault/database/test-cluster.ts';
import {
  ALL,
  list,
  openJmapHouse,
  text,
  texts,
  type Arguments,
  type JmapHouse,
  type Json,
  type Person,
} from './test-house.ts';

let cluster: TestCluster;
let directory: string;
let house: JmapHouse;
let anna: Person;
let people = 0;

before(async () => {
  directory = await mkdtemp('/tmp/siegel-jmap-');
  cluster = await startTestCluster();
  house = await openJmapHouse(cluster, directory);
});
beforeEach(async () => {
  anna = await house.signUp(`anna${++people}@siegel.test`);
});
after(async () => {
  await house[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

const SEALED_NAME = 'c2VhbGVkIG5hbWU';

async function email(id: string, properties?: readonly string[]): Promise<Json> {
  const got = await house.call(anna, 'Email/get', { ids: [id], ...(properties ? { properties } : {}) });
  const [found] = list(got['list']);
  assert.ok(found);
  return found;
}

async function query(args: Arguments): Promise<readonly string[]> {
  return texts((await house.call(anna, 'Email/query', args))['ids']);
}

async function newMailbox(members: Arguments = {}): Promise<MailboxId> {
  const id = newId<MailboxId>();
  const create = { m: { id, siegelSealedName: SEALED_NAME, ...members } };
  const set = await house.call(anna, 'Mailbox/set', { create });
  assert.ok(set['created']?.['m'], JSON.stringify(set['notCreated']));
  return id;
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
  const bert = await house.signUp(`bert${people}@siegel.test`);
  const id = await house.deliver(bert);
  assert.deepEqual((await house.call(anna, 'Email/get', { ids: [id] }))['notFound'], [id]);
  const set = await house.call(anna, 'Email/set', { destroy: [id], update: { [id]: { 'keywords/x': true } } });
  assert.equal(set['notDestroyed']?.[id]?.['type'], 'notFound');
  assert.equal(list((await house.call(bert, 'Email/get', { ids: [id] }))['list']).length, 1);
});

test('a clear letter is not taken by create, import or parse, and the reason is told', async () => {
  const set = await house.call(anna, 'Email/set', { create: { c: { mailboxIds: { [anna.mailboxes.drafts]: true } } } });
  assert.equal(set['notCreated']?.['c']?.['type'], 'forbidden');
  assert.match(text(set['notCreated']['c']['description']), /sealed/);
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

test('the six mailboxes have their roles and English names; others a neutral one, and a sealed name for who can open it', async () => {
  const got = await house.call(anna, 'Mailbox/get');
  const names = list(got['list']).map((one) => [one['role'], one['name']]);
  const expected = [
    ['inbox', 'Inbox'],
    ['drafts', 'Drafts'],
    ['sent', 'Sent'],
    ['archive', 'Archive'],
    ['junk', 'Junk'],
  ];
  assert.deepEqual(names, [...expected, ['trash', 'Trash']]);
  const id = await newMailbox();
  const made = await mailbox(id);
  assert.equal(made['name'], `Sealed folder ${id.slice(0, 12)}`);
  assert.equal(made['siegelSealedName'], SEALED_NAME);
  const mailOnly = ALL.filter((capability) => !capability.includes('siegel'));
  const plain = await house.call(anna, 'Mailbox/get', { ids: [id] }, mailOnly);
  assert.equal('siegelSealedName' in (list(plain['list'])[0] ?? {}), false);
  const asked = { ids: [id], properties: ['siegelSealedName'] };
  assert.equal(await house.error(anna, 'Mailbox/get', asked, mailOnly), 'invalidArguments');
});

test('a mailbox is made, renamed, moved, sorted and destroyed; parent and child go in one call', async () => {
  const set = await house.call(anna, 'Mailbox/set', {
    create: {
      child: { siegelSealedName: 'Y2hpbGQ', parentId: '#parent' },
      parent: { siegelSealedName: 'cGFyZW50', sortOrder: 3 },
    },
  });
  const [parent, child] = [text(set['created']?.['parent']?.['id']), text(set['created']?.['child']?.['id'])];
  assert.equal((await mailbox(child))['parentId'], parent);
  const changed = await house.call(anna, 'Mailbox/set', {
    update: { [child]: { parentId: null, siegelSealedName: 'bmV3', sortOrder: 9, isSubscribed: true } },
  });
  assert.deepEqual(changed['updated'], { [child]: null });
  const now = await mailbox(child);
  assert.deepEqual([now['parentId'], now['siegelSealedName'], now['sortOrder']], [null, 'bmV3', 9]);
  await house.call(anna, 'Mailbox/set', { update: { [child]: { parentId: parent } } });
  const gone = await house.call(anna, 'Mailbox/set', { destroy: [parent, child] });
  assert.deepEqual(texts(gone['destroyed']), [child, parent]);
  const again = await house.call(anna, 'Mailbox/set', { create: { m: { id: child, siegelSealedName: SEALED_NAME } } });
  assert.equal(again['notCreated']?.['m']?.['type'], 'invalidProperties');
});

test('each wrong change of a mailbox is refused alone, with its error', async () => {
  const notCreated = async (members: Arguments, using = ALL): Promise<unknown> => {
    const set = await house.call(anna, 'Mailbox/set', { create: { m: members } }, using);
    return set['notCreated']?.['m']?.['type'];
  };
  const sealed = { siegelSealedName: SEALED_NAME };
  const mailOnly = ALL.filter((capability) => !capability.includes('siegel'));
  assert.equal(await notCreated({ name: 'Clear' }), 'invalidProperties');
  assert.equal(await notCreated({ name: 'Clear' }, mailOnly), 'invalidProperties');
  assert.equal(await notCreated({}), 'invalidProperties');
  assert.equal(await notCreated({ siegelSealedName: '' }), 'invalidProperties');
  assert.equal(await notCreated({ siegelSealedName: '!!' }), 'invalidProperties');
  const long = 'A'.repeat(Math.ceil((limits.account.folderNameBytes * 4) / 3) + 8);
  assert.equal(await notCreated({ siegelSealedName: long }), 'invalidProperties');
  assert.equal(await notCreated({ ...sealed, role: 'inbox' }), 'invalidProperties');
  assert.equal(await notCreated({ ...sealed, sortOrder: -1 }), 'invalidProperties');
  assert.equal(await notCreated({ ...sealed, parentId: 'nowhere' }), 'invalidProperties');
  assert.equal(await notCreated({ ...sealed, parentId: '#nobody' }), 'invalidProperties');
  assert.equal(await notCreated({ ...sealed, id: anna.mailboxes.inbox }), 'invalidProperties');
  assert.equal(await notCreated({ ...sealed, totalEmails: 3 }), 'invalidProperties');

  const [top, below] = [await newMailbox(), await newMailbox()];
  const refused = async (id: string, update: Arguments): Promise<unknown> => {
    const set = await house.call(anna, 'Mailbox/set', { update: { [id]: update } });
    return set['notUpdated']?.[id]?.['type'];
  };
  const { inbox } = anna.mailboxes;
  await house.call(anna, 'Mailbox/set', { update: { [below]: { parentId: top } } });
  assert.equal(await refused(top, { parentId: below }), 'invalidProperties');
  assert.equal(await refused(top, { parentId: top }), 'invalidProperties');
  assert.equal(await refused(top, { name: 'Clear' }), 'invalidProperties');
  assert.equal(await refused(top, { role: 'sent' }), 'invalidProperties');
  assert.equal(await refused(top, { 'myRights/mayDelete': false }), 'invalidProperties');
  assert.equal(await refused(top, { isSubscribed: false }), 'invalidProperties');
  assert.equal(await refused(inbox, { siegelSealedName: SEALED_NAME }), 'invalidProperties');
  assert.equal(await refused(inbox, { parentId: top }), 'invalidProperties');
  assert.equal(await refused('nowhere', { sortOrder: 1 }), 'notFound');
  const notDestroyed = async (id: string): Promise<unknown> => {
    const set = await house.call(anna, 'Mailbox/set', { destroy: [id] });
    return set['notDestroyed']?.[id]?.['type'];
  };
  assert.equal(await notDestroyed(inbox), 'forbidden');
  assert.equal(await notDestroyed(top), 'mailboxHasChild');
  assert.equal(await notDestroyed('nowhere'), 'notFound');
  assert.equal(await house.error(anna, 'Mailbox/set', { ifInState: '1.0' }), 'stateMismatch');
});

test('mailboxes stand only so deep, also when a whole branch is moved', async () => {
  let parentId: string | null = null;
  const chain: string[] = [];
  for (let depth = 0; depth < limits.account.mailboxDepthMax; depth++)
    chain.push((parentId = await newMailbox({ parentId })));
  const tooDeep = { m: { siegelSealedName: SEALED_NAME, parentId } };
  const set = await house.call(anna, 'Mailbox/set', { create: tooDeep });
  assert.equal(set['notCreated']?.['m']?.['type'], 'invalidProperties');
  const other = await newMailbox();
  const moved = await house.call(anna, 'Mailbox/set', { update: { [chain[0] ?? '']: { parentId: other } } });
  assert.equal(moved['notUpdated']?.[chain[0] ?? '']?.['type'], 'invalidProperties');
});

test('a mailbox with letters goes only when they are told to go; letters that lie elsewhere too stay', async () => {
  const id = await newMailbox();
  const only = await house.deliver(anna, { mailboxId: id });
  const both = await house.deliver(anna, { mailboxId: id });
  await house.call(anna, 'Email/set', { update: { [both]: { [`mailboxIds/${anna.mailboxes.inbox}`]: true } } });
  const kept = await house.call(anna, 'Mailbox/set', { destroy: [id] });
  assert.equal(kept['notDestroyed']?.[id]?.['type'], 'mailboxHasEmail');
  const gone = await house.call(anna, 'Mailbox/set', { destroy: [id], onDestroyRemoveEmails: true });
  assert.deepEqual(gone['destroyed'], [id]);
  const got = await house.call(anna, 'Email/get', { ids: [only, both], properties: ['mailboxIds'] });
  assert.deepEqual(got['notFound'], [only]);
  assert.deepEqual(list(got['list']), [{ id: both, mailboxIds: { [anna.mailboxes.inbox]: true } }]);
});

test('mailbox changes tell when only counts changed', async () => {
  const state = async (): Promise<string> => text((await house.call(anna, 'Mailbox/get', { ids: [] }))['state']);
  const first = await state();
  await house.deliver(anna);
  const counted = await house.call(anna, 'Mailbox/changes', { sinceState: first });
  assert.deepEqual(counted['updated'], [anna.mailboxes.inbox]);
  assert.ok(texts(counted['updatedProperties']).includes('unreadEmails'));
  const second = await state();
  const id = await newMailbox();
  await house.call(anna, 'Mailbox/set', { update: { [anna.mailboxes.inbox]: { sortOrder: 5 } } });
  const told = await house.call(anna, 'Mailbox/changes', { sinceState: second });
  const { created, updated, updatedProperties } = told;
  assert.deepEqual([created, updated, updatedProperties], [[id], [anna.mailboxes.inbox], null]);
});

test('mailboxes are filtered, sorted and shown as a tree', async () => {
  const top = await newMailbox({ sortOrder: 100 });
  const below = await newMailbox({ parentId: top, sortOrder: 1 });
  const ids = async (args: Arguments): Promise<readonly string[]> =>
    texts((await house.call(anna, 'Mailbox/query', args))['ids']);
  assert.deepEqual(await ids({ filter: { hasAnyRole: false }, sort: [{ property: 'sortOrder' }] }), [below, top]);
  assert.deepEqual(await ids({ filter: { hasAnyRole: false }, sort: [{ property: 'sortOrder' }], sortAsTree: true }), [
    top,
    below,
  ]);
  assert.deepEqual(await ids({ filter: { parentId: top } }), [below]);
  assert.deepEqual(await ids({ filter: { parentId: top }, filterAsTree: true }), []);
  assert.deepEqual(await ids({ filter: { role: 'sent' } }), [anna.mailboxes.sent]);
  assert.deepEqual(await ids({ filter: { name: 'inb' } }), [anna.mailboxes.inbox]);
  const byName = await ids({
    filter: { hasAnyRole: true },
    sort: [{ property: 'name', isAscending: false }],
    limit: 2,
  });
  assert.deepEqual(byName, [anna.mailboxes.trash, anna.mailboxes.sent]);
  assert.equal(await house.error(anna, 'Mailbox/query', { sort: [{ property: 'unread' }] }), 'unsupportedSort');
  assert.equal(await house.error(anna, 'Mailbox/query', { filter: { nonsense: 1 } }), 'invalidArguments');
  const old = await house.call(anna, 'Mailbox/query', { filter: { hasAnyRole: false } });
  await house.call(anna, 'Mailbox/set', { destroy: [below] });
  const since = { filter: { hasAnyRole: false }, sinceQueryState: text(old['queryState']) };
  const told = await house.call(anna, 'Mailbox/queryChanges', since);
  assert.deepEqual([told['removed'], told['added']], [[below], []]);
});
