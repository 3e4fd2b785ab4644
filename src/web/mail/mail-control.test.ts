// The address bar is followed while lists are read: who opened a letter meanwhile keeps it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requireValue } from '#base/assert.ts';
import { newId, type AccountId } from '#base/ids.ts';
import { FakeBackend } from '../../../test/fakes/fake-client.ts';
import { talkLetters } from '../../../test/fakes/talk-letters.ts';
import { MailControl } from './mail-control.ts';
import { MailModel } from './mail-model.ts';
import { routeText } from './place.ts';

const session = { address: 'talk@kanzlei.test', accountId: newId<AccountId>(), role: 'member', expiresMs: 0 } as const;

async function openControl(): Promise<{
  readonly backend: FakeBackend;
  readonly control: MailControl;
  readonly bar: { hash: string };
}> {
  const backend = new FakeBackend(session, talkLetters.length, Date.now(), talkLetters);
  const model = new MailModel(backend);
  assert.ok(await model.start());
  const bar = { hash: '' };
  const control = new MailControl({
    model,
    bar: {
      hash: () => bar.hash,
      go: (hash) => (bar.hash = hash),
      replace: (hash) => (bar.hash = hash),
    },
    isNarrow: () => false,
    signOut: () => undefined,
    menuAnchor: () => undefined,
  });
  await control.follow();
  return { backend, control, bar };
}

test('a letter that is opened while the list is read again stays open', async () => {
  const { backend, control, bar } = await openControl();
  const { model } = control;
  const id = requireValue(model.store.get().ids?.[0], 'a row');
  bar.hash = routeText({
    place: { kind: 'mailbox', id: backend.box('inbox').id },
    letter: undefined,
    settings: undefined,
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  const list = backend.list.bind(backend);
  let reads = 0;
  backend.list = async (...of) => {
    reads += 1;
    await promise;
    return list(...of);
  };
  const following = control.follow();
  assert.equal(reads, 1);
  control.openLetter(id);
  assert.equal(model.store.get().opened, id);
  resolve();
  await following;
  assert.equal(model.store.get().opened, id);
});

test('going back to the list closes the letter', async () => {
  const { control, bar } = await openControl();
  const { model } = control;
  const back = bar.hash;
  control.openLetter(requireValue(model.store.get().ids?.[0], 'a row'));
  assert.notEqual(bar.hash, back);
  bar.hash = back;
  await control.follow();
  assert.equal(model.store.get().opened, undefined);
});
