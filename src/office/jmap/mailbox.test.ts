// Mailboxes over JMAP: what is shown, asked, changed, and every refusal (RFC 8621 §2).

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newId, type MailboxId } from '#base/ids.ts';
import { limits } from '#base/limits.ts';
import { ALL, list, jmapHouse, text, texts, type Arguments, type Json, type Person } from './test-house.ts';

const house = await jmapHouse();
let anna: Person;
beforeEach(async () => {
  anna = await house.signUp();
});

const SEALED_NAME = 'c2VhbGVkIG5hbWU';

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
