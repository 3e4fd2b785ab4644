// The composer keeps what is written, sends what the button said, and loses nothing without a connection.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newId, type AccountId } from '#base/ids.ts';
import { FakeBackend } from '../../../test/fakes/fake-client.ts';
import { fakeWriting } from '../../../test/fakes/fake-writing.ts';
import type { Writing } from '../writing.ts';
import type { ComposeEvent } from './compose-event.ts';
import { ComposeModel } from './compose-model.ts';
import { filesBytesMax, type Written } from './compose-state.ts';

let backend: FakeBackend;
let writing: Writing;
let model: ComposeModel;
let told: ComposeEvent[];
let text: Written;

beforeEach(async () => {
  backend = new FakeBackend(
    { address: 'leyla@kanzlei.test', accountId: newId<AccountId>(), role: 'member', expiresMs: 0 },
    4,
  );
  writing = fakeWriting(backend);
  told = [];
  text = { plainHtml: '<div>Hallo</div>', plainText: 'Hallo' };
  model = new ComposeModel({ writing, nowMs: Date.now, undoMs: () => 10_000, tell: (event) => told.push(event) });
  await model.begin({});
  model.reads(() => text);
});

const composing = () => model.store.get().composing;
const kinds = () => told.map(({ kind }) => kind).filter((kind) => kind !== 'drafts');
const to = (...addresses: readonly string[]): void =>
  model.setPeople(
    'to',
    addresses.map((address) => ({ name: '', address })),
  );
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
const sentCount = async () => (await backend.list(backend.box('sent').id)).length;

test('a letter to a colleague leaves sealed and can be taken back', async () => {
  const before = await sentCount();
  to('jonas.brandt@kanzlei.test');
  await model.send();
  assert.equal(composing(), undefined);
  assert.equal(await sentCount(), before + 1);
  const [sent] = told.filter((event) => event.kind === 'sent');
  assert.ok(sent?.kind === 'sent' && sent.undoMs === 10_000);
  const id = await model.unsend(sent.sent.submissionIds);
  assert.ok(id && (await model.readDraft(id))?.plainText === 'Hallo');
  assert.equal(await sentCount(), before);
  assert.equal(await model.unsend(sent.sent.submissionIds), undefined, 'a second time there is nothing to take back');
  assert.ok(kinds().includes('left'));
});

test('documents that left at once are told as sent, and nothing offers them back', async () => {
  const send: Writing['send'] = async (draft, options) => {
    const sent = await writing.send(draft, options);
    return sent.ok ? { ok: true, value: { ...sent.value, isFinal: true } } : sent;
  };
  const tell = (event: ComposeEvent): void => void told.push(event);
  model = new ComposeModel({ writing: { ...writing, send }, nowMs: Date.now, undoMs: () => 10_000, tell });
  await model.begin({});
  model.reads(() => text);
  to('jonas.brandt@kanzlei.test');
  await model.send();
  const [sent] = told.filter((event) => event.kind === 'sent');
  assert.ok(sent?.kind === 'sent' && sent.undoMs === 0 && !sent.isLater);
});

test('whom the button did not name gets nothing: it says so first', async () => {
  const before = await sentCount();
  to('j.meier@x.test');
  await model.send(); // pressed before the key was looked up
  assert.equal(composing()?.hindrance?.kind, 'now-unsealed');
  assert.equal(await sentCount(), before);
  await model.send();
  assert.equal(await sentCount(), before + 1);
});

test('a changed key stops it until it is compared', async () => {
  to('changed@notariat.test');
  await settled();
  await model.send();
  assert.ok(composing());
  assert.deepEqual(kinds(), []);
  await model.trust('changed@notariat.test', 'f00d', 'compared');
  assert.equal(model.store.get().known.get('changed@notariat.test')?.state, 'verified');
  await model.send();
  assert.deepEqual(kinds(), ['sent']);
});

test('nobody, no address, an unknown colleague, too much: nothing leaves', async () => {
  const before = await sentCount();
  await model.send();
  assert.deepEqual(composing()?.hindrance, { kind: 'refused', refusal: { kind: 'no-recipient' } });
  for (const address of ['leyla', 'niemand@kanzlei.test', 'limit@kanzlei.test']) {
    to(address);
    await settled();
    await model.send();
    assert.ok(composing(), address);
  }
  to('limit@x.test');
  await settled();
  await model.send();
  assert.deepEqual(composing()?.hindrance, { kind: 'refused', refusal: { kind: 'too-many-today' } });
  to('jonas.brandt@kanzlei.test');
  await settled();
  const bytes = new Uint8Array(1);
  model.addFile({
    name: 'x',
    mediaType: 'x/y',
    sizeBytes: filesBytesMax + 1,
    bytes,
    readShare: 1,
    contentId: undefined,
  });
  await model.send();
  assert.deepEqual(composing()?.hindrance, { kind: 'files-too-large' });
  assert.equal(await sentCount(), before);
});

test('without a connection it waits and leaves by itself, once', async () => {
  const before = await sentCount();
  to('jonas.brandt@kanzlei.test');
  await settled();
  backend.failing = true;
  await model.send();
  assert.equal(composing()?.hindrance?.kind, 'waits');
  assert.ok(model.isHolding);
  await model.connected();
  assert.equal(composing()?.hindrance?.kind, 'waits');
  backend.failing = false;
  await Promise.all([model.connected(), model.connected()]);
  assert.equal(composing(), undefined);
  assert.equal(await sentCount(), before + 1);
  assert.deepEqual(await writing.drafts(), []);
});

test('closed while it waits it stays in the outbox and leaves when the line is back', async () => {
  const before = await sentCount();
  to('jonas.brandt@kanzlei.test');
  await settled();
  backend.failing = true;
  await model.send();
  await model.close();
  assert.equal(model.store.get().outbox.length, 1);
  assert.deepEqual(kinds(), ['waits']);
  backend.failing = false;
  await model.connected();
  assert.equal(model.store.get().outbox.length, 0);
  assert.equal(await sentCount(), before + 1);
  assert.equal(model.isHolding, false);
});

test('closing keeps a draft, also one that could not be saved at once', async () => {
  model.write({ subject: 'Entwurf' });
  await model.close();
  assert.equal((await writing.drafts()).length, 1);
  await model.begin({});
  backend.failing = true;
  model.write({ subject: 'ohne Netz' });
  await model.close();
  assert.equal((await writing.drafts()).length, 1);
  assert.ok(model.isHolding);
  backend.failing = false;
  await model.connected();
  assert.deepEqual((await writing.drafts()).map(({ subject }) => subject).toSorted(), ['Entwurf', 'ohne Netz']);
});

test('an empty letter is nothing to keep; a deleted draft comes back by undo', async () => {
  text = { plainHtml: '', plainText: ' \n' };
  await model.close();
  assert.deepEqual(await writing.drafts(), []);
  await model.begin({});
  model.write({ subject: 'Nicht weg' });
  await model.settle();
  assert.equal((await writing.drafts()).length, 1);
  await model.drop();
  assert.deepEqual(await writing.drafts(), []);
  const dropped = told.find((event) => event.kind === 'dropped');
  assert.ok(dropped?.kind === 'dropped');
  dropped.again();
  await settled();
  assert.equal(composing()?.subject, 'Nicht weg');
  await model.settle();
  assert.equal((await writing.drafts()).length, 1);
  await model.leave();
});
