// The welcome messages stand only in an account without any letter, and go one by one.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newId, type LetterId, type MailboxId } from '#base/ids.ts';
import type { MailboxInfo } from '../backend.ts';
import { firstState, type MailState } from './mail-state.ts';
import { afterStep, nothingChosen, welcomesOf, welcomeStepOf } from './welcome.ts';

const box = (role: MailboxInfo['role'], total: number): MailboxInfo => ({
  id: newId<MailboxId>(),
  role,
  name: '',
  parentId: undefined,
  sortOrder: 0,
  total,
  unread: 0,
});
function mailbox(inboxTotal: number, trashTotal: number): MailState {
  const [inbox, trash] = [box('inbox', inboxTotal), box('trash', trashTotal)];
  const ids = Array.from({ length: inboxTotal }, () => newId<LetterId>());
  return { ...firstState, mailboxes: [inbox, trash], place: { kind: 'mailbox', id: inbox.id }, ids };
}
const all = welcomesOf(mailbox(0, 0), []);

test('an account without letters shows three, and only in its inbox', () => {
  assert.deepEqual(all, ['sealed', 'safety', 'try']);
  assert.deepEqual(welcomesOf({ ...mailbox(0, 0), place: { kind: 'starred' } }, []), []);
  assert.deepEqual(welcomesOf({ ...mailbox(0, 0), ids: undefined }, []), [], 'not before the list is known');
});

test('with the first letter they are gone, wherever it lies', () => {
  assert.deepEqual(welcomesOf(mailbox(1, 0), []), []);
  assert.deepEqual(welcomesOf(mailbox(0, 1), []), []);
});

test('what was put away does not come back', () => {
  assert.deepEqual(welcomesOf(mailbox(0, 0), ['safety']), ['sealed', 'try']);
});

test('keys walk, open and close them', () => {
  const first = afterStep(nothingChosen, all, 'next');
  assert.deepEqual(first, { cursor: 'sealed', opened: undefined });
  const opened = afterStep({ cursor: 'safety', opened: undefined }, all, 'open');
  assert.deepEqual(opened, { cursor: 'safety', opened: 'safety' });
  assert.deepEqual(afterStep({ cursor: 'safety', opened: 'safety' }, all, 'next'), { cursor: 'try', opened: 'try' });
  assert.deepEqual(afterStep({ cursor: 'try', opened: 'try' }, all, 'next'), { cursor: 'try', opened: 'try' });
  assert.deepEqual(afterStep({ cursor: 'try', opened: 'try' }, all, 'close'), { cursor: 'try', opened: undefined });
  assert.equal(afterStep({ cursor: 'try', opened: undefined }, all, 'close'), undefined);
});

test('putting one away opens the next one if it was open; with none chosen nothing goes', () => {
  assert.deepEqual(afterStep({ cursor: 'sealed', opened: 'sealed' }, all, 'put-away'), {
    cursor: 'safety',
    opened: 'safety',
  });
  assert.deepEqual(afterStep({ cursor: 'try', opened: undefined }, ['try'], 'put-away'), nothingChosen);
  assert.equal(afterStep(nothingChosen, all, 'put-away'), undefined);
  for (const key of ['e', '#', 'Delete', 'x']) assert.equal(welcomeStepOf(key), 'put-away');
  assert.equal(welcomeStepOf('S'), undefined);
});
