// Deleted for good over JMAP: hidden at once, back within seven days, or gone at once; every refusal.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newId, type LetterId, type MailboxId } from '#base/ids.ts';
import { jmapHouse, list, texts, type Person } from './test-house.ts';

const house = await jmapHouse();
let anna: Person;
beforeEach(async () => {
  anna = await house.signUp();
});

async function idsIn(mailboxId: string): Promise<readonly string[]> {
  return texts((await house.call(anna, 'Email/query', { filter: { inMailbox: mailboxId } }))['ids']);
}

async function waiting(): Promise<readonly string[]> {
  return texts(list((await house.call(anna, 'RemovedEmail/get', {}))['list']).map(({ id }) => id));
}

test('a letter deleted for good is listed until it is erased, and comes back where it is wanted', async () => {
  const id = await house.deliver(anna);
  await house.call(anna, 'Email/set', { destroy: [id] });
  assert.deepEqual(await idsIn(anna.mailboxes.inbox), []);
  assert.deepEqual(await waiting(), [id]);
  const stranger = newId<LetterId>();
  const back = await house.call(anna, 'RemovedEmail/restore', {
    ids: [id, stranger],
    mailboxId: anna.mailboxes.archive,
  });
  assert.deepEqual([back['restored'], back['notFound']], [[id], [stranger]]);
  assert.deepEqual(await idsIn(anna.mailboxes.archive), [id]);
  assert.deepEqual(await waiting(), []);
});

test('destroyed now, it cannot come back, whether it was there or deleted before', async () => {
  const [one, two] = [await house.deliver(anna), await house.deliver(anna)];
  await house.call(anna, 'Email/set', { destroy: [one] });
  const gone = await house.call(anna, 'RemovedEmail/destroyNow', { ids: [one, two] });
  assert.deepEqual(texts(gone['destroyed']).toSorted(), [one, two].toSorted());
  assert.deepEqual([await waiting(), await idsIn(anna.mailboxes.inbox)], [[], []]);
  const back = await house.call(anna, 'RemovedEmail/restore', { ids: [one, two], mailboxId: anna.mailboxes.inbox });
  assert.deepEqual(back['restored'], []);
});

test('a draft that is destroyed now takes its earlier versions along, other letters not', async () => {
  const [earlier, draft, other] = [
    await house.deliver(anna, { keywords: ['$draft'] }),
    await house.deliver(anna, { keywords: ['$draft'] }),
    await house.deliver(anna),
  ];
  await house.call(anna, 'Email/set', { destroy: [earlier, other] });
  await house.call(anna, 'RemovedEmail/destroyNow', { ids: [draft] });
  assert.deepEqual(await waiting(), [other]);
});

test('a mailbox that is not there takes nothing back', async () => {
  const id = await house.deliver(anna);
  await house.call(anna, 'Email/set', { destroy: [id] });
  await assert.rejects(
    () => house.call(anna, 'RemovedEmail/restore', { ids: [id], mailboxId: newId<MailboxId>() }),
    /invalidArguments/,
  );
  assert.deepEqual(await waiting(), [id]);
});
