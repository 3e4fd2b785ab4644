// One row for each conversation: what is done to it is done to all its letters in this folder.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newId, type AccountId, type LetterId } from '#base/ids.ts';
import { FakeBackend } from '../../../test/fakes/fake-client.ts';
import { talkLetters } from '../../../test/fakes/talk-letters.ts';
import { MailControl } from './mail-control.ts';
import { MailModel } from './mail-model.ts';
import { boxWithRole, chosenOf, isStarred, isUnread, lettersOf, shownRow, targetsOf } from './mail-state.ts';

const session = {
  address: 'talk@kanzlei.test',
  accountId: newId<AccountId>(),
  role: 'member',
  expiresMs: 0,
} as const;
let backend: FakeBackend;
let model: MailModel;
const place = (key: string) => ({ kind: 'mailbox' as const, id: backend.box(key).id });
const state = () => model.store.get();
const ids = (): readonly LetterId[] => state().ids ?? [];
const subjects = () => ids().map((id) => state().rows.get(id)?.subject);
const settled = () => new Promise((resolve) => setTimeout(resolve, 10));
const unread = () => boxWithRole(state(), 'inbox')?.unread;
const inBox = async (key: string) => (await backend.list(backend.box(key).id)).length;

function rowAt(index: number): LetterId {
  const id = ids()[index];
  assert.ok(id);
  return id;
}

beforeEach(async () => {
  backend = new FakeBackend(session, talkLetters.length, Date.now(), talkLetters);
  model = new MailModel(backend);
  assert.ok(await model.start());
  await model.goTo(place('inbox'));
  model.need(ids());
  await settled();
});

test('seven letters of the inbox stand in four rows, each where its newest letter is', () => {
  assert.deepEqual(subjects(), [
    'Re: Zaun am Birkenweg',
    'Rückrufe von heute',
    'Mittagessen am Freitag',
    'Ihre Rechnung im November',
  ]);
  const row = shownRow(state(), rowAt(0));
  assert.deepEqual(
    row?.from.map(({ name }) => name),
    ['Anna Keller', 'Leyla Yıldız', 'Ben Aydın'],
  );
  assert.equal(row?.threadCount, 4);
  assert.equal(row?.attachmentsCount, 1);
  assert.ok(isUnread(row) && isStarred(row));
  assert.equal(isUnread(shownRow(state(), rowAt(2))), false);
});

test('archiving takes the whole conversation out of this folder, and the sent answer stays where it is', async () => {
  model.moveCursor(0);
  const saving = model.archive();
  assert.deepEqual(subjects()[0], 'Rückrufe von heute', 'before it is saved');
  assert.equal(state().cursor, rowAt(0));
  assert.deepEqual(state().notice?.what, { kind: 'archived', count: 3 }, 'the toast counts letters');
  await saving;
  assert.equal(await inBox('archive'), 3);
  assert.equal(await inBox('sent'), 1);
  await model.undo();
  assert.equal(subjects().length, 4);
  assert.equal(state().cursor, rowAt(0));
  assert.equal(await inBox('archive'), 0);
});

test('the trash, a move and a label take all letters behind a row', async () => {
  const zaun = lettersOf(state(), [rowAt(0)]);
  await model.label(backend.box('court').id, true, zaun);
  assert.equal(await inBox('court'), 3);
  model.mark(rowAt(0), 'toggle');
  model.mark(rowAt(2), 'toggle');
  assert.equal(chosenOf(state()).length, 2, 'rows');
  assert.equal(targetsOf(state()).length, 5, 'letters');
  await model.move(backend.box('insurance').id);
  assert.equal(await inBox('insurance'), 5);
  assert.deepEqual(subjects(), ['Rückrufe von heute', 'Ihre Rechnung im November']);
  await model.undo();
  model.mark(rowAt(0), 'toggle');
  await model.trash();
  assert.equal(await inBox('trash'), 3);
});

test('reading holds for all letters of a row, unread becomes only the newest', async () => {
  const before = unread();
  assert.equal(before, 2);
  model.moveCursor(0);
  await model.toggleUnread();
  assert.equal(unread(), 0);
  assert.equal(isUnread(shownRow(state(), rowAt(0))), false);
  await model.toggleUnread();
  assert.equal(unread(), 1);
  assert.ok(isUnread(state().rows.get(rowAt(0))));
});

test('a star shown on a row is taken away at the first press, wherever it stood', async () => {
  model.moveCursor(0);
  await model.toggleStar();
  assert.equal((await backend.listKeyword('$flagged')).length, 0);
  await model.toggleStar();
  assert.equal((await backend.listKeyword('$flagged')).length, 3, 'all of this folder');
});

test('a letter that arrives moves its conversation up; cursor, marks and the open letter stay with theirs', async () => {
  const lunch = rowAt(2);
  model.mark(lunch, 'toggle');
  const arrived = backend.arrive(4);
  await settled();
  assert.equal(ids()[0], arrived);
  assert.equal(ids().length, 4, 'no row more');
  assert.deepEqual([...state().marked], [arrived]);
  assert.equal(state().cursor, arrived);
  assert.equal(targetsOf(state()).length, 3);
  await model.open(lunch);
  assert.equal(state().opened, lunch, 'the letter asked for');
  assert.deepEqual(chosenOf(state()), [arrived], 'its row');
});

test('j goes from row to row, also from an open letter that is not the newest of its row', async () => {
  const [first, , third] = ids();
  assert.ok(first && third);
  const older = lettersOf(state(), [first])[1];
  assert.ok(older);
  await model.open(older);
  assert.equal(model.moveCursor(1), rowAt(1));
  assert.equal(model.moveCursor(1), third);
});

test('an answer goes to the open letter, and from the list to the newest of the row', async () => {
  const control = new MailControl({
    model,
    bar: { hash: () => '', go: () => undefined, replace: () => undefined },
    isNarrow: () => false,
    signOut: () => undefined,
    menuAnchor: () => undefined,
  });
  const asked = () => control.store.get().asked.ask;
  model.moveCursor(0);
  control.run('reply');
  assert.deepEqual(asked(), { kind: 'answer', how: 'reply', id: rowAt(0) });
  const older = lettersOf(state(), [rowAt(0)])[2];
  assert.ok(older);
  await model.open(older);
  control.run('reply');
  assert.deepEqual(asked(), { kind: 'answer', how: 'reply', id: older });
  model.close();
  control.swipe(rowAt(0), 'right');
  await settled();
  assert.equal(await inBox('archive'), 3, 'a swipe takes the row');
});

test('single letters instead: every letter has its row, and a command acts on it alone', async () => {
  model.setGrouping(false);
  assert.equal(ids().length, 7);
  model.moveCursor(0);
  await model.archive();
  assert.equal(await inBox('archive'), 1);
  model.setGrouping(true);
  assert.equal(ids().length, 4);
});

test('trash, drafts, search and starred show single letters', async () => {
  model.moveCursor(0);
  await model.trash();
  await model.goTo(place('trash'));
  assert.equal(ids().length, 3);
  await model.goTo({ kind: 'search', plainText: 'Mittagessen' });
  assert.equal(ids().length, 2);
  await model.goTo(place('inbox'));
  assert.equal(ids().length, 3);
});

test('conversations that become known later fold the rows that stand there', async () => {
  const late = new FakeBackend(session, talkLetters.length, Date.now(), talkLetters);
  const known = await late.conversations();
  late.conversations = async () => [];
  const slow = new MailModel(late);
  await slow.start();
  await slow.goTo({ kind: 'mailbox', id: late.box('inbox').id });
  assert.equal(slow.store.get().ids?.length, 7);
  late.conversations = async () => known;
  late.tell({ kind: 'conversations' });
  await settled();
  assert.equal(slow.store.get().ids?.length, 4);
});
