// What a press does is shown at once, saved behind it, and taken back when it cannot be saved.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newId, type AccountId } from '#base/ids.ts';
import { FakeBackend } from '../../../test/fakes/fake-client.ts';
import { boxWithRole, isStarred, isUnread } from './mail-state.ts';
import { MailModel } from './mail-model.ts';

let backend: FakeBackend;
let model: MailModel;
const inbox = () => ({ kind: 'mailbox' as const, id: backend.box('inbox').id });
const ids = () => model.store.get().ids ?? [];
const unread = () => boxWithRole(model.store.get(), 'inbox')?.unread;

beforeEach(async () => {
  const session = {
    address: 'leyla@kanzlei.test',
    accountId: newId<AccountId>(),
    role: 'member',
    expiresMs: 0,
  } as const;
  backend = new FakeBackend(session);
  model = new MailModel(backend);
  assert.ok(await model.start());
  await model.goTo(inbox());
});

test('archiving takes the letter away at once and the next one gets the cursor', async () => {
  const [first, second] = ids();
  assert.ok(first && second);
  model.moveCursor(0);
  const saving = model.archive();
  assert.ok(!ids().includes(first), 'before it is saved');
  assert.equal(model.store.get().cursor, second);
  await saving;
  assert.ok((await backend.list(backend.box('archive').id)).includes(first));
});

test('undo puts every letter back where it lay', async () => {
  const before = ids();
  for (const id of before.slice(0, 3)) model.mark(id, 'toggle');
  await model.trash();
  assert.equal(ids().length, before.length - 3);
  await model.undo();
  assert.deepEqual(ids(), before);
  await model.undo();
  assert.deepEqual(ids(), before, 'a second undo does nothing');
});

test('a change that cannot be saved is taken back and told', async () => {
  const before = ids();
  backend.failing = true;
  model.moveCursor(0);
  await model.archive();
  assert.deepEqual(ids(), before);
  assert.equal(model.store.get().notice?.what.kind, 'failed');
});

test('opening marks as read and counts down, once', async () => {
  const before = unread();
  const [first] = ids();
  assert.ok(first && before);
  await model.open(first);
  assert.equal(unread(), before - 1);
  await model.open(first);
  assert.equal(unread(), before - 1);
  assert.ok(!isUnread(model.store.get().rows.get(first)));
});

test('a letter altered in storage is not marked as read', async () => {
  const altered = [...model.store.get().rows.values()].find((row) => row.altered);
  assert.ok(altered);
  await backend.change([altered.id], { removeKeywords: ['$seen'] });
  await model.open(altered.id);
  assert.deepEqual(model.store.get().letter, { ok: false, error: { kind: 'altered' } });
});

test('a star is set for all when one lacks it, else taken from all', async () => {
  const some = ids().slice(0, 3);
  await model.toggleStar(some);
  const stars = () => some.map((id) => isStarred(model.store.get().rows.get(id)));
  assert.deepEqual(stars(), [true, true, true]);
  await model.toggleStar(some);
  assert.deepEqual(stars(), [false, false, false]);
});

test('a letter that arrives stands at the top and is marked as new', async () => {
  const id = backend.arrive();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(ids()[0], id);
  assert.ok(id && model.store.get().fresh.has(id));
});

test('the list of a place one has left is not shown', async () => {
  const slow = model.goTo({ kind: 'starred' });
  await model.goTo(inbox());
  await slow;
  assert.equal(model.store.get().place?.kind, 'mailbox');
  assert.equal(ids().length, (await backend.list(backend.box('inbox').id)).length);
});

test('what is erased is gone', async () => {
  const [first] = ids();
  assert.ok(first);
  await model.destroy([first]);
  assert.ok(!(await backend.list(backend.box('inbox').id)).includes(first));
});

test('what cannot be read stays as it is shown, and is read again when the connection is back', async () => {
  const before = ids();
  backend.unreadable = true;
  const arrived = backend.arrive();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(ids(), before);
  backend.unreadable = false;
  backend.tell({ kind: 'connection', online: true });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(ids()[0], arrived);
});

test('a label leaves the letter where it is and undo takes it off again', async () => {
  const [first] = ids();
  assert.ok(first);
  const court = backend.box('court').id;
  await model.label(court, true, [first]);
  assert.equal(ids()[0], first, 'it stays in the list');
  assert.ok((await backend.list(court)).includes(first));
  await model.undo();
  assert.ok(!(await backend.list(court)).includes(first));
  assert.ok((await backend.list(inbox().id)).includes(first));
});

test('archiving keeps the label, and the last label taken off leaves the letter in the archive', async () => {
  const [first] = ids();
  assert.ok(first);
  const court = backend.box('court').id;
  await model.label(court, true, [first]);
  await model.archive([first]);
  assert.ok(!ids().includes(first));
  const lies = async () => (await backend.rows([first]))[0]?.mailboxIds;
  assert.deepEqual((await lies())?.toSorted(), [court, backend.box('archive').id].toSorted());
  await model.goTo({ kind: 'mailbox', id: court });
  await model.archive([first]);
  await model.label(court, true, [first]);
  await backend.change([first], { mailboxIds: [court] });
  backend.tell({ kind: 'rows', ids: [first] });
  await new Promise((resolve) => setTimeout(resolve, 5));
  await model.label(court, false, [first]);
  assert.ok(!ids().includes(first), 'it leaves the folder looked at');
  assert.deepEqual(await lies(), [backend.box('archive').id]);
});

test('a star that a colleague sets or takes changes the list of stars at once; one’s own stays until it is looked at anew', async () => {
  await model.goTo({ kind: 'starred' });
  const before = ids();
  const [plain] = (await backend.list(backend.box('inbox').id)).filter((id) => !before.includes(id));
  const [own, theirs] = before;
  assert.ok(plain && own && theirs);
  const elsewhere = async (id: typeof plain, patch: Parameters<typeof backend.change>[1]): Promise<void> => {
    await backend.change([id], patch);
    backend.tell({ kind: 'rows', ids: [id] });
    await new Promise((resolve) => setImmediate(resolve));
  };
  await elsewhere(plain, { addKeywords: ['$flagged'] });
  assert.ok(ids().includes(plain));
  await elsewhere(theirs, { removeKeywords: ['$flagged'] });
  assert.ok(!ids().includes(theirs));
  await model.toggleStar([own]);
  backend.tell({ kind: 'rows', ids: [own] });
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(ids().includes(own));
});

test('what is destroyed now cannot be undone, and says so', async () => {
  const [first] = ids();
  assert.ok(first);
  await model.destroy([first], true);
  const { notice } = model.store.get();
  assert.deepEqual([notice?.what.kind, notice?.undoable], ['destroyed', false]);
  await model.undo();
  assert.ok(!ids().includes(first));
  assert.deepEqual((await backend.deleted()).ids, []);
});
