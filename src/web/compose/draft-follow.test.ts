// A draft open on two devices: untouched it follows, written on it goes its own way, and no word of either is lost.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { newId, type AccountId, type ItemId } from '#base/ids.ts';
import { err } from '#base/result.ts';
import { FakeBackend } from '../../../test/fakes/fake-client.ts';
import { fakeWriting } from '../../../test/fakes/fake-writing.ts';
import type { DraftNews, Writing } from '../writing.ts';
import type { ComposeEvent } from './compose-event.ts';
import { ComposeModel } from './compose-model.ts';
import type { Written } from './compose-state.ts';

let writing: Writing;
let model: ComposeModel;
let told: ComposeEvent[];
let text: Written;
let id: ItemId;
/** What the other device did; its version may not be written over. */
let news: DraftNews;

const composing = () => model.store.get().composing;
const written = (plainText: string): Written => ({ plainHtml: `<div>${plainText}</div>`, plainText });
const kinds = () => told.map(({ kind }) => kind).filter((kind) => kind !== 'drafts');
const subjects = async () => (await writing.drafts()).map(({ subject }) => subject).toSorted();

beforeEach(async () => {
  const session = {
    address: 'leyla@kanzlei.test',
    accountId: newId<AccountId>(),
    role: 'member',
    expiresMs: 0,
  } as const;
  const shelf = fakeWriting(new FakeBackend(session, 4));
  news = 'same';
  told = [];
  const isTheirs = (draftId: ItemId | undefined): boolean => draftId === id && news !== 'same';
  const refused = err({ kind: 'changed-elsewhere' } as const);
  writing = {
    ...shelf,
    lookAtDraft: async (draftId) => (isTheirs(draftId) ? news : 'same'),
    saveDraft: async (draft) => (isTheirs(draft.id) ? refused : shelf.saveDraft(draft)),
    send: async (draft, options) => (isTheirs(draft.id) ? refused : shelf.send(draft, options)),
  };
  model = new ComposeModel({ writing, nowMs: Date.now, undoMs: () => 10_000, tell: (event) => told.push(event) });
  await model.begin({});
  text = written('Hallo');
  model.reads(() => text);
  model.write({ subject: 'Klage' });
  await model.settle();
  id = composing()?.draftId ?? id;
  told.length = 0;
});

test('untouched, it takes over what the other device wrote', async () => {
  news = 'changed';
  await model.heard();
  assert.deepEqual(told, [{ kind: 'changed-elsewhere', how: 'changed', id }]);
  model.follow(id, { subject: 'Klage, zweite Fassung', first: written('Guten Tag') });
  assert.equal(composing()?.subject, 'Klage, zweite Fassung');
  assert.equal(composing()?.textTurn, 1);
  assert.equal(composing()?.draftId, id);
  assert.deepEqual(composing()?.keeping, { kind: 'followed' });
  assert.equal(composing()?.elsewhere, undefined);
});

test('written on here, both stay: it says so and what is written is a draft of its own', async () => {
  model.write({ subject: 'Klage, von hier' });
  news = 'changed';
  await model.heard();
  assert.deepEqual(composing()?.elsewhere, { how: 'changed', id });
  await model.settle();
  assert.notEqual(composing()?.draftId, id);
  assert.deepEqual(await subjects(), ['Klage', 'Klage, von hier']);
  assert.deepEqual(kinds(), []);
  await model.close();
  assert.deepEqual(kinds(), ['kept-both']);
});

test('begun to write while the other words were on their way, both stay too', async () => {
  news = 'changed';
  await model.heard();
  model.write({ subject: 'Klage, von hier' });
  model.follow(id, { subject: 'Klage, von dort' });
  assert.equal(composing()?.subject, 'Klage, von hier');
  await model.settle();
  assert.deepEqual(await subjects(), ['Klage', 'Klage, von hier']);
});

test('a save or a press of Send that meets the other version overwrites nothing', async () => {
  news = 'changed';
  model.write({ subject: 'Klage, von hier' });
  await model.settle();
  assert.equal(composing()?.elsewhere?.how, 'changed');
  assert.deepEqual(await subjects(), ['Klage', 'Klage, von hier']);
  await model.begin({ draftId: id, subject: 'Klage', people: { to: [], cc: [], bcc: [] } });
  model.setPeople('to', [{ name: '', address: 'jonas.brandt@kanzlei.test' }]);
  await model.send();
  assert.equal(composing()?.elsewhere?.how, 'changed');
  assert.equal(composing()?.isSending, false);
  assert.ok(!kinds().includes('sent'));
  await model.send();
  assert.ok(kinds().includes('sent'), 'pressed again, what is seen leaves');
});

test('sent or thrown away elsewhere, an untouched one closes and says why; a touched one is kept', async () => {
  news = 'sent';
  await model.heard();
  assert.equal(composing(), undefined);
  assert.deepEqual(told.at(-1), { kind: 'ended-elsewhere', how: 'sent', id });
  await model.begin({ draftId: id, subject: 'Klage' });
  model.write({ subject: 'Klage, von hier' });
  await model.heard();
  assert.deepEqual(composing()?.elsewhere, { how: 'sent', id });
  await model.settle();
  assert.notEqual(composing()?.draftId, id);
});

test('without news nothing changes', async () => {
  model.write({ subject: 'Klage, von hier' });
  await model.heard();
  assert.equal(composing()?.draftId, id);
  assert.equal(composing()?.elsewhere, undefined);
});
